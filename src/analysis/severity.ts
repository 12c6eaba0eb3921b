import { type Incident, leadOf } from "#domain/incident.ts";
import type { IllnessKind } from "#domain/illness.ts";
import type { Severity } from "#domain/told.ts";

/** From so many times its usual count on a runaway is bad, wherever its ceiling is. */
const HIGH_TIMES = 4;
/** So near its ceiling it is about to stop growing, and to fail instead. */
const NEAR_CEILING = 0.9;
/** What ends the growth as a ceiling does, for everybody in the place. */
const limits: readonly IllnessKind[] = ["quota-exhausted", "no-new-nodes", "no-pod-addresses"];

type Facts = Pick<Incident, "spike" | "also" | "illnesses" | "now" | "usual">;

/** How bad an incident is now, and why, as a sentence. */
export function severityOf(incident: Facts): { readonly severity: Severity; readonly why: string } {
  switch (leadOf(incident)) {
    case "runaway":
      return runaway(incident);
    case "rollout-failing":
      return incident.now.desired > 0 && incident.now.ready === 0
        ? { severity: "high", why: "No pod is ready." }
        : { severity: "medium", why: "A rollout fails, and pods are still ready." };
    case "above-ceiling":
      return { severity: "medium", why: "It wants more than its ceiling allows." };
    case "cluster":
      return { severity: "medium", why: "It is about the cluster or a namespace as a whole." };
    case "autoscaler-ill":
      return { severity: "low", why: "An autoscaler that is ill can wait for the morning." };
  }
}

function runaway({ now, usual, illnesses = [] }: Facts): { readonly severity: Severity; readonly why: string } {
  if (usual.replicas > 0 && now.desired >= HIGH_TIMES * usual.replicas)
    return { severity: "high", why: `It runs away, and has reached ${HIGH_TIMES} times its usual count.` };
  if (now.atCeiling === true || (now.ceiling !== undefined && now.desired >= NEAR_CEILING * now.ceiling))
    return { severity: "high", why: "It runs away, and is near its ceiling." };
  if (illnesses.some(({ kind }) => limits.includes(kind)))
    return { severity: "high", why: "It runs away, and a quota, nodes or addresses run out." };
  return { severity: "medium", why: `It runs away, and has not reached ${HIGH_TIMES} times its usual count.` };
}
