import type { KubePdb, KubeSelector } from "#clients/kubernetes/objects.ts";
import { count, counted } from "./action.ts";
import type { NodePod } from "./pods.ts";

/** Sentences about the PodDisruptionBudgets that slow down or forbid these evictions. */
export function budgetWarnings(pods: readonly NodePod[], budgets: readonly KubePdb[]): string[] {
  return budgets.flatMap(({ metadata, spec, status }) => {
    const held = pods.filter((pod) => pod.namespace === metadata.namespace && matches(spec.selector, pod.labels)).length;
    const allowed = status?.disruptionsAllowed ?? 0;
    if (held <= allowed) return [];
    const title = `The disruption budget "${metadata.namespace}/${metadata.name}"`;
    if (allowed === 0)
      return [`${title} allows no eviction now, and ${counted(held, "pod")} fall under it: they stay until it does.`];
    return [`${title} allows ${count(allowed)} at a time, and ${counted(held, "pod")} fall under it: it takes longer.`];
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
