import type { Usual } from "#domain/incident.ts";
import { count } from "#analysis/words.ts";
import { type Draft, type PlanFacts, didOf } from "./facts.ts";

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
export function lowerDraft(facts: PlanFacts): Draft {
  const { now, usual } = facts;
  const { ceiling } = now;
  if (ceiling === undefined) return { state: "needless", summary: "It has no autoscaler, so no ceiling." };
  const sane = saneCeiling(usual);
  const original = cappedFrom(facts) ?? ceiling;
  // As the hands do it: never above what stood before us, so it raises nothing but a cap of ours.
  const toMax = Math.min(sane, original);
  if (ceiling === toMax) return { state: "needless", summary: fitting(ceiling, sane) };
  const summary =
    toMax < original
      ? `Set the ceiling to ${count(toMax)}, twice the usual peak of ${count(sane / SANE)}, instead of ${count(ceiling)}; or give the old one back.`
      : `Set the ceiling to ${count(toMax)} again, as it was before the cap, instead of ${count(ceiling)}: that is no higher than ${count(sane)}, twice the usual peak.`;
  return { ...lowerGate(facts, toMax), summary };
}

function lowerGate({ status, now }: PlanFacts, toMax: number): Pick<Draft, "state" | "waitingFor"> {
  if (status === "open" || status === "mitigated")
    return { state: "waiting", waitingFor: "recovery: lowered now, it would stop pods that serve" };
  if (now.desired <= toMax) return { state: "ready" };
  return { state: "waiting", waitingFor: `fewer replicas: ${count(now.desired)} run, and none of them is to be stopped` };
}

function fitting(ceiling: number, sane: number): string {
  if (ceiling === sane) return `Its ceiling is ${count(sane)}, twice its usual peak.`;
  return `Its ceiling of ${count(ceiling)} is no higher than ${count(sane)}, twice its usual peak.`;
}

/** What stood before a cap of ours, where that cap still stands. */
function cappedFrom(facts: PlanFacts): number | undefined {
  const from = didOf(facts, "cap", "cap")?.fromMax;
  return from !== undefined && (facts.now.ceiling ?? 0) < from ? from : undefined;
}
