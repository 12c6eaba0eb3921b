import type { KubeDeployment } from "#clients/kubernetes/objects.ts";

/** How a Deployment replaces its pods, in numbers of pods. */
export type Replacement =
  | { readonly kind: "recreate"; readonly replicas: number }
  | { readonly kind: "rolling"; readonly replicas: number; readonly surge: number; readonly readyAtLeast: number };

/** Percentages resolved as the controller does: surge up, unavailable down, and never both to nothing. */
export function toReplacement({ spec }: KubeDeployment): Replacement {
  const replicas = spec.replicas ?? 1;
  if (spec.strategy?.type === "Recreate") return { kind: "recreate", replicas };
  const { maxSurge = "25%", maxUnavailable = "25%" } = spec.strategy?.rollingUpdate ?? {};
  const surge = resolve(maxSurge, replicas, Math.ceil);
  const unavailable = resolve(maxUnavailable, replicas, Math.floor);
  const down = surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, replicas);
  return { kind: "rolling", replicas, surge, readyAtLeast: replicas - down };
}

function resolve(value: number | string, replicas: number, round: (value: number) => number): number {
  if (typeof value === "number") return value;
  const percent = /^(\d+)%$/.exec(value)?.[1];
  return percent === undefined ? 0 : round((Number(percent) * replicas) / 100);
}
