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
  /** Of 1: requests that failed. Often nothing is counted until the first one does. */
  readonly errorShare?: readonly Point[];
}

export const noSignals: Signals = { replicas: [], requestsPerSecond: [], latencySeconds: [], cpuCores: [] };

/** A named series around an onset. */
export interface NamedSeries {
  readonly before: readonly Point[];
  readonly after: readonly Point[];
}

/** One reading of an incident's workload and its cluster's nodes: what the picture of an incident is drawn from. Absent: not known. */
export interface Sample {
  readonly at: Instant;
  readonly replicas?: number;
  readonly nodes?: number;
  /** CPU seconds a request. */
  readonly costPerRequest?: number;
  /** Cores that a ready replica uses. */
  readonly cpuPerReplica?: number;
}
