import { createManualClock } from "#sim/clock.ts";
import { type ClusterOptions, type Manifest, startSimulatedCluster } from "#sim/cluster/cluster.ts";
import type { AutoscalerStatus } from "#sim/cluster/stages/hpa-kinds.ts";
import type { Condition, Deployment, Pod } from "#sim/cluster/stages/kinds.ts";
import type { KubeObject } from "#sim/cluster/types.ts";

/** When all tests' stories begin. */
export const start = Date.parse("2026-11-20T01:00:00Z");

export type Overrides = {
  readonly replicas?: number;
  readonly annotations?: Record<string, string>;
  readonly template?: Record<string, string>;
  readonly image?: string;
  readonly most?: number;
};

/** The service of the real control plane's runaway.yaml. */
export function aService({ replicas = 30, annotations, template, image = "registry.example/shop:1" }: Overrides = {}): Manifest {
  const resources = { requests: { cpu: "200m" }, limits: { cpu: "400m" } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "shop", namespace: "prod", annotations: { "load/requests-per-second": "360", ...annotations } },
    spec: {
      replicas,
      selector: { matchLabels: { app: "shop" } },
      template: {
        metadata: { labels: { app: "shop" }, annotations: { "load/cpu-per-request": "0.01", ...template } },
        spec: { containers: [{ name: "app", image, resources }] },
      },
    },
  };
}

/** Its autoscaler, whose ceiling was set long ago. */
export function anAutoscaler({ most = 4_000 }: Overrides = {}): Manifest {
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "shop", namespace: "prod" },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" },
      minReplicas: 5,
      maxReplicas: most,
      metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } }],
    },
  };
}

/** Pods of others, which nearly fill ten nodes. */
export function others(): Manifest {
  const { metadata: _, spec: __, ...kind } = aService();
  const containers = [{ name: "app", image: "registry.example/others:1", resources: { requests: { cpu: "200m" } } }];
  const template = { metadata: { labels: { app: "others" } }, spec: { containers } };
  const spec = { replicas: 160, selector: { matchLabels: { app: "others" } }, template };
  return { ...kind, metadata: { name: "others", namespace: "prod" }, spec };
}

/** A change of the service's template, as a rollout makes it. null takes an annotation away. */
export function aRollout(image: string, annotations: Record<string, string | null>): Manifest {
  const { apiVersion, kind } = aService();
  const template = { metadata: { annotations }, spec: { containers: [{ name: "app", image }] } };
  return { apiVersion, kind, metadata: { name: "shop", namespace: "prod" }, spec: { template } };
}

/** A cluster that lives only when told to. */
export async function playCluster(options: Partial<ClusterOptions> = {}) {
  const clock = createManualClock(start);
  const objects = [aService(), anAutoscaler(), others()];
  const cluster = await startSimulatedCluster({ clock, seed: 1, objects, stepped: true, ...options });
  const { store } = cluster;
  const read = (name = "shop") => store.get("apps/v1/deployments", "prod", name) as Deployment;
  const live = async (seconds: number) => {
    await clock.advance(seconds * 1_000);
    cluster.step(clock.now());
  };
  return {
    cluster,
    clock,
    store,
    read,
    live,
    nodes: () => store.count("v1/nodes"),
    pods: () => [...store.list("v1/pods", "prod")] as Pod[],
    sets: () => [...store.list("apps/v1/replicasets", "prod")].filter(({ metadata }) => metadata.name.startsWith("shop")),
    autoscaler: () => statusOf(store.get("autoscaling/v2/horizontalpodautoscalers", "prod", "shop")),
    /** All pods are ready, as many as usual within the autoscaler's tolerance. */
    isUsual: () => {
      const { spec, status } = read();
      return Math.abs(spec.replicas - 30) <= 5 && status?.readyReplicas === spec.replicas && status.replicas === spec.replicas;
    },
    /** Lives second by second until it is so; throws after that many seconds. Gives the seconds. */
    until: async (isSo: () => boolean, most: number): Promise<number> => {
      for (let seconds = 0; seconds < most; seconds += 1) {
        if (isSo()) return seconds;
        await live(1);
      }
      throw new Error(`It was not so within ${most} seconds: ${JSON.stringify([read().spec.replicas, read().status])}`);
    },
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

function statusOf(autoscaler: KubeObject | undefined): AutoscalerStatus {
  return autoscaler?.status as unknown as AutoscalerStatus;
}

/** `type=status/reason` of each condition. */
export function conditionsOf(status: { readonly conditions?: readonly Condition[] } | undefined): string[] {
  return (status?.conditions ?? []).map(({ type, status, reason }) => `${type}=${status}/${reason}`);
}
