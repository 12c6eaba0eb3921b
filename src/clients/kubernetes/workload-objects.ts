import type { KubeDeployment, KubeMeta, KubePodTemplate, KubeSelector } from "./objects.ts";

/** apps/v1 */
export interface KubeStatefulSet {
  readonly metadata: KubeMeta;
  readonly spec: {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly selector: KubeSelector;
    /** `OrderedReady` unless said. */
    readonly podManagementPolicy?: string;
    readonly updateStrategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly partition?: number; readonly maxUnavailable?: number | string };
    };
    readonly template: KubePodTemplate;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    /** Name of the ControllerRevision that is wanted. */
    readonly updateRevision?: string;
  };
}

/** apps/v1 */
export interface KubeDaemonSet {
  readonly metadata: KubeMeta;
  readonly spec: {
    readonly minReadySeconds?: number;
    readonly selector: KubeSelector;
    readonly updateStrategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly maxSurge?: number | string; readonly maxUnavailable?: number | string };
    };
    readonly template: KubePodTemplate;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly desiredNumberScheduled?: number;
    readonly currentNumberScheduled?: number;
    readonly numberReady?: number;
    readonly updatedNumberScheduled?: number;
  };
}

/** apps/v1: a revision of a StatefulSet or a DaemonSet. */
export interface KubeControllerRevision {
  readonly metadata: KubeMeta;
  readonly revision?: number;
  /** A strategic merge patch for the workload: the whole template, with `$patch: replace`. */
  readonly data?: { readonly spec?: { readonly template?: KubePodTemplate & { readonly $patch?: string } } };
}

/** What has a pod template and a history of it. */
export type KubeWorkload = KubeDeployment | KubeStatefulSet | KubeDaemonSet;
