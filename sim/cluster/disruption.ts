import { isDeepStrictEqual } from "node:util";
import { asFields } from "./call.ts";
import { toMatcher } from "./selectors.ts";
import { formatTime } from "./prepare.ts";
import type { KubeObject, ObjectStore } from "./types.ts";

/** Whether a pod is ready and stays. */
export function isHealthy({ metadata, status = {} }: KubeObject): boolean {
  if (metadata.deletionTimestamp) return false;
  const conditions = Array.isArray(status["conditions"]) ? status["conditions"].map(asFields) : [];
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

/** A budget's status as the disruption controller computes it from the pods that are there. */
export function disruptionStatus(store: ObjectStore, budget: KubeObject, now: number): Record<string, unknown> {
  const spec = budget.spec ?? {};
  const matches = toMatcher(asFields(spec["selector"]));
  const pods = [...store.list("v1/pods", budget.metadata.namespace)].filter((pod) => matches(pod) && !hasEnded(pod));
  const currentHealthy = pods.filter(isHealthy).length;
  const { desiredHealthy, expectedPods } = wanted(store, spec, pods);
  const disruptionsAllowed = Math.max(0, currentHealthy - desiredHealthy);
  const { generation = 1 } = budget.metadata;
  const counts = { observedGeneration: generation, disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods };
  return { ...counts, conditions: [condition(budget, disruptionsAllowed > 0, generation, now)] };
}

function condition(budget: KubeObject, allowed: boolean, observedGeneration: number, now: number): Record<string, unknown> {
  const before = Array.isArray(budget.status?.["conditions"]) ? asFields(budget.status["conditions"][0]) : {};
  const status = allowed ? "True" : "False";
  const lastTransitionTime = before["status"] === status ? before["lastTransitionTime"] : formatTime(now);
  const reason = allowed ? "SufficientPods" : "InsufficientPods";
  return { type: "DisruptionAllowed", status, observedGeneration, lastTransitionTime, reason, message: "" };
}

function hasEnded({ status }: KubeObject): boolean {
  return status?.["phase"] === "Succeeded" || status?.["phase"] === "Failed";
}

/** A number of `minAvailable` counts as it is; a percentage, and `maxUnavailable`, count from what the pods' controllers want. */
function wanted(
  store: ObjectStore,
  spec: Record<string, unknown>,
  pods: readonly KubeObject[],
): { desiredHealthy: number; expectedPods: number } {
  const { minAvailable, maxUnavailable } = spec;
  if (typeof minAvailable === "number") return { desiredHealthy: minAvailable, expectedPods: pods.length };
  const expectedPods = expectedOf(store, pods);
  if (maxUnavailable !== undefined)
    return { desiredHealthy: Math.max(0, expectedPods - portion(maxUnavailable, expectedPods)), expectedPods };
  return { desiredHealthy: portion(minAvailable, expectedPods), expectedPods };
}

/** A count, or a percentage of one, rounded up. */
function portion(value: unknown, total: number): number {
  if (typeof value === "number") return value;
  return typeof value === "string" ? Math.ceil((Number.parseInt(value, 10) / 100) * total) : 0;
}

function expectedOf(store: ObjectStore, pods: readonly KubeObject[]): number {
  const sizes = new Map<string, number>();
  for (const pod of pods) {
    const owner = scaledOwner(store, pod);
    if (owner) sizes.set(owner.metadata.uid, Number(owner.spec?.["replicas"] ?? 0));
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/** The Deployment of a pod, or its ReplicaSet where that stands alone. */
function scaledOwner(store: ObjectStore, pod: KubeObject): KubeObject | undefined {
  const { namespace } = pod.metadata;
  const controller = ({ metadata }: KubeObject) => metadata.ownerReferences?.find((owner) => owner.controller);
  const set = controller(pod);
  const replicaSet = set && store.get("apps/v1/replicasets", namespace, set.name);
  const above = replicaSet && controller(replicaSet);
  return above ? store.get("apps/v1/deployments", namespace, above.name) : replicaSet;
}

/** Keeps the budgets' statuses up to date: at once in a namespace's next turn after one of its pods or budgets changed. Returns how to stop. */
export function startDisruption(store: ObjectStore, now: () => number): () => void {
  const dirty = new Set<string>();
  const work = () => {
    const namespaces = [...dirty];
    dirty.clear();
    for (const namespace of namespaces)
      for (const budget of store.list("policy/v1/poddisruptionbudgets", namespace)) renew(store, budget, now());
  };
  const stop = store.onChange(({ resource, object }) => {
    const { namespace } = object.metadata;
    if (resource !== "v1/pods" && resource !== "policy/v1/poddisruptionbudgets") return;
    if (namespace === undefined || store.count("policy/v1/poddisruptionbudgets") === 0) return;
    if (dirty.size === 0) setImmediate(work);
    dirty.add(namespace);
  });
  return stop;
}

function renew(store: ObjectStore, budget: KubeObject, now: number): void {
  const status = disruptionStatus(store, budget, now);
  if (isDeepStrictEqual(status, budget.status)) return;
  store.modify("policy/v1/poddisruptionbudgets", budget.metadata.namespace, budget.metadata.name, (old) => ({ ...old, status }));
}
