import type { Instant } from "./workload.ts";

/** A value at a moment; a series holds them by rising time. */
export interface Point {
  readonly at: Instant;
  readonly value: number;
}

/** What Prometheus says about one workload around a moment. Empty where it knows nothing. */
export interface Signals {
  /** `spec.replicas` */
  readonly replicas: readonly Point[];
  readonly requestsPerSecond: readonly Point[];
  /** Mean seconds a request. */
  readonly latencySeconds: readonly Point[];
  /** Cores used by the whole workload. */
  readonly cpuCores: readonly Point[];
}

export const noSignals: Signals = { replicas: [], requestsPerSecond: [], latencySeconds: [], cpuCores: [] };

/** A named series around an onset. */
export interface NamedSeries {
  readonly before: readonly Point[];
  readonly after: readonly Point[];
}
