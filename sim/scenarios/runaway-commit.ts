import { tellOfBlame } from "./blame.ts";
import { createScene } from "./scene.ts";
import { round } from "./script.ts";
import type { Story } from "./story.ts";

/** One commit makes every request dearer and dearer; the ceiling is far too high; a harmless rollout follows it. */
export function runawayCommit(seed: number): Story {
  const scene = createScene(seed, { story: "runaway-commit", database: true });
  const random = scene.random.fork("plot");
  const from = round(random.between(9.5, 12));
  const doubling = random.between(4, 6);
  return tellOfBlame(scene, {
    name: "runaway-commit",
    title: "One commit makes every request dearer",
    minutes: 90,
    from,
    doubling,
    migrates: true,
    innocent: { landsAt: round(from + random.between(0.3, 1.4)), rollsOutAt: round(from + random.between(2, 3.2)) },
    alert: { at: round(from + doubling * 1.6), what: "High CPU and latency" },
  });
}
