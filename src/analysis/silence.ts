import type { Instant, WorkloadKey } from "#domain/workload.ts";
import type { Silence } from "#domain/quiet.ts";
import { covers } from "./pattern.ts";

/** The silence that holds for a workload now; of several the one that ends last. */
export function silenceOf(silences: readonly Silence[], key: WorkloadKey, at: Instant): Silence | undefined {
  return silences
    .filter(({ pattern, from, until }) => from <= at && at < until && covers(pattern, key))
    .toSorted((a, b) => b.until - a.until)[0];
}
