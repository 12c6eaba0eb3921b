import type { Deployment, PodTemplate, ReplicaSet } from "./kinds.ts";
import { cpuOf, parseGoDuration } from "./quantity.ts";
import type { World } from "./world.ts";

/** Annotations of the load model; those of the real control plane first (load.go). */
export const loadAnnotation = {
  requests: "load/requests-per-second",
  cost: "load/cpu-per-request",
  doubles: "load/cost-doubles-every",
  since: "load/cost-growth-since",
  atMost: "load/cost-at-most",
  swing: "load/daily-swing",
} as const;

type Annotations = Readonly<Record<string, string>> | undefined;

function numberOf(annotations: Annotations, key: string, fallback: number): number {
  const text = annotations?.[key];
  const value = text === undefined || text === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : fallback;
}

const day = 86_400_000;
/** The hour of the day (UTC) at which traffic crosses its mean upward; it peaks six hours later. */
const risingHour = 8;

/** Requests a second of a Deployment at a time; undefined when it is not annotated. */
export function trafficAt(annotations: Annotations, now: number): number | undefined {
  if (annotations?.[loadAnnotation.requests] === undefined) return undefined;
  const mean = numberOf(annotations, loadAnnotation.requests, 0);
  const swing = numberOf(annotations, loadAnnotation.swing, 0);
  return mean * (1 + swing * Math.sin((2 * Math.PI * (now - risingHour * 3_600_000)) / day));
}

/** CPU seconds that a template's code spends on a request; `born` is when its ReplicaSet was created. */
export function costAt({ metadata }: PodTemplate, born: number, now: number): number {
  const annotations = metadata?.annotations;
  const cost = numberOf(annotations, loadAnnotation.cost, 0.01);
  const doubling = parseGoDuration(annotations?.[loadAnnotation.doubles]);
  if (!doubling) return cost;
  const since = Date.parse(annotations?.[loadAnnotation.since] ?? "");
  const grown = cost * 2 ** (Math.max(0, now - (Number.isNaN(since) ? born : since)) / doubling);
  return Math.min(grown, numberOf(annotations, loadAnnotation.atMost, Number.POSITIVE_INFINITY));
}

/** The load of one pod. */
export interface PodLoad {
  /** Cores. */
  readonly cpu: number;
  /** Of the CPU limit, 0 to 0.98. */
  readonly utilisation: number;
  /** Seconds. */
  readonly latency: number;
  /** A second. */
  readonly requests: number;
}

/** load.go's formulas: CPU up to the limit; latency as in a queue with one server. `limit` in cores. */
export function podLoad(requests: number, cost: number, limit: number): PodLoad {
  const utilisation = Math.min(0.98, (requests * cost) / limit);
  return { cpu: Math.min(limit, requests * cost), utilisation, latency: cost / (1 - utilisation), requests };
}

/** The ready pods of one revision; all have the same load. */
export interface RevisionLoad {
  readonly replicaSet: ReplicaSet;
  readonly pods: number;
  readonly each: PodLoad;
}

/** The load of a Deployment by revision; undefined without traffic annotation. Unready pods get none. */
export function loadOf({ index }: World, deployment: Deployment, now: number): readonly RevisionLoad[] | undefined {
  const traffic = trafficAt(deployment.metadata.annotations, now);
  if (traffic === undefined) return undefined;
  const serving: { replicaSet: ReplicaSet; pods: number }[] = [];
  let ready = 0;
  for (const [uid, replicaSet] of index.replicaSetsOf.of(deployment.metadata.uid)) {
    const pods = index.tallies.get(uid)?.ready ?? 0;
    if (pods > 0) serving.push({ replicaSet, pods });
    ready += pods;
  }
  return serving.map(({ replicaSet, pods }) => {
    const { template } = replicaSet.spec;
    const cost = costAt(template, Date.parse(replicaSet.metadata.creationTimestamp), now);
    return { replicaSet, pods, each: podLoad(traffic / Math.max(1, ready), cost, cpuOf(template.spec).limitMilli / 1000) };
  });
}

/** What metrics.k8s.io says of such a pod: thousandths of a core, each container's share rounded up; pods without traffic use one. */
export function usageMilli(load: PodLoad | undefined, containers: number): number {
  const share = (load?.cpu ?? 0.001) / Math.max(1, containers);
  return Math.ceil(share * 1000 - 1e-9) * Math.max(1, containers);
}
