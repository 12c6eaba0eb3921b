import { draftLeak } from "./leaks.ts";
import { draftInService } from "./landing.ts";
import { createScene, type Scene, type SceneOptions } from "./scene.ts";
import { inOrder, landDuring, rolloutsOfOthers, round } from "./script.ts";
import { alertAt, personOf, storyOf } from "./tell.ts";
import type { Random } from "./random.ts";
import type { Story } from "./story.ts";

const minutes = 110;
const hour = 60;

/** When things were done and will happen, in minutes of the story. */
interface Plan {
  readonly rolledOut: number;
  /** When what piles up no longer fits. */
  readonly full: number;
  /** Share of its first cost by which a request gets dearer in an hour. */
  readonly drift: number;
  /** Innocent rollouts of the service since. */
  readonly since: readonly number[];
}

/**
 * A commit that was rolled out 35 hours ago keeps something for ever: each request a little dearer with every hour, until it no longer
 * fits. Since then the service was rolled out three times, the others more often, and none of that brought the old cost back.
 */
export function slowLeak(seed: number): Story {
  let plan: Plan | undefined;
  const scene = createScene(seed, {
    story: "slow-leak",
    database: false,
    past: (known) => {
      const planned = planOf(known.random);
      plan = planned;
      return pastOf(planned, known);
    },
  });
  if (!plan) throw new Error("Cannot tell the story: its past was not asked for");
  return storyFrom(scene, plan);
}

function planOf(random: Random): Plan {
  const full = round(random.between(34, 38));
  return {
    full,
    rolledOut: Math.round(full - random.between(34, 36.5) * hour),
    drift: random.between(0.004, 0.006),
    since: [-random.between(20, 27), -random.between(8, 15), -random.between(1.5, 4)].map((hours) => hours * hour),
  };
}

type Known = Parameters<NonNullable<SceneOptions["past"]>>[0];

function pastOf(plan: Plan, { random, place, people, at }: Known): ReturnType<NonNullable<SceneOptions["past"]>> {
  const begin = at(plan.rolledOut);
  const leak = {
    "load/cost-growth-since": new Date(begin).toISOString(),
    "load/cost-drift-per-hour": plan.drift.toFixed(5),
    "load/cost-collapses-at": new Date(at(plan.full)).toISOString(),
    "load/cost-at-most": "0.16",
  };
  const before = [random.between(62, 70), random.between(44, 52)];
  return {
    landings: [
      {
        name: "culprit",
        // An image is built from what landed a quarter of an hour before its rollout.
        at: begin - Math.round(random.between(16, 40) * 60_000),
        draft: draftLeak(random, place.service),
        author: people[5 % people.length] as (typeof people)[number],
      },
      ...plan.since.map((minute, index) => ({
        name: `innocent ${index}`,
        at: at(minute) - Math.round(random.between(16, 60) * 60_000),
        draft: draftInService(random, place.service),
        author: random.pick(people),
      })),
    ],
    service: {
      hoursAgo: [...before, -plan.rolledOut / hour, ...plan.since.map((minute) => -minute / hour)],
      template: (time) => (time >= begin - 1_000 ? leak : {}),
      grown: 1 - (plan.drift * plan.rolledOut) / hour,
    },
  };
}

function storyFrom(scene: Scene, plan: Plan): Story {
  const historyLength = scene.branch.commits.length;
  const sha = scene.landed.get("culprit") ?? "";
  const from = round(plan.full - 20);
  const landed = landDuring(scene, [], minutes);
  const shas = scene.branch.commits.map((commit) => commit.sha);
  const events = inOrder([
    ...landed.events,
    ...rolloutsOfOthers(scene, landed, from, minutes),
    alertAt(scene, round(plan.full + 3), "High CPU"),
  ]);
  return storyOf(scene, {
    name: "slow-leak",
    title: "A leak of 35 hours",
    minutes,
    historyLength,
    events,
    author: personOf(scene, 5),
    truth: { kind: "culprit", sha, from, bad: shas.slice(shas.indexOf(sha)) },
  });
}
