import { type PodGroup, type PodGroups } from "./hpa-formula.ts";
import { conditionOf, type Deployment, isReady, type Pod } from "./kinds.ts";
import { loadOf, type PodLoad, usageMilli } from "./load.ts";
import { cpuOf } from "./quantity.ts";
import type { World } from "./world.ts";

/** `--horizontal-pod-autoscaler-cpu-initialization-period`, and the metrics' window. */
const initialization = 300_000;
const window = 15_000;

/** What is measured of a pod, in thousandths. */
type Measure = (load: PodLoad | undefined, containers: number) => number;

/** CPU, in thousandths of a core. */
export const cpuUsage: Measure = usageMilli;

/** Requests that it works on at a time. */
export const inFlightUsage: Measure = (load) => Math.round((load?.requests ?? 0) * (load?.latency ?? 0) * 1000);

/** The Deployment's pods as the autoscaler sorts them, or a pod whose containers do not all ask for CPU (replica_calculator.go, groupPods). */
export function groupPods(
  world: World,
  deployment: Deployment,
  now: number,
  measure: Measure,
): PodGroups | { readonly withoutRequest: Pod } {
  const groups = { ready: empty(), unready: empty(), missing: empty() };
  const loads = new Map(loadOf(world, deployment, now)?.map(({ replicaSet, each }) => [replicaSet.metadata.uid, each]));
  for (const uid of world.index.replicaSetsOf.of(deployment.metadata.uid).keys()) {
    for (const pod of world.index.podsOf.of(uid).values()) {
      if (pod.metadata.deletionTimestamp !== undefined || pod.status?.phase === "Failed") continue;
      const { requestMilli, containers, everyRequestSaid } = cpuOf(pod.spec);
      if (!everyRequestSaid) return { withoutRequest: pod };
      const kind = kindOf(pod, now);
      add(groups[kind], requestMilli, kind === "ready" ? measure(loads.get(uid), containers) : 0);
    }
  }
  return groups;
}

type Growing = { -readonly [key in keyof PodGroup]: PodGroup[key] };

function empty(): Growing {
  return { count: 0, requestMilli: 0, usageMilli: 0 };
}

function add(group: Growing, requestMilli: number, usage: number): void {
  group.count += 1;
  group.requestMilli += requestMilli;
  group.usageMilli += usage;
}

function kindOf(pod: Pod, now: number): keyof PodGroups {
  if (pod.status?.phase === "Pending") return "unready";
  // As on the real control plane, only ready pods have metrics.
  if (!isReady(pod)) return "missing";
  const started = Date.parse(pod.status?.startTime ?? "");
  const since = Date.parse(conditionOf(pod, "Ready")?.lastTransitionTime ?? "");
  return started + initialization > now && now < since + window ? "unready" : "ready";
}
