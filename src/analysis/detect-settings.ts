import { type AutoscalerState, type Instant, type WorkloadKey, type WorkloadState, workloadKey } from "#domain/workload.ts";

/** One reading of a workload as the detector needs it. Only `workload`, `at` and `desired` are required. */
export interface Reading {
  readonly workload: WorkloadKey;
  readonly at: Instant;
  /** `spec.replicas` */
  readonly desired: number;
  /** `status.replicas`, surge included */
  readonly total?: number;
  readonly ready?: number;
  readonly updated?: number;
  /** The autoscaler's maximum. */
  readonly ceiling?: number;
  /** `maxSurge`, absolute. */
  readonly maxSurge?: number;
  /** What the autoscaler would ask for if it had no maximum; absent while its metric is unknown, and where we hold the ceiling down. */
  readonly demand?: number;
  /** Up to this multiple of its normal somebody expects it to grow. */
  readonly expected?: number;
  /** When the last rollout that was not the first launch began. */
  readonly lastRolloutAt?: Instant;
}

/** When a rise is a spike. Ratios are against the workload's normal. */
export interface DetectSettings {
  /** A rise by this factor is a spike. */
  readonly ratio: number;
  /** A smaller factor suffices when the count rose by `steepRise` within `steepMs`, from ten or more. */
  readonly steepRatio: number;
  readonly steepRise: number;
  readonly steepMs: number;
  /** Below `smallCount` before, the rise must also be of at least `smallRise` replicas. */
  readonly smallCount: number;
  readonly smallRise: number;
  /** Running hours of the last day known before the full sensitivity is used (24 at most), and before any judgement without a rollout. */
  readonly matureHours: number;
  readonly youngHours: number;
  /** Factor while it is young. */
  readonly youngRatio: number;
  /** A ramp: log-hours of the cumulative sum, the drift it forgives (a factor), and the factor above the week's level. */
  readonly rampSum: number;
  readonly rampDrift: number;
  readonly rampRatio: number;
  /** An open spike is told again when the count has grown by this factor since. */
  readonly againRatio: number;
  /** Demand so many times the ceiling, for so long. */
  readonly demandRatio: number;
  readonly demandMs: number;
}

export const defaultDetectSettings: DetectSettings = {
  ratio: 2.2,
  steepRatio: 1.65,
  steepRise: 1.9,
  steepMs: 120_000,
  smallCount: 10,
  smallRise: 12,
  matureHours: 24,
  youngHours: 3,
  youngRatio: 4,
  rampSum: 8,
  rampDrift: 1.3,
  rampRatio: 2,
  againRatio: 2,
  demandRatio: 1.2,
  demandMs: 120_000,
};

/**
 * A reading from the cluster's state; `lastRolloutAt` is when the newest rollout began that was seen, if any. The launch of a
 * workload (its first revision) is no rollout here.
 */
export function readingOf(state: WorkloadState, lastRolloutAt?: Instant): Reading {
  return {
    workload: workloadKey(state.workload),
    at: state.at,
    desired: state.desired,
    total: state.total,
    ready: state.ready,
    updated: state.updated,
    maxSurge: state.strategy.maxSurge,
    ...(state.autoscaler ? { ceiling: state.autoscaler.max, demand: demandOf(state.desired, state.autoscaler) } : {}),
    ...(lastRolloutAt !== undefined && state.revision !== 1 ? { lastRolloutAt } : {}),
  };
}

/**
 * What the autoscaler wants: ceil(current x metric / target), the formula of the HPA. `status.desiredReplicas` is clamped already.
 * Unknown where we lowered the ceiling ourselves: then it is meant to hold.
 */
function demandOf(desired: number, { cpuPercent, targetCpuPercent, wanted, cappedFrom }: AutoscalerState): number | undefined {
  if (cappedFrom !== undefined) return undefined;
  if (wanted !== undefined) return wanted;
  return cpuPercent !== undefined && targetCpuPercent ? Math.ceil((desired * cpuPercent) / targetCpuPercent) : undefined;
}
