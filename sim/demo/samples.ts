import { imageOf } from "./images.ts";
import { type Autoscaler, targetUtilization } from "#sim/cluster/stages/hpa-kinds.ts";
import type { KubeObject } from "#sim/cluster/types.ts";
import type { SimulatedCluster } from "#sim/cluster/cluster.ts";
import type { Story } from "#sim/scenarios/story.ts";

/** How the service and the cluster stand at a moment, as the cluster tells it. */
export interface Sample {
  /** Clock milliseconds. */
  readonly at: number;
  /** `spec.replicas` */
  readonly desired: number;
  readonly ready: number;
  /** Every pod is of the current template and ready, none more. */
  readonly complete: boolean;
  /** The image that is wanted now. */
  readonly image: string;
  readonly nodes: number;
  readonly requestsPerSecond: number;
  readonly latencySeconds: number;
  readonly cpuCores: number;
  /** Pods that the autoscaler's metric asks for, whatever its ceiling. */
  readonly wanted: number;
}

const queries = {
  requests: "sum(rate(http_requests_total{$}[1m]))",
  latency: "sum(rate(http_request_duration_seconds_sum{$}[1m])) / sum(rate(http_request_duration_seconds_count{$}[1m]))",
  cpu: "sum(workload_cpu_cores{$})",
};

/** What a sample is taken from. */
export interface Measurable {
  readonly store: Pick<SimulatedCluster["store"], "get" | "count">;
  readonly prometheusUrl: string;
}

/** Reads the service's Deployment from the store and its signals from Prometheus. */
export async function takeSample(cluster: Measurable, service: Story["service"], at: number): Promise<Sample> {
  const ask = (text: string) => query(cluster.prometheusUrl, text, service);
  const [requestsPerSecond, latencySeconds, cpuCores] = await Promise.all([
    ask(queries.requests),
    ask(queries.latency),
    ask(queries.cpu),
  ]);
  const object = cluster.store.get("apps/v1/deployments", service.namespace, service.name);
  const counts = object ? countsOf(object) : { desired: 0, ready: 0, complete: false };
  return {
    at,
    ...counts,
    image: object ? imageOf(object) : "",
    nodes: cluster.store.count("v1/nodes"),
    requestsPerSecond,
    latencySeconds,
    cpuCores,
    wanted: wantedBy(cluster.store.get("autoscaling/v2/horizontalpodautoscalers", service.namespace, service.name)),
  };
}

/** By CPU; a pod that is at its limit asks for no more than that. */
function wantedBy(autoscaler: KubeObject | undefined): number {
  const { status } = (autoscaler ?? {}) as Partial<Autoscaler>;
  const target = autoscaler && targetUtilization(autoscaler as Autoscaler);
  const [metric] = (status?.currentMetrics ?? []) as readonly { resource?: { current?: { averageUtilization?: number } } }[];
  const percent = metric?.resource?.current?.averageUtilization;
  return (Number(status?.currentReplicas) * Number(percent)) / Number(target);
}

function countsOf({ metadata, spec, status }: KubeObject): Pick<Sample, "desired" | "ready" | "complete"> {
  const number = (from: Readonly<Record<string, unknown>> | undefined, name: string) => Number(from?.[name] ?? 0);
  const desired = number(spec, "replicas");
  const ready = number(status, "readyReplicas");
  const counts = [ready, number(status, "updatedReplicas"), number(status, "replicas")];
  const observed = number(status, "observedGeneration") >= (metadata.generation ?? 0);
  return { desired, ready, complete: observed && counts.every((count) => count === desired) };
}

async function query(prometheus: string, text: string, { namespace, name }: Story["service"]): Promise<number> {
  const url = new URL(`${prometheus}/api/v1/query`);
  url.searchParams.set("query", text.replaceAll("$", `namespace="${namespace}",deployment="${name}"`));
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    const body = (await response.json()) as { data?: { result?: readonly { value?: readonly [number, string] }[] } };
    return Number(body.data?.result?.[0]?.value?.[1] ?? NaN);
  } catch {
    return NaN;
  }
}
