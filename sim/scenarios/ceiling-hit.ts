import { tellOfBlame } from "./blame.ts";
import { createScene } from "./scene.ts";
import { round } from "./script.ts";
import type { Story } from "./story.ts";

/** One commit makes every request dearer and dearer, but the ceiling is near: the count stands at it, and people wait. */
export function ceilingHit(seed: number): Story {
  const migrates = seed % 2 === 0;
  const open = createScene(seed, { story: "ceiling-hit", database: migrates });
  const random = open.random.fork("plot");
  const ceiling = Math.round(open.service.replicas * random.between(1.3, 1.6));
  const scene = { ...open, service: { ...open.service, autoscaler: { min: 10, max: ceiling } } };
  const from = round(random.between(9.5, 12));
  const doubling = random.between(4, 6.5);
  return tellOfBlame(scene, {
    name: "ceiling-hit",
    title: "The ceiling is near",
    minutes: 90,
    from,
    doubling,
    migrates,
    ceiling,
    innocent: { landsAt: round(from + random.between(0.3, 1.4)), rollsOutAt: round(from + random.between(2, 3.2)) },
    alert: { at: round(from + doubling * 2.2), what: "High latency" },
  });
}
