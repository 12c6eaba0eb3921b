import { type Patch, type WriteOptions, toPatchRequest } from "./api.ts";
import { expectKube, findKube } from "./answer.ts";
import type { KubeConnection } from "./connection.ts";
import type { KubeMeta, KubePodTemplate, KubeSelector } from "./objects.ts";
import { pathOf } from "./path.ts";

const plurals = { Deployment: "deployments", StatefulSet: "statefulsets", DaemonSet: "daemonsets" } as const;

/** Kinds of apps/v1 that run a pod template. */
export type WorkloadKind = keyof typeof plurals;

/** What the three kinds have in common, and what acts ask of one of them; absent where a kind has it not. */
export interface KubeWorkload {
  readonly metadata: KubeMeta;
  readonly spec: {
    readonly replicas?: number;
    readonly paused?: boolean;
    readonly selector: KubeSelector;
    readonly strategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly maxSurge?: number | string; readonly maxUnavailable?: number | string };
    };
    readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: { readonly partition?: number } };
    readonly template: KubePodTemplate;
  };
  readonly status?: {
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly desiredNumberScheduled?: number;
  };
}

/** Reads one workload, or undefined. */
export function readWorkload(
  connection: KubeConnection,
  kind: WorkloadKind,
  namespace: string,
  name: string,
): Promise<KubeWorkload | undefined> {
  return findKube(connection, { path: pathOf("apps/v1", namespace, plurals[kind], name) });
}

/** Writes to a workload and returns it as it is (or, in a dry run, would be) afterwards. */
export function patchWorkload(
  connection: KubeConnection,
  { kind, namespace, name }: { readonly kind: WorkloadKind; readonly namespace: string; readonly name: string },
  patch: Patch,
  options: WriteOptions = {},
): Promise<KubeWorkload> {
  return expectKube(connection, toPatchRequest(pathOf("apps/v1", namespace, plurals[kind], name), patch, options));
}
