import type { Manifest, PastRollout } from "./story.ts";

/** A service as its team would write it down. */
export interface ServiceSpec {
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
  readonly requestsPerSecond: number;
  readonly image: string;
  readonly revision: number;
  /** Share by which traffic swings in a day. */
  readonly swing: number;
  readonly database?: string;
  /** Annotations of the pod template. */
  readonly template?: Readonly<Record<string, string>>;
  /** Extra pods while rolling out. */
  readonly surge?: number | string;
  readonly autoscaler?: {
    readonly min: number;
    readonly max: number;
    /** Requests in flight a pod that it aims at, instead of CPU. */
    readonly inFlight?: string;
  };
  /** More of the load model's annotations on the Deployment. */
  readonly load?: Readonly<Record<string, string>>;
  readonly priorityClass?: string;
}

/** Cores that each pod requests; four-core nodes hold twenty. */
const podCores = 0.2;

/** CPU seconds that a request costs in a sound version. */
export const soundCost = 0.01;

/** Traffic at which so many pods stand at the autoscaler's target of 60 %. */
export function trafficFor(replicas: number): number {
  return Math.round((replicas * podCores * 0.6) / soundCost);
}

/** A namespace. */
export function namespaceOf(name: string): Manifest {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

/** What the program's own namespace must have, as its manifest brings it. */
export function ownObjects(): Manifest[] {
  const map = (name: string): Manifest => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "k8s-why" } });
  return [namespaceOf("k8s-why"), map("k8s-why-steps"), map("k8s-why-audit-head")];
}

/** The pod template's annotations: what a request costs, and what the version brings with it. */
export function templateOf(cost: number, extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { "load/cpu-per-request": String(cost), ...extra };
}

/** A Deployment whose annotations say how much traffic it gets and what a request costs. */
export function deploymentOf(spec: ServiceSpec): Manifest {
  const { name, namespace } = spec;
  const labels = { app: name, "app.kubernetes.io/part-of": namespace };
  const annotations = {
    "deployment.kubernetes.io/revision": String(spec.revision),
    "load/requests-per-second": String(spec.requestsPerSecond),
    "load/daily-swing": String(spec.swing),
    "load/noise": "0.02",
    ...(spec.database ? { "load/database": spec.database } : {}),
    ...spec.load,
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels, annotations },
    spec: {
      replicas: spec.replicas,
      selector: { matchLabels: { app: name } },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: spec.surge ?? "25%", maxUnavailable: "25%" } },
      template: podTemplate(spec, { ...templateOf(soundCost), ...spec.template }),
    },
  };
}

function podTemplate(
  { name, namespace, image, priorityClass }: Pick<ServiceSpec, "name" | "namespace" | "image" | "priorityClass">,
  annotations: Readonly<Record<string, string>>,
) {
  const labels = { app: name, "app.kubernetes.io/part-of": namespace };
  const resources = { requests: { cpu: "200m", memory: "256Mi" }, limits: { cpu: "400m", memory: "512Mi" } };
  const containers = [{ name: "app", image, resources, ports: [{ containerPort: 8080 }] }];
  return {
    metadata: { labels, annotations },
    spec: { containers, ...(priorityClass ? { priorityClassName: priorityClass } : {}) },
  };
}

/** What an earlier rollout left behind, or, for the last one, what runs. */
export function replicaSetOf(past: PastRollout): Manifest {
  const { workload, namespace, revision, at } = past;
  const template = podTemplate({ ...past, name: workload }, past.template);
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${workload}-${revision}-${past.sha.slice(0, 7)}`,
      namespace,
      creationTimestamp: `${new Date(at).toISOString().slice(0, 19)}Z`,
      labels: template.metadata.labels,
      annotations: { "deployment.kubernetes.io/revision": String(revision) },
    },
    spec: { replicas: 0, selector: { matchLabels: { app: workload } }, template },
  };
}

/** An autoscaler, on CPU if nothing else is said, with the ceiling that somebody set once. */
export function autoscalerOf(spec: ServiceSpec & { readonly autoscaler: NonNullable<ServiceSpec["autoscaler"]> }): Manifest {
  const { name, namespace, autoscaler } = spec;
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name, namespace },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      minReplicas: autoscaler.min,
      maxReplicas: autoscaler.max,
      metrics: [autoscaler.inFlight === undefined ? onCpu : onRequests(autoscaler.inFlight)],
    },
  };
}

const onCpu = { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } };

function onRequests(averageValue: string) {
  return { type: "Pods", pods: { metric: { name: "http_requests_in_flight" }, target: { type: "AverageValue", averageValue } } };
}

/** A PriorityClass, since when (clock milliseconds). */
export function priorityClassOf(name: string, value: number, description: string, since: number): Manifest {
  const creationTimestamp = `${new Date(since).toISOString().slice(0, 19)}Z`;
  return { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name, creationTimestamp }, value, description };
}

/** A budget that lets a fifth of the pods be away. */
export function budgetOf(namespace: string, name: string): Manifest {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace },
    spec: { maxUnavailable: "20%", selector: { matchLabels: { app: name } } },
  };
}
