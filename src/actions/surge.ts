import type { KubeDeployment } from "#clients/kubernetes/objects.ts";
import { resolvePercent } from "#clients/kubernetes/quantity.ts";

/** How a Deployment replaces its pods, in numbers of pods. */
export type Replacement =
  | { readonly kind: "recreate"; readonly replicas: number }
  | { readonly kind: "rolling"; readonly replicas: number; readonly surge: number; readonly readyAtLeast: number };

/** Percentages resolved as the controller does: surge up, unavailable down, and never both to nothing. */
export function toReplacement({ spec }: { readonly spec: Pick<KubeDeployment["spec"], "replicas" | "strategy"> }): Replacement {
  const replicas = spec.replicas ?? 1;
  if (spec.strategy?.type === "Recreate") return { kind: "recreate", replicas };
  const { maxSurge = "25%", maxUnavailable = "25%" } = spec.strategy?.rollingUpdate ?? {};
  const surge = resolvePercent(maxSurge, replicas, "up");
  const unavailable = resolvePercent(maxUnavailable, replicas, "down");
  const down = surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, replicas);
  return { kind: "rolling", replicas, surge, readyAtLeast: replicas - down };
}
