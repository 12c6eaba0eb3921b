import { createBranch, landUsualTraffic, type Branch, type PastLanding } from "./timeline.ts";
import { makePeople, makePlace, type Place } from "./names.ts";
import { tagOf } from "./past.ts";
import { createRandom, type Random } from "./random.ts";
import { createWorkloads, type ServicePast, type Workloads } from "./workloads.ts";
import type { Person } from "#sim/github/types.ts";

const minuteMs = 60_000;

/** What every story begins with: a company, its people, its repository, and a nearly full cluster. */
export interface Scene extends Workloads {
  readonly seed: number;
  readonly random: Random;
  readonly place: Place;
  readonly people: readonly Person[];
  readonly startsAt: number;
  readonly branch: Branch;
  /** Shas of the past landings that the story planned, by name. */
  readonly landed: ReadonlyMap<string, string>;
  image(service: string, sha: string): string;
  /** Clock milliseconds of a minute of the story. */
  at(minute: number): number;
}

const hours = [1, 10, 13, 15, 17, 22];

/** What a story wants of its scene. */
export interface SceneOptions {
  readonly story: string;
  /** Does the service have a database with a schema version? */
  readonly database: boolean;
  /** Hours of the day (UTC) at one of which it may begin. */
  readonly hours?: readonly number[];
  /** What was before the first minute, where that matters; `at` is the clock's time of a minute, negative ones too. */
  readonly past?: (known: Pick<Scene, "random" | "place" | "people" | "at">) => {
    readonly landings?: readonly PastLanding[];
    readonly service?: ServicePast;
  };
}

/** Draws the scene of a seed. The service stands near 30 pods, and the others fill ten nodes to nine tenths and more. */
export function createScene(seed: number, options: SceneOptions): Scene {
  const random = createRandom(seed).fork(options.story);
  const place = makePlace(seed, random.fork("place"));
  const people = makePeople(random.fork("people"), random.int(44, 60), place.domain);
  const startsAt = Date.UTC(
    2026,
    random.int(0, 9),
    random.int(2, 27),
    seed === 1 ? 1 : random.pick(options.hours ?? hours),
    random.int(0, 11) * 5,
  );
  const branch = createBranch(random.fork("numbers"), {
    author: people[0] as Person,
    at: startsAt - 151 * 60 * minuteMs,
    message: "chore: import history",
    files: [],
  });
  const at = (minute: number) => startsAt + Math.round(minute * minuteMs);
  const past = options.past?.({ random: random.fork("past"), place, people, at }) ?? {};
  const landed = landUsualTraffic(branch, random.fork("landings"), people, place.service, startsAt, past.landings);
  const tag = tagOf(seed, random);
  const image = (service: string, sha: string) => `${place.registry}/${service}:${tag(sha)}`;
  const { database } = options;
  const workloads = createWorkloads({
    random: random.fork("workloads"),
    place,
    history: branch.commits,
    startsAt,
    image,
    database,
    ...(past.service ? { past: past.service } : {}),
  });
  return { seed, random, place, people, startsAt, branch, landed, image, at, ...workloads };
}
