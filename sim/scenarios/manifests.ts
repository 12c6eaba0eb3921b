import type { Manifest } from "./story.ts";

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
  readonly cpuPerRequest?: number;
  readonly database?: string;
  /** Annotations of the pod template. */
  readonly template?: Readonly<Record<string, string>>;
  /** Extra pods while rolling out. */
  readonly surge?: number | string;
  readonly autoscaler?: { readonly min: number; readonly max: number };
}

/** Cores that each pod requests; four-core nodes hold twenty. */
export const podCores = 0.2;

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
    ...(spec.database ? { "load/database": spec.database } : {}),
  };
  const resources = { requests: { cpu: "200m", memory: "256Mi" }, limits: { cpu: "400m", memory: "512Mi" } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels, annotations },
    spec: {
      replicas: spec.replicas,
      selector: { matchLabels: { app: name } },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: spec.surge ?? "25%", maxUnavailable: "25%" } },
      template: {
        metadata: { labels, annotations: { ...templateOf(spec.cpuPerRequest ?? soundCost), ...spec.template } },
        spec: { containers: [{ name: "app", image: spec.image, resources, ports: [{ containerPort: 8080 }] }] },
      },
    },
  };
}

/** An autoscaler on CPU, with the ceiling that somebody set once. */
export function autoscalerOf(
  spec: ServiceSpec & { readonly autoscaler: { readonly min: number; readonly max: number } },
): Manifest {
  const { name, namespace, autoscaler } = spec;
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name, namespace },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      minReplicas: autoscaler.min,
      maxReplicas: autoscaler.max,
      metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } }],
    },
  };
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
