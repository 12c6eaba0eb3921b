import { draftElsewhere, type Draft } from "./landing.ts";
import { soundCost, templateOf } from "./manifests.ts";
import type { Commit, Person } from "#sim/github/types.ts";
import type { Scene } from "./scene.ts";
import type { RolloutEvent, StoryEvent } from "./story.ts";

/** A landing that the story needs, under a name by which it is asked for. */
export interface Planned {
  readonly name: string;
  /** Minute. */
  readonly at: number;
  readonly draft: Draft;
  readonly author: Person;
}

/** What landed while the story ran. */
export interface Landed {
  readonly events: StoryEvent[];
  sha(name: string): string;
  /** Shas of the branch's landings from a name on, that one included. */
  since(name: string): string[];
}

/** Lands what was planned among the usual landings of `minutes`, in order. */
export function landDuring(scene: Scene, planned: readonly Planned[], minutes: number): Landed {
  const random = scene.random.fork("later landings");
  const usual = Array.from({ length: random.int(11, 16) }, (_, index): Planned => ({
    name: `usual ${index}`,
    at: round(random.between(0.5, minutes - 1)),
    draft: draftElsewhere(random, scene.place.service),
    author: random.pick(scene.people),
  }));
  const landed: { name: string; at: number; commits: readonly Commit[] }[] = [];
  for (const { name, at, draft, author } of [...usual, ...planned].toSorted((a, b) => a.at - b.at))
    landed.push({ name, at, commits: scene.branch.land(draft, author, scene.at(at)) });
  const shaOf = (entry: (typeof landed)[number]) => (entry.commits.at(-1) as Commit).sha;
  return {
    events: landed.map(({ at, commits }) => ({ kind: "landing", at, commits })),
    sha(name) {
      const found = landed.find((entry) => entry.name === name);
      if (!found) throw new Error(`Cannot find the landing "${name}": the story does not plan it`);
      return shaOf(found);
    },
    since: (name) => landed.slice(landed.findIndex((entry) => entry.name === name)).map(shaOf),
  };
}

/** A rollout of the service with what its code costs. */
export function rolloutOfService(
  scene: Scene,
  at: number,
  sha: string,
  extra: Readonly<Record<string, string>>,
  migrates?: RolloutEvent["migrates"],
): RolloutEvent {
  const { namespace, name } = scene.service;
  return {
    kind: "rollout",
    at,
    namespace,
    workload: name,
    sha,
    image: scene.image(name, sha),
    template: templateOf(soundCost, extra),
    ...(migrates ? { migrates } : {}),
  };
}

/** Sound rollouts of other workloads: one right beside the interesting minute, and some more. */
export function rolloutsOfOthers(scene: Scene, landed: Landed, beside: number, minutes: number): RolloutEvent[] {
  const random = scene.random.fork("other rollouts");
  const moments = [
    beside + random.between(-2, 2),
    beside - random.between(3, 6),
    beside + random.between(12, 25),
    random.between(50, minutes),
  ];
  const chosen = random.shuffle(scene.others);
  return moments.map((at, index) => {
    const { namespace, name } = chosen[index % chosen.length] ?? scene.service;
    const moment = round(Math.max(1, at));
    const sha = latestBefore(landed, moment) ?? someBefore(scene).sha;
    return {
      kind: "rollout",
      at: moment,
      namespace,
      workload: name,
      sha,
      image: scene.image(name, sha),
      template: templateOf(soundCost),
    };
  });
}

/** What landed in the hour before the story, or, at night, last before it. */
function someBefore({ branch: { commits }, startsAt }: Scene): Commit {
  const before = commits.filter(({ at }) => at <= startsAt);
  return (before.find(({ at }) => at > startsAt - 3_600_000) ?? before.at(-1)) as Commit;
}

function latestBefore(landed: Landed, minute: number): string | undefined {
  const event = landed.events.findLast(({ at }) => at <= minute - 1);
  return event?.kind === "landing" ? event.commits.at(-1)?.sha : undefined;
}

/** By rising minute. */
export function inOrder(events: readonly StoryEvent[]): StoryEvent[] {
  return events.toSorted((a, b) => a.at - b.at);
}

/** Minutes to a tenth. */
export function round(minute: number): number {
  return Math.round(minute * 10) / 10;
}
