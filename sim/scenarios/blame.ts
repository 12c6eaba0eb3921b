import { draftCulprit } from "./culprit.ts";
import { draftInService } from "./landing.ts";
import { inOrder, landDuring, rolloutOfService, rolloutsOfOthers, round, type Landed } from "./script.ts";
import { alertAt, personOf, storyOf } from "./tell.ts";
import type { Scene } from "./scene.ts";
import type { Story, StoryEvent, StoryName } from "./story.ts";

/** A story with a culprit: its bad rollout, and an innocent one of the same service after it that carries the bad code on. */
export interface Blame {
  readonly name: StoryName;
  readonly title: string;
  readonly minutes: number;
  /** Minute of the bad rollout. */
  readonly from: number;
  /** Minutes in which a request's cost doubles. */
  readonly doubling: number;
  readonly migrates: boolean;
  /** The autoscaler's, where it matters. */
  readonly ceiling?: number;
  readonly innocent: { readonly landsAt: number; readonly rollsOutAt: number };
  readonly alert: { readonly at: number; readonly what: string };
}

/** Lands both changes among the usual ones, rolls them out, and lets cost grow from the bad rollout on. */
export function tellOfBlame(scene: Scene, blame: Blame): Story {
  const { seed, place, service } = scene;
  const random = scene.random.fork("blame");
  const before = scene.branch.commits.length;
  const author = personOf(scene, 5);
  const culprit = {
    name: "culprit",
    at: round(blame.from - random.between(3, 6)),
    draft: draftCulprit(random, place.service, seed, blame.migrates),
    author,
  };
  const innocent = {
    name: "innocent",
    at: blame.innocent.landsAt,
    draft: draftInService(random, place.service),
    author: personOf(scene, 6),
  };
  const landed = landDuring(scene, [culprit, innocent], blame.minutes);
  const schema = service.database ? { schema: { database: service.database, before: 1 } } : {};
  const ceiling = blame.ceiling === undefined ? {} : { ceiling: blame.ceiling };
  return storyOf(scene, {
    ...blame,
    historyLength: before,
    events: eventsOf(scene, blame, landed),
    author,
    truth: { kind: "culprit", sha: landed.sha("culprit"), from: blame.from, bad: landed.since("culprit"), ...schema, ...ceiling },
  });
}

function eventsOf(scene: Scene, blame: Blame, landed: Landed): StoryEvent[] {
  const { database } = scene.service;
  const code = {
    "load/cost-doubles-every": `${Math.round(blame.doubling * 60)}s`,
    "load/cost-growth-since": new Date(scene.at(blame.from)).toISOString(),
    // At 4,000 pods that is about what they can do, and eight times what a low ceiling can: ready, and slow.
    "load/cost-at-most": blame.ceiling === undefined ? "1.6" : "0.4",
    ...(database ? { "load/schema-needs": "2" } : {}),
  };
  return inOrder([
    ...landed.events,
    rolloutOfService(scene, blame.from, landed.sha("culprit"), code, database ? { database, version: 2 } : undefined),
    rolloutOfService(scene, blame.innocent.rollsOutAt, landed.sha("innocent"), code),
    ...rolloutsOfOthers(scene, landed, blame.from, blame.minutes),
    alertAt(scene, blame.alert.at, blame.alert.what),
  ]);
}
