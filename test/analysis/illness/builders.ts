import { HOUR, MINUTE, NOON, aState } from "#test/builders.ts";
import type { Illness } from "#domain/illness.ts";
import type { Instant, PodTroubles, WorkloadState } from "#domain/workload.ts";
import { lookAtWorkload, rememberWorkload } from "#analysis/illness/workload.ts";

/** Nothing wrong with any pod. */
export function somePods(over: Partial<PodTroubles> = {}): PodTroubles {
  const none = { unready: 0, crashing: 0, imagePull: 0, misconfigured: 0, unscheduled: 0, restarts: 0, memoryKills: 0 };
  return { ...none, ...over };
}

/** One reading of a story: minutes after noon, and what differs from 8 well pods of revision 11. */
export type Reading = readonly [minutes: number, over: Partial<WorkloadState>];

/** Eight pods of revision 12, rolled out at noon, of which five fail. */
export function failing(pods: Partial<PodTroubles>, over: Partial<WorkloadState> = {}): Partial<WorkloadState> {
  return { revision: 12, templateHash: "hash12", updated: 8, total: 8, ready: 3, pods: somePods(pods), ...over };
}

/** What was told, by minute, over a story that is looked at every ten seconds; the last reading holds until `until`. */
export function play(
  readings: readonly Reading[],
  { until, rolloutAt = NOON, launch = false }: { until: number; rolloutAt?: Instant | undefined; launch?: boolean },
): { told: { minute: number; illness: Illness }[]; ill: string[]; last: readonly Illness[] } {
  const base: Partial<WorkloadState> = launch
    ? { desired: 8, ready: 0, updated: 0, total: 0, revision: 1, templateHash: "hash1" }
    : { desired: 8, revision: 11, templateHash: "hash11" };
  const first = aState({ ...base, at: NOON - HOUR });
  let memory = rememberWorkload(first, [], NOON - HOUR);
  const told: { minute: number; illness: Illness }[] = [];
  const ill = new Set<string>();
  let last: readonly Illness[] = [];
  for (let at = NOON - 10 * MINUTE; at <= NOON + until * MINUTE; at += 10_000) {
    const [, over] = readings.findLast(([minutes]) => NOON + minutes * MINUTE <= at) ?? [0, {}];
    const state = aState({ ...base, ...over, at });
    const seen = lookAtWorkload(memory, state, { at, rolloutAt: rolloutAt <= at ? rolloutAt : undefined });
    memory = seen.memory;
    told.push(...seen.fresh.map((illness) => ({ minute: (at - NOON) / MINUTE, illness })));
    for (const { kind } of seen.illnesses) ill.add(kind);
    last = seen.illnesses;
  }
  return { told, ill: [...ill], last };
}
