import type { KubeObject, ObjectStore } from "#sim/cluster/types.ts";
import type { Pod, PodSpec } from "./kinds.ts";

/** What the Priority admission plugin writes into a pod. */
export interface Rank {
  readonly priority: number;
  readonly preemptionPolicy: string;
}

/** A PriorityClass as it is stored: its fields stand at the top. */
type PriorityClass = KubeObject & {
  readonly value?: number;
  readonly preemptionPolicy?: string;
  readonly globalDefault?: boolean;
};

/** The rank of a new pod: that of its class, of the class for all others, or 0; undefined when its class is not there (admission then refuses the pod). */
export function rankOf(store: ObjectStore, { priorityClassName }: PodSpec): Rank | undefined {
  const found = priorityClassName
    ? store.get("scheduling.k8s.io/v1/priorityclasses", undefined, priorityClassName)
    : [...store.list("scheduling.k8s.io/v1/priorityclasses")].find((one) => (one as PriorityClass).globalDefault === true);
  if (!found) return priorityClassName ? undefined : { priority: 0, preemptionPolicy: "PreemptLowerPriority" };
  const { value = 0, preemptionPolicy = "PreemptLowerPriority" } = found as PriorityClass;
  return { priority: value, preemptionPolicy };
}

/** How important a pod is; 0 where nobody said. */
export function priorityOf({ spec }: Pod): number {
  return spec.priority ?? 0;
}

/** By falling priority, and among equals as they came. */
export function byPriority(pods: Iterable<Pod>): Pod[] {
  return [...pods].sort((a, b) => priorityOf(b) - priorityOf(a));
}
