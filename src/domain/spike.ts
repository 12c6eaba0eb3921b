import type { Instant, WorkloadKey } from "./workload.ts";

/** A rise above baseline, large and long enough to matter. */
export interface Spike {
  readonly workload: WorkloadKey;
  /** When the climb began, as far as the samples tell. */
  readonly startedAt: Instant;
  readonly detectedAt: Instant;
  /** Replicas at detection. */
  readonly value: number;
  /** The usual count it is measured against. */
  readonly baseline: number;
  /** value / baseline */
  readonly ratio: number;
  /** What the baseline rests on. */
  readonly basis: "own-history" | "before-last-rollout";
  /** A sentence for a person. */
  readonly reason: string;
}

/** An alert that somebody else raised: Opsgenie, Alertmanager. */
export interface Alert {
  readonly id: string;
  readonly source: "opsgenie" | "alertmanager";
  readonly at: Instant;
  readonly status: "open" | "closed";
  readonly message: string;
  /** Namespace and workload where the alert names them. */
  readonly namespace?: string;
  readonly workload?: string;
  readonly url?: string;
}
