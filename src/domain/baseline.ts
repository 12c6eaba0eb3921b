import type { Instant, WorkloadKey } from "./workload.ts";

/** A workload's normal level, learnt from its own history, and the detector's state. Plain data: it is stored between runs. */
export interface Baseline {
  readonly workload: WorkloadKey;
  /** Earliest moment that it rests on. */
  readonly since: Instant;
  readonly lastAt: Instant;
  readonly lastValue: number;
}
