import { tellOfBlame } from "./blame.ts";
import { createScene } from "./scene.ts";
import { round } from "./script.ts";
import type { Story } from "./story.ts";

/** The rollout that everybody saw last is innocent; the one before it began slowly. Odd seeds bring a migration. */
export function twoSuspects(seed: number): Story {
  const migrates = seed % 2 === 1;
  const scene = createScene(seed, { story: "two-suspects", database: migrates });
  const random = scene.random.fork("plot");
  const from = round(random.between(9, 11));
  const doubling = random.between(8.5, 11);
  const second = round(from + random.between(4, 5.5));
  return tellOfBlame(scene, {
    name: "two-suspects",
    title: "The last rollout is innocent",
    minutes: 90,
    from,
    doubling,
    migrates,
    innocent: { landsAt: round(second - random.between(1.5, 2.5)), rollsOutAt: second },
    alert: { at: round(from + doubling * 1.3), what: "High latency" },
  });
}
