import type { Instant } from "./workload.ts";

/** What is usual for a cluster's nodes and pending pods: time-weighted means of the last week's full hours, oldest first. About 3 kB as JSON. */
export interface PoolNormal {
  readonly lastAt: Instant;
  readonly lastNodes: number;
  readonly lastPending: number;
  /** The hour being filled: hours since the epoch, ms so far, and value x ms so far. */
  readonly hour: { readonly index: number; readonly ms: number; readonly nodes: number; readonly pending: number };
  readonly nodes: readonly number[];
  readonly pending: readonly number[];
}
