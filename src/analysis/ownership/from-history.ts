import type { Landing, Rollout } from "#domain/change.ts";
import type { WorkloadKey } from "#domain/workload.ts";
import { type PathSource, guessOf } from "./guess.ts";

/** Rollouts of the workload that must agree. */
const LEAST = 3;
/** Of the rollouts that a directory's landings led to, so many must be of the workload... */
const PRECISE = 0.7;
/** ...and of the workload's rollouts, so many must have come with a landing there. */
const COMPLETE = 0.5;
const DEEPEST = 3;
/** A directory is counted once a rollout, from at most so many paths. */
const PATHS_READ = 300;

/**
 * Directories whose landings led to rollouts of this workload and not of others. A landing leads to the rollouts whose image was
 * built from it: the commit that the image names. Where every landing rolls out everything, no directory stands out, and nothing is said.
 */
export const fromHistory: PathSource = ({ workload }, { landings, rollouts }) => {
  const key = `${workload.cluster}/${workload.namespace}/${workload.name}`;
  const bySha = byShortSha(landings);
  const counts = new Map<string, Map<WorkloadKey, number>>();
  let own = 0;
  for (const rollout of rollouts) {
    const landing = landingOf(rollout, bySha);
    if (!landing) continue;
    if (rollout.workload === key) own += 1;
    for (const directory of directoriesOf(landing)) {
      const workloads = counts.get(directory) ?? new Map<WorkloadKey, number>();
      counts.set(directory, workloads.set(rollout.workload, (workloads.get(rollout.workload) ?? 0) + 1));
    }
  }
  if (own < LEAST) return undefined;
  const telling = [...counts].filter(([, workloads]) => isTelling(workloads, key, own)).map(([directory]) => directory);
  return guessOf(telling, (listed) => `its last ${own} rollouts came with landings in ${listed}, those of others did not`);
};

function isTelling(workloads: ReadonlyMap<WorkloadKey, number>, key: WorkloadKey, own: number): boolean {
  const here = workloads.get(key) ?? 0;
  const all = [...workloads.values()].reduce((sum, count) => sum + count, 0);
  return here >= LEAST && here / all >= PRECISE && here / own >= COMPLETE;
}

const SHORTEST = 7;

function byShortSha(landings: readonly Landing[]): Map<string, Landing[]> {
  return Map.groupBy(landings, ({ sha }) => sha.slice(0, SHORTEST));
}

function landingOf({ commit }: Rollout, bySha: ReadonlyMap<string, readonly Landing[]>): Landing | undefined {
  return commit && bySha.get(commit.sha.slice(0, SHORTEST))?.find(({ sha }) => sha.startsWith(commit.sha));
}

function directoriesOf({ files }: Landing): Set<string> {
  const found = new Set<string>();
  for (const { path } of files.slice(0, PATHS_READ)) {
    const parts = path.split("/").slice(0, -1);
    for (let depth = 1; depth <= Math.min(DEEPEST, parts.length); depth += 1) found.add(`${parts.slice(0, depth).join("/")}/`);
  }
  return found;
}
