import type { Usual } from "#domain/incident.ts";
import { count } from "#analysis/words.ts";
import type { Draft, PlanFacts } from "./facts.ts";

/** The ceiling that is suggested for good: twice the usual peak. A day's own peak fits below it, and a runaway is stopped early. */
const SANE = 2;

/** A cap never goes below this: the usual peak with some room. */
export function capFloor(usual: Pick<Usual, "replicas" | "peakReplicas">, margin: number): number {
  return Math.ceil(Math.max(usual.replicas, usual.peakReplicas) * margin);
}

/** A ceiling that lets normal days through. */
export function saneCeiling(usual: Pick<Usual, "replicas" | "peakReplicas">): number {
  return capFloor(usual, SANE);
}

export function capDraft({ status, now, usual, diagnosis, capMargin }: PlanFacts): Draft {
  const { ceiling } = now;
  if (ceiling === undefined) return { state: "needless", summary: "It has no autoscaler: nothing raises the count by itself." };
  const cap = Math.max(now.desired, capFloor(usual, capMargin));
  if (status === "recovered" || status === "settled") return { state: "needless", summary: "It is well again: nothing to hold." };
  if (ceiling <= cap)
    return {
      state: "needless",
      summary: `The ceiling of ${count(ceiling)} is no higher than what runs or usually runs: there is nothing to freeze.`,
    };
  return {
    state: "ready",
    summary: `${isTraffic(diagnosis) ? TRAFFIC : ""}Freeze the autoscaler's ceiling at what runs, ${count(cap)} now instead of ${count(ceiling)}. Usual is ${count(usual.replicas)}, the usual peak ${count(usual.peakReplicas)}.`,
  };
}

const TRAFFIC = "This looks like traffic: a ceiling would leave requests waiting if they go on rising. ";

function isTraffic(diagnosis: PlanFacts["diagnosis"]): boolean {
  return (
    diagnosis !== undefined &&
    !diagnosis.named &&
    diagnosis.noneEvidence.some((evidence) => evidence.for && evidence.kind === "traffic")
  );
}

/** For good, once it is well: a ceiling near what normal days need, so that the next runaway stops early. */
export function lowerDraft({ status, now, usual }: PlanFacts): Draft {
  const { ceiling } = now;
  if (ceiling === undefined) return { state: "needless", summary: "It has no autoscaler, so no ceiling." };
  const sane = saneCeiling(usual);
  if (ceiling === sane) return { state: "needless", summary: `Its ceiling is ${count(sane)}, twice its usual peak.` };
  const summary = `Set the ceiling to ${count(sane)}, twice the usual peak of ${count(Math.max(usual.replicas, usual.peakReplicas))}, instead of ${count(ceiling)}; or give the old one back.`;
  if (status === "open" || status === "mitigated")
    return { state: "waiting", summary, waitingFor: "recovery: lowered now, it would stop pods that serve" };
  if (now.desired > sane)
    return {
      state: "waiting",
      summary,
      waitingFor: `fewer replicas: ${count(now.desired)} run, and none of them is to be stopped`,
    };
  return { state: "ready", summary };
}
