import type { KubePdb, KubeSelector } from "#clients/kubernetes/objects.ts";
import { resolvePercent } from "#clients/kubernetes/quantity.ts";
import { count, counted } from "./action.ts";
import type { NodePod } from "./pods.ts";

/** A PodDisruptionBudget in numbers of pods. */
export interface Budget {
  /** `namespace/name` */
  readonly title: string;
  readonly covers: (pod: NodePod) => boolean;
  /** So many may be evicted now. */
  readonly allowed: number;
  /** So many at once at the very most, with all pods healthy; undefined: nobody has counted its pods yet. */
  readonly most: number | undefined;
  /** Pods that are not ready may go whatever it allows. */
  readonly freesUnready: boolean;
}

/** As the disruption controller counts: a percentage, rounded up, of the pods that are expected. */
export function toBudget({ metadata, spec, status = {} }: KubePdb): Budget {
  const { expectedPods } = status;
  const desired = expectedPods === undefined ? undefined : desiredOf(spec, expectedPods);
  const isCurrent = (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  return {
    title: `${metadata.namespace}/${metadata.name}`,
    covers: (pod) => pod.namespace === metadata.namespace && matches(spec.selector, pod.labels),
    // A budget that was edited since its last count lets nothing go until it is counted again.
    allowed: isCurrent ? (status.disruptionsAllowed ?? 0) : 0,
    most: desired === undefined ? undefined : Math.max(0, (expectedPods ?? 0) - desired),
    freesUnready: spec.unhealthyPodEvictionPolicy === "AlwaysAllow" || isMet(desired, status.currentHealthy),
  };
}

function isMet(desired = 0, healthy = 0): boolean {
  return desired > 0 && healthy >= desired;
}

function desiredOf({ minAvailable, maxUnavailable }: KubePdb["spec"], expected: number): number {
  if (maxUnavailable !== undefined) return Math.max(0, expected - resolvePercent(maxUnavailable, expected, "up"));
  return minAvailable === undefined ? 0 : resolvePercent(minAvailable, expected, "up");
}

/** Why a pod can never be evicted as things stand, or undefined. It completes "it stays: ...". */
export function neverBecause(pod: NodePod, budgets: readonly Budget[]): string | undefined {
  const [first, second] = budgets.filter(({ covers }) => covers(pod));
  if (!first) return undefined;
  if (second)
    return `the disruption budgets "${first.title}" and "${second.title}" both cover it, which evictions do not support`;
  if (first.most !== 0 || (!pod.ready && first.freesUnready)) return undefined;
  return `the disruption budget "${first.title}" needs all of its pods, so it never allows one to go`;
}

/** Sentences about the PodDisruptionBudgets that slow down or forbid these evictions. */
export function budgetWarnings(pods: readonly NodePod[], budgets: readonly Budget[]): string[] {
  return budgets.flatMap(({ title, covers, allowed, most }) => {
    const held = pods.filter(covers).length;
    if (held <= allowed) return [];
    const fall = `and ${counted(held, "pod")} of these fall under it`;
    if (most === 0) return [`The disruption budget "${title}" never allows an eviction, ${fall}: the drain stops there.`];
    if (allowed === 0) return [`The disruption budget "${title}" allows no eviction now, ${fall}: they stay until it does.`];
    return [`The disruption budget "${title}" allows ${count(allowed)} at a time, ${fall}: it takes longer.`];
  });
}

/** Do labels match? An absent selector matches nothing, an empty one everything (policy/v1). */
export function matches(selector: KubeSelector | undefined, labels: Readonly<Record<string, string>>): boolean {
  if (!selector) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const equal = Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
  return equal && matchExpressions.every(({ key, operator, values = [] }) => holds(labels[key], operator, values));
}

function holds(value: string | undefined, operator: string, values: readonly string[]): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
