/** A moment: milliseconds since the Unix epoch, on the process' Clock. */
export type Instant = number;

export type WorkloadKind = "Deployment" | "StatefulSet" | "DaemonSet";

/** What we watch. Its key is `cluster/namespace/name`. */
export interface WorkloadRef {
  readonly cluster: string;
  readonly namespace: string;
  readonly kind: WorkloadKind;
  readonly name: string;
}

/** `cluster/namespace/name` */
export type WorkloadKey = string;

export function workloadKey(workload: Pick<WorkloadRef, "cluster" | "namespace" | "name">): WorkloadKey {
  return `${workload.cluster}/${workload.namespace}/${workload.name}`;
}

/** A container's name and the image it runs. */
export interface ContainerImage {
  readonly container: string;
  readonly image: string;
}

/** The HorizontalPodAutoscaler of a workload (autoscaling/v2). */
export interface AutoscalerState {
  readonly name: string;
  readonly uid: string;
  readonly min: number;
  readonly max: number;
  /** What it asked for, already clamped to `max`. */
  readonly desired?: number;
  /** CPU in percent of the request, current and target. Absent while the metric is unknown. */
  readonly cpuPercent?: number;
  readonly targetCpuPercent?: number;
  /** `ScalingLimited=True` with reason `TooManyReplicas`. */
  readonly atCeiling: boolean;
  /** The ceiling that stood before we capped it (our annotation), if we did. */
  readonly cappedFrom?: number;
}

/** The rolling update's own numbers, absolute (percentages are resolved against `desired`). */
export interface RolloutStrategy {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/** One reading of a workload, as the cluster tells it. */
export interface WorkloadState {
  readonly workload: WorkloadRef;
  readonly uid: string;
  readonly at: Instant;
  /** `spec.replicas` */
  readonly desired: number;
  /** `status.replicas`, surge included */
  readonly total: number;
  readonly ready: number;
  /** `status.updatedReplicas` */
  readonly updated: number;
  /** `deployment.kubernetes.io/revision` */
  readonly revision?: number;
  /** Hash of the pod template that is wanted now (of its current ReplicaSet). */
  readonly templateHash?: string;
  readonly images: readonly ContainerImage[];
  readonly strategy: RolloutStrategy;
  readonly paused: boolean;
  /** False while the controller has not seen the last edit (`observedGeneration < generation`). */
  readonly observed: boolean;
  readonly autoscaler?: AutoscalerState;
  /** Repository, paths and commit as annotations on the workload say them, if they do. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** One reading of a cluster's nodes. */
export interface PoolState {
  readonly cluster: string;
  readonly at: Instant;
  readonly nodes: readonly NodeState[];
  /** Pods in phase Pending without a node. */
  readonly pendingPods: number;
}

export interface NodeState {
  readonly name: string;
  readonly uid: string;
  readonly createdAt: Instant;
  readonly ready: boolean;
  readonly cordoned: boolean;
  /** Cores that pods may request. */
  readonly cores: number;
}
