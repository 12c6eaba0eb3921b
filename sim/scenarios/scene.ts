import { createBranch, landUsualTraffic, type Branch } from "./timeline.ts";
import { makePeople, makePlace, type Place } from "./names.ts";
import { tagOf } from "./past.ts";
import { createRandom, type Random } from "./random.ts";
import { createWorkloads, type Workloads } from "./workloads.ts";
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
  image(service: string, sha: string): string;
  /** Clock milliseconds of a minute of the story. */
  at(minute: number): number;
}

const hours = [1, 10, 13, 15, 17, 22];

/** Draws the scene of a seed. The service stands near 30 pods, and the others fill ten nodes to nine tenths and more. */
export function createScene(seed: number, options: { readonly story: string; readonly database: boolean }): Scene {
  const random = createRandom(seed).fork(options.story);
  const place = makePlace(seed, random.fork("place"));
  const people = makePeople(random.fork("people"), random.int(44, 60), place.domain);
  const startsAt = Date.UTC(
    2026,
    random.int(0, 9),
    random.int(2, 27),
    seed === 1 ? 1 : random.pick(hours),
    random.int(0, 11) * 5,
  );
  const branch = createBranch(random.fork("numbers"), {
    author: people[0] as Person,
    at: startsAt - 151 * 60 * minuteMs,
    message: "chore: import history",
    files: [],
  });
  landUsualTraffic(branch, random.fork("landings"), people, place.service, startsAt);
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
  });
  const at = (minute: number) => startsAt + Math.round(minute * minuteMs);
  return { seed, random, place, people, startsAt, branch, image, at, ...workloads };
}
