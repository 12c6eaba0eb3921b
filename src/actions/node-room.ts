import type { KubeNode, KubePodSpec, KubeTaint, KubeToleration } from "#clients/kubernetes/objects.ts";
import { findQuantity } from "#clients/kubernetes/quantity.ts";
import type { Room } from "#domain/rollout.ts";

/** What is free on a node beside these pods: cores, memory, and places, of which there are no more than addresses. */
export function roomOf({ spec, status }: KubeNode, pods: readonly Room[]): Room {
  const allocatable = (resource: string) => findQuantity(status?.allocatable?.[resource]) ?? 0;
  const used = (what: "cores" | "memory") => pods.reduce((sum, pod) => sum + pod[what], 0);
  return {
    cores: allocatable("cpu") - used("cores"),
    memory: allocatable("memory") - used("memory"),
    pods: Math.min(allocatable("pods"), addressesOf(spec?.podCIDR)) - pods.length,
  };
}

/** An IPv4 range less its own address and the bridge's. */
function addressesOf(range: string | undefined): number {
  const bits = /^[\d.]+\/(\d{1,2})$/.exec(range ?? "")?.[1];
  return bits === undefined ? Number.POSITIVE_INFINITY : Math.max(0, 2 ** (32 - Number(bits)) - 2);
}

/** Do the node's labels and taints let such a pod in? Affinities are not looked at. */
export function takes({ metadata, spec }: KubeNode, { nodeSelector = {}, tolerations = [] }: KubePodSpec): boolean {
  const { labels = {} } = metadata;
  // An autoscaler marks nodes that it is about to remove or has just bought; these pass.
  const lasting = (spec?.taints ?? []).filter(({ effect, key }) => effect !== "PreferNoSchedule" && !passing.test(key));
  return (
    Object.entries(nodeSelector).every(([key, value]) => labels[key] === value) &&
    lasting.every((taint) => tolerations.some((toleration) => tolerates(toleration, taint)))
  );
}

const passing = /^node\.kubernetes\.io\/(?:unschedulable|not-ready|unreachable)$/;

/** core/v1: an empty key tolerates all, an empty effect every effect. */
function tolerates(toleration: KubeToleration, taint: KubeTaint): boolean {
  const { key, operator, value, effect } = toleration;
  const isAny = operator === "Exists";
  const isKey = key ? key === taint.key && (isAny || (value ?? "") === (taint.value ?? "")) : isAny;
  return isKey && (!effect || effect === taint.effect);
}
