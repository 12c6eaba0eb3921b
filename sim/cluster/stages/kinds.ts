import type { KubeObject } from "#sim/cluster/types.ts";

/** Amounts by resource name, as Kubernetes writes quantities. */
type Amounts = Readonly<Record<string, string | number>>;

/** What the stages read of a container. */
export type Container = {
  readonly name: string;
  readonly image: string;
  readonly resources?: { readonly requests?: Amounts; readonly limits?: Amounts };
};

/** What the stages read and write of a pod's spec. */
export type PodSpec = {
  readonly containers: readonly Container[];
  readonly nodeName?: string;
  readonly schedulerName?: string;
  readonly priorityClassName?: string;
  readonly priority?: number;
  readonly preemptionPolicy?: string;
  readonly tolerations?: readonly {
    readonly key?: string;
    readonly operator?: string;
    readonly value?: string;
    readonly effect?: string;
  }[];
};

/** A condition of any kind of object; times are RFC 3339. */
export type Condition = {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime: string;
  readonly lastUpdateTime?: string;
  readonly lastProbeTime?: null;
  readonly lastHeartbeatTime?: string;
  readonly observedGeneration?: number;
};

/** What the stages read and write of a pod's status. */
type PodStatus = {
  readonly phase?: string;
  readonly conditions?: readonly Condition[];
  readonly startTime?: string;
  readonly podIP?: string;
  readonly podIPs?: readonly { readonly ip: string }[];
  readonly qosClass?: string;
  readonly nominatedNodeName?: string;
  readonly containerStatuses?: readonly Readonly<Record<string, unknown>>[];
};

/** A pod template, in a Deployment or a ReplicaSet. */
export type PodTemplate = {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: PodSpec;
};

/** A selector; the stages write labels only. */
type Selector = { readonly matchLabels?: Readonly<Record<string, string>> };

/** What the stages read of a Deployment's spec; the store fills the defaults. */
type DeploymentSpec = {
  readonly replicas: number;
  readonly selector: Selector;
  readonly template: PodTemplate;
  readonly paused?: boolean;
  readonly revisionHistoryLimit?: number;
  readonly progressDeadlineSeconds?: number;
  readonly strategy?: {
    readonly type?: string;
    readonly rollingUpdate?: { readonly maxSurge?: number | string; readonly maxUnavailable?: number | string };
  };
};

/** Zeros are left out, as the real one leaves them out. */
export type DeploymentStatus = {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly unavailableReplicas?: number;
  readonly terminatingReplicas?: number;
  readonly conditions?: readonly Condition[];
};

/** What the stages read and write of a ReplicaSet's spec. */
type ReplicaSetSpec = { readonly replicas: number; readonly selector: Selector; readonly template: PodTemplate };

/** Zeros but that of `replicas` are left out. */
export type ReplicaSetStatus = {
  readonly replicas: number;
  readonly fullyLabeledReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly terminatingReplicas?: number;
  readonly observedGeneration?: number;
};

/** What the stages read of a node's spec. */
type NodeSpec = { readonly unschedulable?: boolean; readonly taints?: readonly Taint[] };

/** What keeps pods off a node. */
export type Taint = { readonly key: string; readonly value?: string; readonly effect: string; readonly timeAdded?: string };

/** What the stages read of a node's status. */
type NodeStatus = {
  readonly allocatable?: Amounts;
  readonly capacity?: Amounts;
  readonly conditions?: readonly Condition[];
};

/** An object whose spec is there, because the store does not take it without. */
type Whole<Spec, Status> = KubeObject<Spec, Status> & { readonly spec: Spec };

/** A stored pod. */
export type Pod = Whole<PodSpec, PodStatus>;
/** A stored Deployment. */
export type Deployment = Whole<DeploymentSpec, DeploymentStatus>;
/** A stored ReplicaSet. */
export type ReplicaSet = Whole<ReplicaSetSpec, ReplicaSetStatus>;
/** A stored node. */
export type Node = KubeObject<NodeSpec, NodeStatus>;

/** The condition of that type, if there is one. */
export function conditionOf(
  object: { readonly status?: { readonly conditions?: readonly Condition[] } },
  type: string,
): Condition | undefined {
  for (const condition of object.status?.conditions ?? []) if (condition.type === type) return condition;
  return undefined;
}

/** Ready and not on its way out; only such pods get requests. */
export function isReady(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp === undefined && conditionOf(pod, "Ready")?.status === "True";
}

/** The uid of the object's controller. */
export function controllerOf(object: KubeObject): string | undefined {
  for (const owner of object.metadata.ownerReferences ?? []) if (owner.controller) return owner.uid;
  return undefined;
}
