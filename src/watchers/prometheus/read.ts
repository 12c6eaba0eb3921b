import type { Point, Signals } from "#domain/sample.ts";
import type { Instant, WorkloadKey } from "#domain/workload.ts";
import type { PrometheusClient } from "#clients/prometheus/client.ts";
import type { PrometheusPort } from "#domain/ports/cluster.ts";
import { noSignals } from "#domain/sample.ts";
import { parseSeries } from "./series.ts";

/** PromQL with `$selector` where the label matchers of one workload go. */
export interface Queries {
  readonly replicas: string;
  readonly requests: string;
  readonly latency: string;
  readonly cpu: string;
  readonly errors: string;
}

const mean = "http_request_duration_seconds";

/** What applications and kube-state-metrics commonly expose. Replicas, requests a second, mean seconds, cores, the share of requests that fail. */
export const defaultQueries: Queries = {
  replicas: "max by (namespace, deployment) (kube_deployment_spec_replicas{$selector})",
  requests: "sum by (namespace, deployment) (rate(http_requests_total{$selector}[1m]))",
  latency: `sum by (namespace, deployment) (rate(${mean}_sum{$selector}[1m])) / sum by (namespace, deployment) (rate(${mean}_count{$selector}[1m]))`,
  cpu: "sum by (namespace, deployment) (workload_cpu_cores{$selector})",
  errors:
    'sum by (namespace, deployment) (rate(http_requests_total{code=~"5..",$selector}[1m])) / sum by (namespace, deployment) (rate(http_requests_total{$selector}[1m]))',
};

/** Prometheus refuses more than 11,000 points a series. */
const maxPoints = 11_000;

/** Reads a workload's series; without a client everything is empty. */
export function createPrometheusReader(client: PrometheusClient | undefined, queries: Queries): PrometheusPort {
  if (!client) return { signals: async () => noSignals, replicaHistory: async () => new Map(), latencies: async () => new Map() };
  const range = async (query: string, from: Instant, to: Instant, stepSeconds: number) => {
    const step = Math.max(stepSeconds, Math.ceil((to - from) / 1_000 / maxPoints));
    return parseSeries(await client.queryRange(query, { from: from / 1_000, to: to / 1_000, step }));
  };
  return {
    signals: async (key, from, to, stepSeconds): Promise<Signals> => {
      const one = async (query: string): Promise<readonly Point[]> =>
        (await range(withSelector(query, selectorOf(key)), from, to, stepSeconds))[0]?.points ?? [];
      const [replicas, requestsPerSecond, latencySeconds, cpuCores, errorShare] = await Promise.all([
        one(queries.replicas),
        one(queries.requests),
        one(queries.latency),
        one(queries.cpu),
        one(queries.errors),
      ]);
      return { replicas, requestsPerSecond, latencySeconds, cpuCores, errorShare };
    },
    latencies: async (cluster, from, to, stepSeconds) =>
      byWorkload(cluster, await range(withSelector(queries.latency, ""), from, to, stepSeconds)),
    replicaHistory: async (cluster, from, to, stepSeconds) => {
      const known = new Map<WorkloadKey, Point[]>();
      // A day at a time: all workloads of a large cluster over a week would not fit into a small pod's memory as one answer.
      for (let start = from; start < to; start += dayMs) {
        for (const { namespace, deployment, points } of await range(
          withSelector(queries.replicas, ""),
          start,
          Math.min(to, start + dayMs),
          stepSeconds,
        )) {
          if (namespace && deployment) append(known, `${cluster}/${namespace}/${deployment}`, points);
        }
      }
      return known;
    },
  };
}

function byWorkload(cluster: string, read: ReturnType<typeof parseSeries>): Map<WorkloadKey, readonly Point[]> {
  return new Map(
    read.flatMap(({ namespace, deployment, points }) =>
      namespace && deployment ? [[`${cluster}/${namespace}/${deployment}`, points] as const] : [],
    ),
  );
}

const dayMs = 24 * 3_600_000;

/** A value holds until the next point: only the points at which it changes are kept, and the last. */
function append(known: Map<WorkloadKey, Point[]>, key: WorkloadKey, points: readonly Point[]): void {
  const held = known.get(key) ?? [];
  known.set(key, held);
  for (const point of points) {
    if (held.at(-1)?.value === point.value && held.at(-2)?.value === point.value) held.pop();
    if (held.at(-1)?.at !== point.at) held.push(point);
  }
}

function withSelector(query: string, selector: string): string {
  return query.replaceAll("$selector", () => selector);
}

/** Label values are quoted as PromQL strings: a name cannot end the string. */
function selectorOf(key: WorkloadKey): string {
  const [, namespace = "", name = ""] = key.split("/");
  return `namespace=${JSON.stringify(namespace)},deployment=${JSON.stringify(name)}`;
}
