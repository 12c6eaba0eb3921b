/**
 * Kubernetes' JSON as we read it, only the fields that we use. Plain JSON, not client-node's classes: those drop fields that they do not
 * know (fatal for a pod template that is written back) and turn some times into Dates and leave others as strings.
 */
export interface KubeMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  /** RFC 3339 */
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly KubeOwner[];
  readonly managedFields?: readonly KubeManagedFields[];
}

export type { KubePdb } from "./budget-objects.ts";
export type { KubeHpa, KubeMetric, MetricValue } from "./autoscaler-objects.ts";
export type { KubeControllerRevision, KubeDaemonSet, KubeStatefulSet, KubeWorkload } from "./workload-objects.ts";

export interface KubeOwner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

export interface KubeManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly time?: string;
  /** A tree of `f:<field>` keys. */
  readonly fieldsV1?: unknown;
}

export interface KubeContainer {
  readonly name: string;
  readonly image?: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
}

/** May hold more than is named here; written back as it came. */
export interface KubePodTemplate {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: KubePodSpec;
}

export interface KubePodSpec {
  readonly nodeName?: string;
  readonly tolerations?: readonly KubeToleration[];
  readonly affinity?: object;
  readonly topologySpreadConstraints?: readonly object[];
  readonly containers: readonly KubeContainer[];
  readonly initContainers?: readonly KubeContainer[];
  readonly volumes?: readonly { readonly name: string; readonly emptyDir?: object }[];
  readonly terminationGracePeriodSeconds?: number;
  readonly nodeSelector?: Readonly<Record<string, string>>;
}

export interface KubeSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}

export interface KubeCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  /** Deployments only. */
  readonly lastUpdateTime?: string;
}

export interface KubeDeployment {
  readonly metadata: KubeMeta;
  readonly spec: {
    readonly replicas?: number;
    readonly paused?: boolean;
    readonly minReadySeconds?: number;
    readonly selector: KubeSelector;
    readonly revisionHistoryLimit?: number;
    readonly strategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly maxSurge?: number | string; readonly maxUnavailable?: number | string };
    };
    readonly template: KubePodTemplate;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly unavailableReplicas?: number;
    readonly conditions?: readonly KubeCondition[];
  };
}

export interface KubeReplicaSet {
  readonly metadata: KubeMeta;
  readonly spec: { readonly replicas?: number; readonly selector: KubeSelector; readonly template?: KubePodTemplate };
  readonly status?: { readonly replicas?: number; readonly readyReplicas?: number };
}

export interface KubeTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

export interface KubeToleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

export interface KubeNode {
  readonly metadata: KubeMeta;
  readonly spec?: {
    readonly unschedulable?: boolean;
    readonly providerID?: string;
    /** Addresses of its pods, e.g. `10.4.2.0/24`. */
    readonly podCIDR?: string;
    readonly taints?: readonly KubeTaint[];
  };
  readonly status?: {
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly capacity?: Readonly<Record<string, string>>;
    readonly conditions?: readonly KubeCondition[];
  };
}

export interface KubePod {
  readonly metadata: KubeMeta;
  readonly spec: KubePodSpec;
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly KubeCondition[];
    readonly initContainerStatuses?: readonly KubeContainerStatus[] | null;
    readonly containerStatuses?: readonly KubeContainerStatus[] | null;
  };
}

/** What the kubelet says of a container. */
export interface KubeContainerStatus {
  readonly name: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: KubeContainerState;
  readonly lastState?: KubeContainerState;
}

interface KubeContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string } | null;
  readonly terminated?: { readonly reason?: string; readonly exitCode?: number } | null;
}

/** core/v1 */
export interface KubeEvent {
  readonly metadata: KubeMeta;
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
  readonly involvedObject: { readonly kind?: string; readonly namespace?: string; readonly name?: string; readonly uid?: string };
  readonly source?: { readonly component?: string };
  readonly reportingComponent?: string;
}

/** coordination.k8s.io/v1; times are RFC 3339 with microseconds. */
export interface KubeLease {
  readonly apiVersion?: "coordination.k8s.io/v1";
  readonly kind?: "Lease";
  readonly metadata: Partial<KubeMeta> & { readonly name: string };
  readonly spec?: {
    readonly holderIdentity?: string | null;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

export interface KubeConfigMap {
  readonly metadata: KubeMeta;
  readonly data?: Readonly<Record<string, string>>;
}
