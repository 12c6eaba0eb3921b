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

/** A cluster or a namespace, where what is wrong is wrong with all of it. Its key is that of a workload without a name. */
export interface PlaceRef {
  readonly cluster: string;
  /** Empty: the cluster. */
  readonly namespace: string;
  readonly kind: "Cluster" | "Namespace";
  readonly name: "";
}

/** What an incident is about. */
export type SubjectRef = WorkloadRef | PlaceRef;

/** The cluster, or with a namespace that one, as a subject. */
export function placeRef(cluster: string, namespace = ""): PlaceRef {
  return { cluster, namespace, kind: namespace === "" ? "Cluster" : "Namespace", name: "" };
}

/** Is it a cluster or a namespace? */
export function isPlace(subject: SubjectRef): subject is PlaceRef {
  return subject.kind === "Cluster" || subject.kind === "Namespace";
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
  /** The highest count that any of its metrics asks for, not clamped. Absent while none is known. */
  readonly wanted?: number;
  /** `ScalingLimited=True` with reason `TooManyReplicas`. */
  readonly atCeiling: boolean;
  /** The ceiling that stood before we capped it (our annotation), if we did. */
  readonly cappedFrom?: number;
  /** It cannot work: `ScalingActive` or `AbleToScale` is false, with the condition's reason and message (cut). */
  readonly inactive?: { readonly reason: string; readonly message: string };
}

/** What is wrong with the pods of the revision that is wanted now, as a few numbers. */
export interface PodTroubles {
  /** Running and not ready. */
  readonly unready: number;
  /** In CrashLoopBackOff, or down again after at least two restarts. */
  readonly crashing: number;
  readonly imagePull: number;
  /** The container cannot be made: a missing ConfigMap or Secret, a command that is not there. */
  readonly misconfigured: number;
  /** Pending without a node. */
  readonly unscheduled: number;
  /** Restarts of the pods of this revision since the watch began, also of pods that are gone. */
  readonly restarts: number;
  /** Those of them after which the kernel had killed a container for its memory. */
  readonly memoryKills: number;
  /** Of a crash that was seen. */
  readonly exitCode?: number;
  /** What the kubelet says of one that cannot start (cut). */
  readonly message?: string;
  /** Where those are that are not well, the nodes with most of them first, at most 20. */
  readonly nodes?: readonly string[];
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
  /** Absent: all pods are well and no restart was seen. */
  readonly pods?: PodTroubles;
  /** Pods that the scheduler took away for pods of higher priority in the last 30 minutes, each once; absent when none. */
  readonly preempted?: Preempted;
  /** `Progressing=False` with reason `ProgressDeadlineExceeded`. */
  readonly deadlineExceeded?: boolean;
  /** `ReplicaFailure=True`: why no pod can be created (cut). */
  readonly cannotCreate?: string;
  /** Repository, paths and commit as annotations on the workload say them, if they do. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** How many pods of a workload were preempted, and when the first and the last of them. */
export interface Preempted {
  readonly pods: number;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
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
  /** The pool or group that it was bought for, where its labels say so. */
  readonly pool?: string;
}
