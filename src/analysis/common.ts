import type { Instant, WorkloadKey } from "#domain/workload.ts";
import type { Point } from "#domain/sample.ts";
import { medianBetween } from "./series.ts";

const MINUTE = 60_000;
const BEFORE_MS = 60 * MINUTE;
/** A rise shows in rates over a minute a little later; later than this it may be what the incident did to others. */
const AFTER_MS = 5 * MINUTE;
/** Latency this many times what it was has risen. */
const ROSE = 1.5;
/** Fewer others say nothing about what is shared. */
const LEAST_OTHERS = 3;

/** How many of the other workloads got slower in the same minutes. */
export interface Shared {
  readonly slower: number;
  readonly others: number;
}

/** Latency after an onset as a multiple of before, by other workload. */
export type Slowness = ReadonlyMap<WorkloadKey, number>;

/** Medians of the minutes after the onset against the hour before; nothing after `now` is read. Who is not known is not there. */
export function slownessOf(
  latencies: ReadonlyMap<WorkloadKey, readonly Point[]>,
  about: { readonly workload: WorkloadKey; readonly onsetAt: Instant; readonly now: Instant },
): Slowness {
  const { workload, onsetAt, now } = about;
  const from = onsetAt + MINUTE;
  const until = Math.min(now, onsetAt + AFTER_MS);
  if (until < from) return new Map();
  return new Map(
    [...latencies].flatMap(([key, points]): (readonly [WorkloadKey, number])[] => {
      if (key === workload) return [];
      const usual = medianBetween(points, onsetAt - BEFORE_MS, onsetAt - MINUTE);
      const then = medianBetween(points, from, until);
      return usual !== undefined && usual > 0 && then !== undefined ? [[key, then / usual]] : [];
    }),
  );
}

/** Did others get slower when this workload's trouble began? Undefined: too few others are known. */
export function sharedSlowness(slowness: Slowness): Shared | undefined {
  if (slowness.size < LEAST_OTHERS) return undefined;
  return { slower: [...slowness.values()].filter((factor) => factor >= ROSE).length, others: slowness.size };
}
