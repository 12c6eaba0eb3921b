import type { Instant, WorkloadKey } from "./workload.ts";

/**
 * What is wrong with a workload, or with a cluster as a whole:
 * - `runaway`: replicas far above normal.
 * - `above-ceiling`: the autoscaler stands at its ceiling and wants more.
 * - `rollout-failing`: a rollout does not become ready (crash loop, image pull, out of memory, deadline).
 * - `autoscaler-ill`: flapping, or without metrics.
 * - `cluster`: nodes or pending pods far above normal, no capacity, quota or addresses exhausted.
 */
export type Trouble = "runaway" | "above-ceiling" | "rollout-failing" | "autoscaler-ill" | "cluster";

/** A departure from normal, large and long enough to matter. */
export interface Spike {
  /** Absent: `runaway`. `value`, `baseline` and `ratio` are of what `reason` says where it is another. */
  readonly trouble?: Trouble;
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
  /** It was told before, and has doubled since: an update of what is open. */
  readonly again?: true;
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
