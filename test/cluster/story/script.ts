import { createBranch, landUsualTraffic } from "#sim/scenarios/timeline.ts";
import { createRandom } from "#sim/scenarios/random.ts";
import { draftCulprit } from "#sim/scenarios/culprit.ts";
import { draftElsewhere, type Draft } from "#sim/scenarios/landing.ts";
import { makePeople } from "#sim/scenarios/names.ts";
import type { Person } from "#sim/github/types.ts";
import type { Story, StoryEvent } from "#sim/scenarios/story.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Where runaway.yaml's service is, and its code. */
export const service = { namespace: "shop", name: "checkout", directory: "services/checkout" };

/** What the bad version brings, beside its image. Nothing of the program reads it. */
export const badTemplate = { "load/cost-doubles-every": "1m" };

/**
 * The runaway as it is played on a real cluster: 72 hours of landings before, some during the first minutes, the bad one last,
 * and the rollout of its image at minute `before`. Times are the wall's, from `startsAt` on.
 */
export function tellRunaway(seed: number, startsAt: number, before: number): Story {
  const random = createRandom(seed).fork("real cluster");
  const people = makePeople(random.fork("people"), 48, "acme.example");
  const person = (index: number) => people[index] as Person;
  const imported = { author: person(0), at: startsAt - 151 * hourMs, message: "chore: import history", files: [] };
  const branch = createBranch(random.fork("numbers"), imported);
  landUsualTraffic(branch, random.fork("landings"), people, service.name, startsAt);
  const commits = [...branch.commits];
  const land = (at: number, draft: Draft, author: Person): StoryEvent & { kind: "landing" } => ({
    kind: "landing",
    at,
    commits: branch.land(draft, author, startsAt + at * minuteMs),
  });
  const usual = [0.15, 0.4, 0.6].map((share) => land(share * before, draftElsewhere(random, service.name), random.pick(people)));
  const bad = land(before * 0.8, draftCulprit(random, service.name, seed, true), person(5));
  const sha = bad.commits.at(-1)?.sha ?? "";
  const image = `registry.example/checkout:${sha}`;
  const { namespace, name: workload } = service;
  return {
    name: "runaway-commit",
    seed,
    title: "One commit makes every request dearer, on a real control plane",
    startsAt,
    minutes: before + 60,
    service,
    nodes: 10,
    maxNodes: 210,
    objects: [],
    databases: {},
    past: [],
    repository: { fullName: "acme/monorepo", branch: "main", commits },
    events: [...usual, bad, { kind: "rollout", at: before, namespace, workload, sha, image, template: badTemplate }],
    onCall: person(1),
    author: person(5),
    colleagues: [person(6), person(7)],
    truth: { kind: "culprit", sha, from: before, bad: [sha] },
  };
}
