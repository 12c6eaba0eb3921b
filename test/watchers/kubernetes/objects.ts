import type {
  KubeContainerStatus,
  KubeDeployment,
  KubeHpa,
  KubeManagedFields,
  KubeMeta,
  KubePod,
  KubeReplicaSet,
} from "#clients/kubernetes/objects.ts";

type Over<T> = { readonly [K in keyof T]?: Partial<T[K]> };

function aMeta(name: string, over: Partial<KubeMeta> = {}): KubeMeta {
  return {
    name,
    namespace: "shop",
    uid: `uid-${name}`,
    resourceVersion: "7",
    creationTimestamp: "2026-11-02T09:00:00Z",
    ...over,
  };
}

/** As kubectl and the controllers of a real control plane leave it. */
export const managedFields: readonly KubeManagedFields[] = [
  { manager: "controller-manager", operation: "Update", subresource: "scale", fieldsV1: { "f:spec": { "f:replicas": {} } } },
  {
    manager: "kubectl-create",
    operation: "Update",
    time: "2026-11-02T09:00:00Z",
    fieldsV1: { "f:metadata": {}, "f:spec": { "f:strategy": { ".": {} }, "f:template": {} } },
  },
  {
    manager: "controller-manager",
    operation: "Update",
    subresource: "status",
    time: "2026-11-02T09:05:00Z",
    fieldsV1: { "f:metadata": { "f:annotations": {} }, "f:status": { "f:replicas": {} } },
  },
];

/** Deployment `web` in mid-rollout: 30 wanted, 38 there. */
export function aDeployment(over: Over<KubeDeployment> = {}): KubeDeployment {
  return {
    metadata: aMeta("web", {
      generation: 4,
      annotations: { "deployment.kubernetes.io/revision": "3" },
      managedFields,
      ...over.metadata,
    }),
    spec: {
      replicas: 30,
      selector: { matchLabels: { app: "web" } },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "app", image: "registry.example/web:main-abcdef1" }] },
      },
      ...over.spec,
    },
    status: {
      observedGeneration: 4,
      replicas: 38,
      updatedReplicas: 15,
      readyReplicas: 23,
      conditions: [{ type: "Progressing", status: "True", lastUpdateTime: "2026-11-02T09:04:00Z" }],
      ...over.status,
    },
  };
}

/** ReplicaSet of Deployment `web`. */
export function aReplicaSet(
  revision: number,
  over: Partial<KubeMeta> & { readonly image?: string; readonly history?: string } = {},
): KubeReplicaSet {
  const { image = `registry.example/web:abcdef${revision}`, history, ...metadata } = over;
  const hash = `hash${revision}`;
  const annotations = {
    "deployment.kubernetes.io/revision": String(revision),
    ...(history && { "deployment.kubernetes.io/revision-history": history }),
    ...metadata.annotations,
  };
  const labels = { app: "web", "pod-template-hash": hash };
  return {
    metadata: aMeta(`web-${hash}`, {
      labels,
      creationTimestamp: `2026-11-02T09:0${revision}:00Z`,
      ownerReferences: [{ apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "uid-web", controller: true }],
      ...metadata,
      annotations,
    }),
    spec: { selector: {}, template: { metadata: { labels }, spec: { containers: [{ name: "app", image }] } } },
  };
}

/** The autoscaler of `web`, at its ceiling. */
export function anHpa(over: Over<KubeHpa> = {}): KubeHpa {
  return {
    metadata: aMeta("web-hpa", over.metadata),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      minReplicas: 5,
      maxReplicas: 40,
      metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } }],
      ...over.spec,
    },
    status: {
      currentReplicas: 40,
      desiredReplicas: 40,
      currentMetrics: [
        { type: "Resource", resource: { name: "cpu", current: { averageUtilization: 187, averageValue: "375m" } } },
      ],
      conditions: [{ type: "ScalingLimited", status: "True", reason: "TooManyReplicas" }],
      ...over.status,
    },
  };
}

/** A container as the kubelet reports it when it crashes again and again. */
export const crashLooping: KubeContainerStatus = {
  name: "app",
  ready: false,
  restartCount: 6,
  state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 5m0s restarting failed container=app pod=web-x_shop" } },
  lastState: { terminated: { reason: "Error", exitCode: 1 } },
};

/** A pod of ReplicaSet `web-hash3`, running and ready unless said otherwise. */
export function aPod(
  name: string,
  over: { meta?: Partial<KubeMeta>; status?: KubePod["status"]; node?: string | null } = {},
): KubePod {
  return {
    metadata: aMeta(name, {
      labels: { app: "web", "pod-template-hash": "hash3" },
      ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-hash3", uid: "uid-web-hash3", controller: true }],
      ...over.meta,
    }),
    spec: { containers: [{ name: "app" }], ...(over.node === null ? {} : { nodeName: over.node ?? "node-1" }) },
    status: {
      phase: "Running",
      conditions: [{ type: "Ready", status: over.status?.containerStatuses ? "False" : "True" }],
      ...over.status,
    },
  };
}
