import { hasTraffic, loadOf, waitOf } from "#sim/cluster/stages/load.ts";
import type { Deployment } from "#sim/cluster/stages/kinds.ts";
import type { World } from "#sim/cluster/stages/world.ts";
import { createHistory, type History, type Version } from "./history.ts";
import { noiseOf } from "./noise.ts";
import { joinSpans, type Series, spanOf, valueAt } from "./series.ts";

const metricNames = [
  "http_requests_total",
  "http_request_duration_seconds_sum",
  "http_request_duration_seconds_count",
  "workload_cpu_cores",
  "kube_deployment_spec_replicas",
  "kube_deployment_status_replicas_ready",
] as const;

/** What is measured, under the names of the real control plane's load. */
export type MetricName = (typeof metricNames)[number];

/** Reads the cluster's load and keeps what it read. */
export interface Meters {
  /** Counts what passed since the last call, and samples every five seconds. */
  take(now: number): void;
  readonly series: () => Iterable<Series>;
}

interface Track {
  readonly labels: Readonly<Record<string, string>>;
  /** What its requests are counted under. */
  readonly prefix: string;
  readonly history: History | undefined;
  readonly times: number[];
  readonly values: Record<MetricName, number[]>;
  requests: number;
  latency: number;
  alive: boolean;
}

const sampleEvery = 5_000;
/** A week of samples; the older half goes when there are more. */
const samplesKept = 120_000;

/** Meters over a world, with a history of the Deployments that are there from `since` to `begin` (milliseconds). */
export function createMeters(world: World, times: { readonly since: number; readonly begin: number }): Meters {
  const tracks = new Map<string, Track>();
  for (const deployment of world.index.deployments.values()) {
    if (hasTraffic(deployment)) tracks.set(keyOf(deployment), createTrack(deployment, historyOf(world, deployment, times)));
  }
  let last = times.begin;
  let sampled = Number.NEGATIVE_INFINITY;
  return {
    take(now) {
      const seconds = Math.max(0, now - last) / 1000;
      last = now;
      const due = now - sampled >= sampleEvery;
      if (due) sampled = now;
      const seen = new Set<string>();
      for (const deployment of world.index.deployments.values()) {
        if (!hasTraffic(deployment)) continue;
        const key = keyOf(deployment);
        const track = tracks.get(key) ?? createTrack(deployment, undefined);
        tracks.set(key, track);
        seen.add(key);
        count(world, deployment, track, { seconds, now, due });
      }
      if (due) for (const [key, track] of tracks) if (track.alive && !seen.has(key)) end(track, now);
    },
    *series() {
      for (const track of tracks.values()) for (const name of metricNames) yield toSeries(track, name);
    },
  };
}

function keyOf({ metadata }: Deployment): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function historyOf(world: World, deployment: Deployment, { since, begin }: { since: number; begin: number }): History {
  const autoscaler = [...world.index.autoscalers.values()].find(({ spec, metadata }) => {
    return spec.scaleTargetRef.name === deployment.metadata.name && metadata.namespace === deployment.metadata.namespace;
  });
  const wait = waitOf(deployment.metadata.annotations, (key) => world.felt.get(key)?.latency);
  return createHistory({ deployment, autoscaler, versions: versionsOf(world, deployment), wait }, since, begin - 1);
}

/** What the ReplicaSets of a Deployment tell of its past, oldest first. */
function versionsOf({ index }: World, { metadata, spec }: Deployment): Version[] {
  const versions = [...index.replicaSetsOf.of(metadata.uid).values()].map((replicaSet) => ({
    since: Date.parse(replicaSet.metadata.creationTimestamp),
    template: replicaSet.spec.template,
  }));
  if (versions.length === 0) return [{ since: Date.parse(metadata.creationTimestamp), template: spec.template }];
  return versions.toSorted((a, b) => a.since - b.since);
}

function createTrack({ metadata }: Deployment, history: History | undefined): Track {
  const { namespace = "", name, annotations } = metadata;
  const values = Object.fromEntries(metricNames.map((metric) => [metric, []])) as unknown as Track["values"];
  return {
    labels: { namespace, deployment: name, service: name },
    prefix: annotations?.["load/metrics"] ?? "http",
    history,
    times: [],
    values,
    requests: history?.value("http_requests_total", history.until) ?? 0,
    latency: history?.value("http_request_duration_seconds_sum", history.until) ?? 0,
    alive: true,
  };
}

interface Beat {
  readonly seconds: number;
  readonly now: number;
  /** Whether it is time for a sample. */
  readonly due: boolean;
}

function count(world: World, deployment: Deployment, track: Track, { seconds, now, due }: Beat): void {
  let cpu = 0;
  const noise = noiseOf(deployment, now);
  for (const { pods, each } of loadOf(world, deployment, now) ?? []) {
    track.requests += pods * each.requests * seconds;
    track.latency += pods * each.requests * seconds * each.latency * noise;
    cpu += pods * each.cpu * noise;
  }
  if (!due) return;
  push(track, now, {
    http_requests_total: track.requests,
    http_request_duration_seconds_count: track.requests,
    http_request_duration_seconds_sum: track.latency,
    workload_cpu_cores: cpu,
    kube_deployment_spec_replicas: deployment.spec.replicas,
    kube_deployment_status_replicas_ready: deployment.status?.readyReplicas ?? 0,
  });
  track.alive = true;
}

function push(track: Track, now: number, values: Readonly<Record<MetricName, number>>): void {
  track.times.push(now);
  for (const metric of metricNames) track.values[metric].push(values[metric]);
  if (track.times.length <= samplesKept) return;
  const half = samplesKept / 2;
  track.times.splice(0, half);
  for (const metric of metricNames) track.values[metric].splice(0, half);
}

/** A Deployment that is gone leaves a mark, so that its last value is not taken for its present one. */
function end(track: Track, now: number): void {
  track.alive = false;
  push(track, now, Object.fromEntries(metricNames.map((metric) => [metric, Number.NaN])) as Record<MetricName, number>);
}

function toSeries({ labels, prefix, times, values, history }: Track, name: MetricName): Series {
  const samples = { times, values: values[name] };
  const began = times[0] ?? Number.POSITIVE_INFINITY;
  return {
    name: name.replace(/^http(?=_)/, prefix),
    labels,
    at: (time) => (time >= began ? valueAt(samples, time) : history?.value(name, time)),
    span(from, to) {
      const after = to >= began ? spanOf(samples, from, to) : undefined;
      const before = history && from < history.until ? history.span(name, from, to) : undefined;
      return joinSpans(before, after, before && before.first + before.growth);
    },
  };
}
