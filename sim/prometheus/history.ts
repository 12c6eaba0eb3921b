import { costAt, podLoad, trafficAt } from "#sim/cluster/stages/load.ts";
import { type Autoscaler, targetUtilization } from "#sim/cluster/stages/hpa-kinds.ts";
import type { Deployment, PodTemplate } from "#sim/cluster/stages/kinds.ts";
import { cpuOf } from "#sim/cluster/stages/quantity.ts";
import type { MetricName } from "./meters.ts";
import { noiseOf } from "./noise.ts";
import type { Span } from "./series.ts";

/** What was before the recording began: computed once on a grid of minutes, and answered as if it had been sampled every 5 s. */
export interface History {
  readonly since: number;
  readonly until: number;
  value(metric: MetricName, time: number): number | undefined;
  span(metric: MetricName, from: number, to: number): Span | undefined;
}

const grid = 60_000;
/** As the recording, since `rate()` makes less of samples that come at an uneven pace. */
const scrape = 5_000;

/** A pod template and since when (milliseconds) it ran. */
export interface Version {
  readonly since: number;
  readonly template: PodTemplate;
}

/** One Deployment's past. */
export interface PastOf {
  readonly deployment: Deployment;
  readonly autoscaler: Autoscaler | undefined;
  /** What ran, oldest first; at least one. Before the first, the first ran. */
  readonly versions: readonly Version[];
  /** Seconds that each request waited for others. */
  readonly wait: number;
}

type Table = Readonly<Record<MetricName, Float64Array>>;

/**
 * The days before of one Deployment: its traffic, the cost of the version that ran then, and the replicas that its autoscaler gave it.
 * The replicas are followed from the present backward, so that the last of them are those that the recording begins with.
 */
export function createHistory(past: PastOf, since: number, until: number): History {
  const rows = Math.max(2, Math.ceil((until - since) / grid) + 1);
  const timeOf = (row: number) => until - (rows - 1 - row) * grid;
  const table = fill(past, rows, timeOf);
  const start = timeOf(0);
  const value = (metric: MetricName, time: number) => {
    if (time < start || time > until) return undefined;
    const at = (Math.floor((time - until) / scrape) * scrape + until - start) / grid;
    return at < 0 ? undefined : isCounter(metric) ? between(table[metric], at) : table[metric][Math.floor(at + 1e-9)];
  };
  return {
    since: start,
    until,
    value,
    span(metric, from, to) {
      const last = until + Math.floor((Math.min(to, until) - until) / scrape) * scrape;
      const first = Math.max(
        until + (Math.floor((from - until) / scrape) + 1) * scrape,
        until - Math.floor((until - start) / scrape) * scrape,
      );
      const firstValue = value(metric, first);
      const lastValue = value(metric, last);
      if (first > last || firstValue === undefined || lastValue === undefined) return undefined;
      return {
        samples: (last - first) / scrape + 1,
        firstAt: first,
        first: firstValue,
        lastAt: last,
        growth: lastValue - firstValue,
      };
    },
  };
}

function isCounter(metric: MetricName): boolean {
  return metric.startsWith("http_");
}

function between(values: Float64Array, at: number): number {
  const row = Math.min(values.length - 1, Math.floor(at + 1e-9));
  const value = values[row] ?? 0;
  return value + ((values[row + 1] ?? value) - value) * Math.max(0, at - row);
}

function fill({ deployment, autoscaler, versions, wait }: PastOf, rows: number, timeOf: (row: number) => number): Table {
  const { requestMilli, limitMilli } = cpuOf(deployment.spec.template.spec);
  const replicas = new Float64Array(rows);
  const requests = new Float64Array(rows);
  const latency = new Float64Array(rows);
  const cpu = new Float64Array(rows);
  let count = deployment.spec.replicas;
  for (let row = rows - 1; row >= 0; row -= 1) {
    const time = timeOf(row);
    const traffic = trafficAt(deployment.metadata.annotations, time) ?? 0;
    const version = versions.findLast(({ since }) => since <= time) ?? versions[0];
    const cost = version ? costAt(version.template, version.since, time) : 0;
    // The last row is what is there; before it, what the autoscaler would have left there.
    if (row < rows - 1) count = usualCount(autoscaler, count, (traffic * cost * 1000) / requestMilli);
    const each = podLoad(traffic / Math.max(1, count), cost, limitMilli / 1000, wait);
    replicas[row] = count;
    const noise = noiseOf(deployment, time);
    cpu[row] = each.cpu * count * noise;
    requests[row] = (traffic * grid) / 1000;
    latency[row] = (traffic * each.latency * noise * grid) / 1000;
  }
  accumulate(requests);
  accumulate(latency);
  return {
    http_requests_total: requests,
    http_request_duration_seconds_count: requests,
    http_request_duration_seconds_sum: latency,
    workload_cpu_cores: cpu,
    kube_deployment_spec_replicas: replicas,
    kube_deployment_status_replicas_ready: replicas,
  };
}

function accumulate(growth: Float64Array): void {
  let total = 0;
  for (const [row, value] of growth.entries()) {
    growth[row] = total;
    total += value;
  }
}

/** The HPA formula with its tolerance; `demand` in pods' requests at 100 %. */
function usualCount(autoscaler: Autoscaler | undefined, count: number, demand: number): number {
  const target = autoscaler && targetUtilization(autoscaler);
  if (!autoscaler || !target || !Number.isFinite(demand)) return count;
  const ratio = (demand * 100) / Math.max(1, count) / target;
  const wanted = Math.abs(ratio - 1) <= 0.1 ? count : Math.ceil(ratio * count - 1e-9);
  return Math.min(autoscaler.spec.maxReplicas, Math.max(autoscaler.spec.minReplicas ?? 1, wanted));
}
