import { soundCost, templateOf } from "./manifests.ts";
import type { Commit } from "#sim/github/types.ts";
import type { Random } from "./random.ts";
import type { PastRollout } from "./story.ts";

const hourMs = 3_600_000;

/** How a seed's pipeline names images: the whole sha, its beginning, or branch and beginning. */
export type Tag = (sha: string) => string;

/** The naming of a seed; seed 1 uses the whole sha. */
export function tagOf(seed: number, random: Random): Tag {
  const whole: Tag = (sha) => sha;
  return seed === 1 ? whole : random.pick<Tag>([whole, (sha) => sha.slice(0, 12), (sha) => `main-${sha.slice(0, 9)}`]);
}

/** Which workload, and where its images come from. */
export interface Built {
  readonly namespace: string;
  readonly workload: string;
  readonly image: (sha: string) => string;
}

/** Earlier rollouts of a workload, newest last, each of the branch's head of some minutes before. */
export function pastRollouts(
  random: Random,
  history: readonly Commit[],
  built: Built,
  hoursAgo: readonly number[],
  startsAt: number,
  template: (at: number) => Readonly<Record<string, string>> = () => ({}),
): PastRollout[] {
  const landings = firstParents(history);
  const [oldest] = landings;
  if (!oldest) throw new Error("Cannot look for earlier rollouts: the history is empty");
  const first = random.int(12, 160);
  return hoursAgo
    .toSorted((a, b) => b - a)
    .map((hours, index) => {
      const at = startsAt - Math.round(hours * hourMs);
      const sha = (landings.findLast((commit) => commit.at <= at - 15 * 60_000) ?? oldest).sha;
      const { namespace, workload, image } = built;
      return {
        namespace,
        workload,
        at,
        revision: first + index,
        image: image(sha),
        sha,
        template: templateOf(soundCost, template(at)),
      };
    });
}

/** What the branch received, without the commits aside. */
function firstParents(history: readonly Commit[]): Commit[] {
  const bySha = new Map(history.map((commit) => [commit.sha, commit]));
  const line: Commit[] = [];
  for (let commit = history.at(-1); commit; commit = bySha.get(commit.parents[0] ?? "")) line.push(commit);
  return line.reverse();
}
