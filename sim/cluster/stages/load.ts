import { conditionOf, type Deployment, isReady, type PodTemplate, type ReplicaSet } from "./kinds.ts";
import { cpuOf, parseGoDuration } from "./quantity.ts";
import type { World } from "./world.ts";

/** Annotations of the load model; those of the real control plane first (load.go). */
export const loadAnnotation = {
  requests: "load/requests-per-second",
  cost: "load/cpu-per-request",
  doubles: "load/cost-doubles-every",
  since: "load/cost-growth-since",
  atMost: "load/cost-at-most",
  /** Share of its first cost that a request costs more with every hour since. */
  drift: "load/cost-drift-per-hour",
  /** When what a version piles up no longer fits (RFC 3339). */
  collapse: "load/cost-collapses-at",
  /** How many times its usual cost a request takes in a pod that has just started, and until when that has worn off. */
  coldCost: "load/cold-cost",
  coldFor: "load/cold-for",
  /** How many times its usual cost a request takes in a pod that is at its limit: threads wait for each other, work is thrown away. */
  crowdedCost: "load/crowded-cost",
  swing: "load/daily-swing",
  /** Of a Deployment: when in a day (UTC) it has how many times its traffic: `22:10+80m x12`. */
  nightly: "load/nightly",
  /** Of a Deployment: the share by which its measured CPU and latency are off from minute to minute. */
  noise: "load/noise",
  /** Of a Deployment: whom its requests wait for, as `namespace/name` or `namespace/name x2`, separated by commas. */
  waitsFor: "load/waits-for",
  /** Of a Deployment: seconds that each request waits for something outside the cluster. */
  stall: "load/stall",
  /** Of a Deployment: how often its callers try again, and after how many seconds on average. */
  retries: "load/retries",
  patience: "load/patience",
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
export function trafficAt(annotations: Annotations, now: number, late = 0): number | undefined {
  if (annotations?.[loadAnnotation.requests] === undefined) return undefined;
  const mean = numberOf(annotations, loadAnnotation.requests, 0);
  const swing = numberOf(annotations, loadAnnotation.swing, 0);
  const wave = 1 + swing * Math.sin((2 * Math.PI * (now - risingHour * 3_600_000)) / day);
  return mean * wave * nightlyTimes(annotations[loadAnnotation.nightly], now - late);
}

/** A job that runs once a day: it comes and goes within some minutes. */
function nightlyTimes(text: string | undefined, now: number): number {
  const match = /^(\d\d):(\d\d)\+(\d+)m x([\d.]+)$/.exec(text ?? "");
  if (!match) return 1;
  const [hour = 0, minute = 0, length = 0, times = 1] = match.slice(1).map(Number);
  const begin = (hour * 60 + minute) * 60_000;
  const since = (((now - begin) % day) + day) % day;
  const share = Math.min(1, since / rampOfNightly, Math.max(0, length * 60_000 - since) / rampOfNightly);
  return 1 + (times - 1) * share;
}

const rampOfNightly = 120_000;

/**
 * CPU seconds that a template's code spends on a request; `born` is when its ReplicaSet was created. What was to happen at a certain
 * time happens `late` milliseconds later, here as in `trafficAt`.
 */
export function costAt({ metadata }: PodTemplate, born: number, now: number, late = 0): number {
  const annotations = metadata?.annotations;
  const cost = numberOf(annotations, loadAnnotation.cost, 0.01);
  const given = Date.parse(annotations?.[loadAnnotation.since] ?? "");
  const age = Math.max(0, now - (Number.isNaN(given) ? born : given));
  const doubling = parseGoDuration(annotations?.[loadAnnotation.doubles]);
  const drift = 1 + (numberOf(annotations, loadAnnotation.drift, 0) * age) / 3_600_000;
  const grown = cost * (doubling ? 2 ** (age / doubling) : 1) * drift * crowding(annotations, now - late);
  return Math.min(grown, numberOf(annotations, loadAnnotation.atMost, Number.POSITIVE_INFINITY));
}

/** As of a heap or a cache that fills: nothing to see for long, twice the cost when it is full, and from then on ever more. */
function crowding(annotations: Annotations, now: number): number {
  const full = Date.parse(annotations?.[loadAnnotation.collapse] ?? "");
  return Number.isNaN(full) ? 1 : 1 + 2 ** ((now - full) / doublingOfCrowding);
}

const doublingOfCrowding = 360_000;

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

/** load.go's formulas: CPU up to the limit; latency as in a queue with one server, and `wait` seconds for others. `limit` in cores. */
export function podLoad(requests: number, cost: number, limit: number, wait = 0): PodLoad {
  const utilisation = Math.min(0.98, (requests * cost) / limit);
  return { cpu: Math.min(limit, requests * cost), utilisation, latency: cost / (1 - utilisation) + wait, requests };
}

/** Seconds that each request of a Deployment waits for others: for outsiders, and for those of whom `latencyOf` knows. */
export function waitOf(annotations: Annotations, latencyOf: (deployment: string) => number | undefined): number {
  const callees = (annotations?.[loadAnnotation.waitsFor] ?? "").split(",").map((text) => text.trim());
  const waits = callees.map((callee) => {
    const [name = "", times = "1"] = callee.split(" x");
    return (latencyOf(name) ?? 0) * Number(times);
  });
  return waits.reduce((sum, wait) => sum + wait, numberOf(annotations, loadAnnotation.stall, 0));
}

/** How many requests become of one when callers lose patience: answers take `latency` seconds on average, and some much longer. */
export function attempts(annotations: Annotations, latency: number | undefined): number {
  const retries = numberOf(annotations, loadAnnotation.retries, 0);
  if (retries <= 0 || !latency) return 1;
  const late = Math.exp(-numberOf(annotations, loadAnnotation.patience, 1) / latency);
  let total = 1;
  for (let tries = 1; tries <= retries; tries += 1) total += late ** tries;
  return total;
}

/** Whether a Deployment gets requests. */
export function hasTraffic({ metadata }: Deployment): boolean {
  return metadata.annotations?.[loadAnnotation.requests] !== undefined;
}

/** The ready pods of one revision; all have the same load. */
export interface RevisionLoad {
  readonly replicaSet: ReplicaSet;
  readonly pods: number;
  readonly each: PodLoad;
}

/** The load of a Deployment by revision; undefined without traffic annotation. Unready pods get none. */
export function loadOf(world: World, deployment: Deployment, now: number): readonly RevisionLoad[] | undefined {
  const { annotations, namespace, name, uid: owner } = deployment.metadata;
  const { index, felt, late } = world;
  const first = trafficAt(annotations, now, late.ms);
  if (first === undefined) return undefined;
  const traffic = first * attempts(annotations, felt.get(`${namespace}/${name}`)?.latency);
  const wait = waitOf(annotations, (key) => felt.get(key)?.latency);
  const busy = felt.get(`${namespace}/${name}`)?.utilisation ?? 0;
  const serving: { replicaSet: ReplicaSet; pods: number }[] = [];
  let ready = 0;
  for (const [uid, replicaSet] of index.replicaSetsOf.of(owner)) {
    const pods = index.tallies.get(uid)?.ready ?? 0;
    if (pods > 0) serving.push({ replicaSet, pods });
    ready += pods;
  }
  return serving.map(({ replicaSet, pods }) => {
    const { template } = replicaSet.spec;
    const cost =
      costAt(template, Date.parse(replicaSet.metadata.creationTimestamp), now, late.ms) * coldness(world, replicaSet, now);
    const each = podLoad(
      traffic / Math.max(1, ready),
      cost * crowded(template, busy),
      cpuOf(template.spec).limitMilli / 1000,
      wait,
    );
    return { replicaSet, pods, each };
  });
}

/** Nothing to speak of below two thirds of the limit. */
function crowded({ metadata }: PodTemplate, utilisation: number): number {
  return 1 + (numberOf(metadata?.annotations, loadAnnotation.crowdedCost, 1) - 1) * utilisation ** 6;
}

/** How much dearer requests are on average because pods are new: caches are empty, code is not compiled yet. */
function coldness({ index }: World, { metadata, spec }: ReplicaSet, now: number): number {
  const annotations = spec.template.metadata?.annotations;
  const times = numberOf(annotations, loadAnnotation.coldCost, 1);
  const period = parseGoDuration(annotations?.[loadAnnotation.coldFor]);
  if (times <= 1 || !period) return 1;
  let ready = 0;
  let cold = 0;
  for (const pod of index.podsOf.of(metadata.uid).values()) {
    if (!isReady(pod)) continue;
    ready += 1;
    cold += Math.max(0, 1 - (now - Date.parse(conditionOf(pod, "Ready")?.lastTransitionTime ?? "")) / period);
  }
  return 1 + ((times - 1) * cold) / Math.max(1, ready);
}

/** What metrics.k8s.io says of such a pod: thousandths of a core, each container's share rounded up; pods without traffic use one. */
export function usageMilli(load: PodLoad | undefined, containers: number): number {
  const share = (load?.cpu ?? 0.001) / Math.max(1, containers);
  return Math.ceil(share * 1000 - 1e-9) * Math.max(1, containers);
}
