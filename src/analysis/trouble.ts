import { type Incident, type IncidentStatus, type Situation, troublesOf } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";

/** The incident with one more spike of the same workload; undefined when that trouble is known. A runaway takes the first place. */
export function join(incident: Incident, fresh: Incident): Incident | undefined {
  const { spike } = fresh;
  if (troublesOf(incident).includes(spike.trouble ?? "runaway")) return undefined;
  const also = incident.also ?? [];
  if (spike.trouble !== undefined && spike.trouble !== "runaway") return { ...incident, also: [...also, spike] };
  return {
    ...incident,
    spike,
    also: [...also, incident.spike],
    usual: fresh.usual,
    status: "open",
    holdingSince: undefined,
    mitigatedAt: undefined,
    recoveredAt: undefined,
    lastRiseAt: fresh.lastRiseAt,
  };
}

/** Gone for so long, it is over. Demand above a ceiling is told anew only after ten minutes under it: until then the incident must stand. */
const OVER_MS = 5 * 60_000;
const DEMAND_OVER_MS = 10 * 60_000;

interface TroubleAssessment {
  readonly status: IncidentStatus;
  readonly holdingSince?: Instant;
  readonly mitigatedAt?: Instant;
  readonly recoveredAt?: Instant;
  readonly settledAt?: Instant;
}

/**
 * How far an incident has come that is no runaway: open while its trouble is seen; mitigated when it is gone and pods are still missing;
 * recovered when they are not; settled when it has stayed so for five minutes.
 */
export function assessTrouble(incident: Incident, now: Instant): TroubleAssessment {
  const { status, mitigatedAt, recoveredAt, settledAt, holdingSince } = incident;
  if (status === "settled") return { status, mitigatedAt, recoveredAt, settledAt };
  const nothing = { holdingSince: undefined, mitigatedAt: undefined, recoveredAt: undefined };
  if (isIll(incident)) return { ...nothing, status: "open" };
  const gone = { ...nothing, mitigatedAt: mitigatedAt ?? now };
  if (!isWhole(incident)) return { ...gone, status: "mitigated" };
  const since = holdingSince ?? now;
  const well = { ...gone, recoveredAt: recoveredAt ?? since };
  const overMs = troublesOf(incident).includes("above-ceiling") ? DEMAND_OVER_MS : OVER_MS;
  return now - since >= overMs
    ? { ...well, status: "settled", settledAt: now }
    : { ...well, status: "recovered", holdingSince: since };
}

/** Is something of what it was opened for, or of what joined, still seen? */
export function isIll(incident: Pick<Incident, "spike" | "also" | "illnesses" | "now">): boolean {
  return (
    (incident.illnesses ?? []).length > 0 || (troublesOf(incident).includes("above-ceiling") && isAboveCeiling(incident.now))
  );
}

/** The autoscaler stands at its ceiling, and its metric asks for more. */
function isAboveCeiling({ desired, ceiling, wanted, atCeiling }: Situation): boolean {
  if (ceiling === undefined || desired < ceiling) return false;
  return wanted === undefined ? atCeiling === true : wanted > ceiling;
}

/** A rollout that failed is not mended while pods are missing; the other troubles say nothing about pods. */
function isWhole(incident: Incident): boolean {
  return !troublesOf(incident).includes("rollout-failing") || incident.now.ready >= incident.now.desired;
}
