import type { Instant } from "#domain/workload.ts";

/** A watch event that matters to a cluster, cut. */
export interface Heard {
  readonly at: Instant;
  readonly reason: string;
  readonly message: string;
  /** `Pod/web-1`, `Node/n1` */
  readonly involved: string;
  readonly namespace?: string;
}

/** What the rules for a cluster look at. */
export interface ClusterFacts {
  readonly at: Instant;
  readonly nodes: number;
  readonly pendingPods: number;
  readonly usual: { readonly nodes?: number; readonly mostNodes?: number; readonly pendingPods: number };
  /** Of the last ten minutes. */
  readonly heard: readonly Heard[];
  /** What the Cluster Autoscaler's own status says is wrong. */
  readonly autoscalerProblem?: string;
  /** A workload of this cluster runs away: nodes and pods that wait are its doing, and told in its own incident. */
  readonly runaway: boolean;
}
