import type { Instant, WorkloadKey } from "./workload.ts";
import type { Spike } from "./spike.ts";

/**
 * A workload's normal level, learnt from its own history, and the detector's state. Plain data, about 2 kB as JSON: it is
 * stored between runs. Counts are `spec.replicas`; an hour's value is its time-weighted mean; -1 stands for "not known".
 */
export interface Baseline {
  readonly workload: WorkloadKey;
  /** Earliest moment that it rests on. */
  readonly since: Instant;
  readonly lastAt: Instant;
  readonly lastValue: number;
  /** The hour being filled: hours since the epoch, count x ms so far, ms so far, highest count. */
  readonly hour: { readonly index: number; readonly sum: number; readonly ms: number; readonly max: number };
  /** Means of the last 24 full hours, oldest first; shorter while it is young. */
  readonly day: readonly number[];
  /** 168 means, one an hour of the week, each a blend of that hour's last weeks. */
  readonly week: readonly number[];
  /** Highest count of each of the last 7 days, oldest first; the last is today (`peakDay`, days since the epoch). */
  readonly peaks: readonly number[];
  readonly peakDay: number;
  /** Median of the running hours in `day`. */
  readonly level: number;
  /** Median of the running hours in `week`. */
  readonly weekLevel: number;
  /** One-sided cumulative sum of log(hour / its normal), in log-hours, for ramps that the level follows. */
  readonly ramp: number;
  /** The last changes of the count, oldest first: moment, count. */
  readonly recent: readonly (readonly [Instant, number])[];
  /** Last moment at which the count was near its normal. */
  readonly calmAt: Instant;
  /** The last rollout and the count held before it, where it was seen. */
  readonly rollout?: { readonly at: Instant; readonly level?: number };
  /** The spike that was told and has not ended. */
  readonly spike?: OpenSpike;
}

/** A spike that was told and has not ended. */
export interface OpenSpike {
  readonly baseline: number;
  readonly basis: Spike["basis"];
  readonly highest: number;
  /** Last moment at which the count was a new highest. */
  readonly roseAt: Instant;
  /** Since when the count is back near the baseline. */
  readonly backSince?: Instant;
}
