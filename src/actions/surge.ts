import type { KubeDaemonSet, KubeDeployment, KubeStatefulSet, KubeWorkload } from "#clients/kubernetes/objects.ts";
import type { Replacement } from "#domain/rollout.ts";
import type { WorkloadKind } from "#domain/workload.ts";
import { resolvePercent } from "#clients/kubernetes/quantity.ts";

type Of<K> = { readonly kind: K };
/** A workload, and which kind it is of. */
export type KindOfWorkload =
  | (Of<"Deployment"> & { readonly workload: KubeDeployment })
  | (Of<"StatefulSet"> & { readonly workload: KubeStatefulSet })
  | (Of<"DaemonSet"> & { readonly workload: KubeDaemonSet });

/** The kind decides which fields an object has: the server said it. */
export function ofKind(kind: WorkloadKind, workload: KubeWorkload): KindOfWorkload {
  return { kind, workload };
}

/** How many pods are wanted. A DaemonSet's count is that of the nodes it fits on. */
export function wantedOf({ kind, workload }: KindOfWorkload): number {
  return kind === "DaemonSet" ? (workload.status?.desiredNumberScheduled ?? 0) : (workload.spec.replicas ?? 1);
}

/** How many are ready. */
export function readyOf({ kind, workload }: KindOfWorkload): number {
  return (kind === "DaemonSet" ? workload.status?.numberReady : workload.status?.readyReplicas) ?? 0;
}

/** How it replaces its pods at the count of now. */
export function toReplacement(of: KindOfWorkload): Replacement {
  const wanted = wantedOf(of);
  switch (of.kind) {
    case "Deployment":
      return ofDeployment(of.workload, wanted);
    case "StatefulSet":
      return ofStatefulSet(of.workload, wanted);
    case "DaemonSet":
      return ofDaemonSet(of.workload, wanted);
  }
}

/** Percentages resolved as the controller does: surge up, unavailable down, and never both to nothing. */
function ofDeployment({ spec }: KubeDeployment, wanted: number): Replacement {
  if (spec.strategy?.type === "Recreate") return { kind: "recreate", surge: 0, unavailable: wanted, replaced: wanted };
  const { maxSurge = "25%", maxUnavailable = "25%" } = spec.strategy?.rollingUpdate ?? {};
  const surge = resolvePercent(maxSurge, wanted, "up");
  const down = resolvePercent(maxUnavailable, wanted, "down");
  const unavailable = surge === 0 && down === 0 ? Math.min(1, wanted) : Math.min(down, wanted);
  return { kind: "rolling", surge, unavailable, replaced: wanted };
}

/** One at a time unless said, from the highest ordinal down to the partition. */
function ofStatefulSet({ spec }: KubeStatefulSet, wanted: number): Replacement {
  if (spec.updateStrategy?.type === "OnDelete") return byHand;
  const { partition = 0, maxUnavailable = 1 } = spec.updateStrategy?.rollingUpdate ?? {};
  const replaced = Math.max(0, wanted - partition);
  const unavailable = Math.min(replaced, Math.max(1, resolvePercent(maxUnavailable, wanted, "up")));
  return { kind: "in-place", surge: 0, unavailable, replaced };
}

/** A surge pod stands beside the old one on the same node. */
function ofDaemonSet({ spec }: KubeDaemonSet, wanted: number): Replacement {
  if (spec.updateStrategy?.type === "OnDelete") return byHand;
  const { maxSurge = 0, maxUnavailable = 1 } = spec.updateStrategy?.rollingUpdate ?? {};
  const surge = Math.min(wanted, resolvePercent(maxSurge, wanted, "up"));
  const unavailable = Math.min(wanted, resolvePercent(maxUnavailable, wanted, "up"));
  return { kind: "in-place", surge, unavailable, replaced: wanted };
}

const byHand: Replacement = { kind: "by-hand", surge: 0, unavailable: 0, replaced: 0 };
