import { chain, commitOnto, mergeOnto } from "#sim/github/commit.ts";
import { draftElsewhere, draftInService, type Draft } from "./landing.ts";
import type { Commit, NewCommit, Person } from "#sim/github/types.ts";
import type { Random } from "./random.ts";

const hourMs = 3_600_000;

/** One arrival on the branch: its commits in order, the landing itself last. */
export type Arrival = readonly Commit[];

/** Makes landings one after another, as a branch receives them. */
export interface Branch {
  /** The next landing, on top of the last one. */
  land(draft: Draft, author: Person, at: number): Arrival;
  readonly commits: Commit[];
}

/** A branch that begins with an old first commit. Pull request numbers rise. */
export function createBranch(random: Random, first: NewCommit): Branch {
  const commits: Commit[] = chain(undefined, [first]);
  let pullRequest = random.int(2_000, 9_000);
  return {
    commits,
    land(draft, author, at) {
      pullRequest += random.int(1, 4);
      const head = (commits.at(-1) as Commit).sha;
      const arrival = random.chance(0.06)
        ? merged(head, draft, author, at, pullRequest)
        : [commitOnto([head], squashed(draft, author, at, pullRequest))];
      commits.push(...arrival);
      return arrival;
    },
  };
}

function squashed(draft: Draft, author: Person, at: number, pullRequest: number): NewCommit {
  return {
    author,
    at,
    message: `${draft.title} (#${pullRequest})${draft.body ? `\n\n${draft.body}` : ""}`,
    files: draft.files,
    pullRequest,
  };
}

/** Some teams keep their branches: commits aside, then a merge commit that shows what the branch did. */
function merged(head: string, draft: Draft, author: Person, at: number, pullRequest: number): Arrival {
  const side: NewCommit[] = draft.files.map((file, index) => ({
    author,
    at: at - (draft.files.length - index) * 600_000,
    message: index === 0 ? draft.title : `review: ${file.path.split("/").at(-1)}`,
    files: [file],
    pullRequest,
  }));
  return mergeOnto(head, side, {
    author,
    at,
    message: `Merge pull request #${pullRequest} from ${author.login}/branch-${pullRequest}\n\n${draft.title}`,
    files: draft.files,
    pullRequest,
  });
}

/** How busy an hour of the day (UTC) is, 0 to 1. */
function busy(at: number): number {
  const hour = (at / hourMs) % 24;
  return 0.25 + 0.75 * Math.max(0, Math.sin(((hour - 6) / 14) * Math.PI)) * (hour > 6 && hour < 20 ? 1 : 0);
}

/** So many moments between two, more by day, in order and a few seconds apart at least. */
function busyMoments(random: Random, count: number, from: number, to: number): number[] {
  const moments = new Set<number>();
  for (let tries = 0; moments.size < count && tries < count * 200; tries += 1) {
    const at = Math.floor(random.between(from, to) / 10_000) * 10_000;
    if (random.chance(busy(at))) moments.add(at);
  }
  return [...moments].toSorted((a, b) => a - b);
}

/** A landing of the past that a story needs. */
export interface PastLanding {
  readonly name: string;
  /** Clock milliseconds. */
  readonly at: number;
  readonly draft: Draft;
  readonly author: Person;
}

/**
 * The usual traffic of a repository up to `to`: every person lands something, some much more; some landings touch the service. Among
 * it what was planned; gives the shas of that, by name.
 */
export function landUsualTraffic(
  branch: Branch,
  random: Random,
  people: readonly Person[],
  service: string,
  to: number,
  planned: readonly PastLanding[] = [],
): ReadonlyMap<string, string> {
  const recent = busyMoments(random, random.int(240, 320), to - 72 * hourMs, to);
  const older = busyMoments(random, random.int(120, 180), to - 150 * hourMs, to - 72 * hourMs);
  const inService = new Set(random.shuffle(recent.slice(0, -8)).slice(0, random.int(6, 10)));
  const everyone = random.shuffle(people);
  const usual = [...older, ...recent].map((at, index): Omit<PastLanding, "name"> => {
    const author = everyone[index - older.length] ?? people[Math.floor(people.length * random.next() ** 2)];
    const draft =
      inService.has(at) || (index < older.length && random.chance(0.04))
        ? draftInService(random, service)
        : draftElsewhere(random, service);
    return { at, draft, author: author as Person };
  });
  const shas = new Map<string, string>();
  for (const landing of [...usual, ...planned].toSorted((a, b) => a.at - b.at)) {
    const arrival = branch.land(landing.draft, landing.author, landing.at);
    if ("name" in landing) shas.set(String(landing.name), (arrival.at(-1) as Commit).sha);
  }
  return shas;
}
