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
  /** The last rollout, the count held before it, and the highest count held before the rollouts of the day before it, where those were seen. */
  readonly rollout?: { readonly at: Instant; readonly level?: number; readonly before?: number };
  /** The spike that was told and has not ended. */
  readonly spike?: OpenSpike;
  /** Demand is above the autoscaler's ceiling: since when, since when no more, and was it told? */
  readonly demand?: { readonly since: Instant; readonly toldAt?: Instant; readonly belowSince?: Instant };
}

/** A spike that was told and has not ended. */
export interface OpenSpike {
  readonly baseline: number;
  readonly basis: Spike["basis"];
  readonly highest: number;
  /** When the climb began, and the count that was told last: at twice that it is told again. */
  readonly startedAt?: Instant;
  readonly told?: number;
  /** Last moment at which the count was a new highest. */
  readonly roseAt: Instant;
  /** Since when the count is back near the baseline. */
  readonly backSince?: Instant;
}
