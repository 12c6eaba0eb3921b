import type { WorkloadRef } from "./workload.ts";

/**
 * What a step will do to what: identities, and the values that it changes or relies on. Counts that move by themselves are shown, never part
 * of it; so our own earlier steps void nothing, and a template, bound or uid that somebody changed does.
 */
export type Intent =
  | CeilingIntent
  | MigrateIntent
  | RollbackIntent
  | ScaleIntent
  | RolloutIntent
  | RestartIntent
  | DrainIntent
  | NodesIntent;

/** The intent of a step of that kind. */
export type IntentOf<K, I = Intent> = I extends { readonly kind: infer J } ? (K extends J ? I : never) : never;

/** An autoscaler's ceiling: frozen at what runs, lowered to a sane value, or given back. */
export interface CeilingIntent {
  readonly kind: "cap" | "lower" | "restore";
  readonly workload: WorkloadRef;
  readonly autoscaler: string;
  readonly autoscalerUid: string;
  readonly fromMax: number;
  /** Of a cap a minimum: what runs at the moment of the act counts. */
  readonly toMax: number;
}

/** The schema goes back: by a Job from the owner's template, or by a person who says that it is back. */
export interface MigrateIntent {
  readonly kind: "migrate";
  readonly workload: WorkloadRef;
  readonly uid: string;
  /** Absent: by hand. */
  readonly job?: {
    readonly name: string;
    /** Digest of the whole Job that is created, without its name. */
    readonly digest: string;
  };
  /** Migration files that it takes back. */
  readonly files: readonly string[];
}

/** The pod template of an earlier revision; of a Deployment, StatefulSet or DaemonSet. */
export interface RollbackIntent {
  readonly kind: "rollback";
  readonly workload: WorkloadRef;
  readonly uid: string;
  readonly fromRevision: number;
  readonly fromTemplateHash: string;
  readonly toRevision: number;
  readonly toTemplateHash: string;
}

/** `spec.replicas` of a workload without an autoscaler. */
export interface ScaleIntent {
  readonly kind: "scale";
  readonly workload: WorkloadRef;
  readonly uid: string;
  readonly from: number;
  readonly to: number;
}

/** A Deployment's rollout is held, or goes on. */
export interface RolloutIntent {
  readonly kind: "pause" | "resume";
  readonly workload: WorkloadRef;
  readonly uid: string;
  /** The template that is held, or rolled out from here on. */
  readonly templateHash: string;
}

/** All pods are replaced by new ones of the same template. */
export interface RestartIntent {
  readonly kind: "restart";
  readonly workload: WorkloadRef;
  readonly uid: string;
  readonly templateHash: string;
}

/** A node by name and uid; `claim`: of Karpenter's NodeClaim that stands behind it. */
export interface NodeRef {
  readonly name: string;
  readonly uid: string;
  readonly claim?: { readonly name: string; readonly uid: string };
}

/** Nodes born in the spike are emptied and given back, youngest first. */
export interface DrainIntent {
  readonly kind: "drain";
  readonly cluster: string;
  readonly nodes: readonly NodeRef[];
}

/** Nodes take no more pods, or take pods again; nothing is evicted. */
export interface NodesIntent {
  readonly kind: "cordon" | "uncordon";
  readonly cluster: string;
  readonly nodes: readonly NodeRef[];
}
