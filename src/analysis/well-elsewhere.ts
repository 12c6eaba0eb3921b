import type { Instant, WorkloadKey } from "#domain/workload.ts";
import type { Landing, Rollout } from "#domain/change.ts";
import { codeSha } from "./correlate.ts";
import { positionsIn } from "./positions.ts";

/** Latency up to this many times what it was is as before. */
const AS_BEFORE = 1.2;
/** Told of each landing, at most. */
const NAMED = 10;

/** By landing id: other workloads that ran it when the trouble began, and answer as fast as before. */
export type WellElsewhere = ReadonlyMap<string, readonly WorkloadKey[]>;

interface About {
  readonly workload: WorkloadKey;
  readonly onsetAt: Instant;
  /** Of one branch, by time: a commit holds what landed before it. */
  readonly landings: readonly Landing[];
  readonly rollouts: readonly Rollout[];
  /** Latency after the onset as a multiple of before, by workload (`slowness`). */
  readonly slowness: ReadonlyMap<WorkloadKey, number>;
}

/** Who else runs each landing and is well: the commit of another workload's last rollout before the onset is the landing or a later one. */
export function wellElsewhere({ workload, onsetAt, landings, rollouts, slowness }: About): WellElsewhere {
  const last = new Map<WorkloadKey, Rollout>();
  for (const rollout of rollouts)
    if (rollout.workload !== workload && rollout.at <= onsetAt && (last.get(rollout.workload)?.at ?? 0) <= rollout.at)
      last.set(rollout.workload, rollout);
  const positionOf = positionsIn(landings);
  const well = [...last].flatMap(([key, { commit }]) => {
    const position = positionOf(codeSha(commit));
    return position !== undefined && (slowness.get(key) ?? Infinity) <= AS_BEFORE ? [{ key, position }] : [];
  });
  if (well.length === 0) return new Map();
  const found = new Map<string, readonly WorkloadKey[]>();
  for (const [index, { id }] of landings.entries()) {
    const others = well.filter(({ position }) => position >= index).slice(0, NAMED);
    if (others.length > 0) found.set(id, others.map(({ key }) => key).toSorted());
  }
  return found;
}
