import { type Incident, type IncidentStatus, leadOf } from "#domain/incident.ts";
import { type StepKind, wasDone } from "#domain/plan.ts";
import type { Instant } from "#domain/workload.ts";
import { WELL, checksOf, within } from "./checks.ts";
import { isSuperseded } from "./superseded.ts";
import { assessTrouble, isIll } from "./trouble.ts";

const MINUTE = 60_000;
/** No rise for so long counts as "has stopped rising" where something holds it, */
const QUIET_MS = 2 * MINUTE;
/** and for so long where nothing does: a runaway pauses while it waits for nodes. */
const LONG_QUIET_MS = 5 * MINUTE;
/** Recovered and settled must hold for so long. */
export const RECOVERED_AFTER_MS = 5 * MINUTE;
/** Settled: replicas and nodes this near to usual, and never asked to be nearer than one. */
const NEAR = 0.25;

/** What a look changes about an incident's state. */
export interface Assessment {
  readonly status: IncidentStatus;
  readonly holdingSince?: Instant;
  readonly mitigatedAt?: Instant;
  readonly recoveredAt?: Instant;
  readonly settledAt?: Instant;
}

/** Judges how far an incident has come, at most one status a call, in the words of the domain. What is unknown is left out of the judgement. */
export function assess(incident: Incident, now: Instant): Assessment {
  if (leadOf(incident) !== "runaway") return assessTrouble(incident, now);
  const { status, mitigatedAt, recoveredAt, settledAt, holdingSince } = incident;
  return { status, mitigatedAt, recoveredAt, settledAt, holdingSince, ...judges[status](incident, now) };
}

const judges: Record<IncidentStatus, (incident: Incident, now: Instant) => Partial<Assessment>> = {
  open: (incident, now) => {
    const quiet = now - incident.lastRiseAt >= (isHeld(incident) ? QUIET_MS : LONG_QUIET_MS);
    return quiet
      ? { status: "mitigated", mitigatedAt: incident.lastRiseAt, holdingSince: undefined }
      : { holdingSince: undefined };
  },
  mitigated: (incident, now) => {
    if (risesAgain(incident)) return { status: "open", mitigatedAt: undefined, holdingSince: undefined };
    if (isNewNormal(incident, now)) return { status: "settled", settledAt: now, holdingSince: undefined };
    const held = hold(isWell(incident) && !isIll(incident), incident.holdingSince, now);
    return held.long ? { status: "recovered", recoveredAt: now, holdingSince: undefined } : { holdingSince: held.since };
  },
  recovered: (incident, now) => {
    if (climbsAnew(incident)) return { status: "open", mitigatedAt: undefined, recoveredAt: undefined, holdingSince: undefined };
    if (isNewNormal(incident, now)) return { status: "settled", settledAt: now, holdingSince: undefined };
    const held = hold(isBack(incident) && !isIll(incident), incident.holdingSince, now);
    return held.long ? { status: "settled", settledAt: now, holdingSince: undefined } : { holdingSince: held.since };
  },
  settled: () => ({}),
};

/** Steps that hold the count, or take away what drove it. */
const holds: readonly StepKind[] = ["cap", "rollback", "lower", "scale"];

/** Does a step of that kind hold the count, or take away what drove it? */
export function isHolding(kind: StepKind): boolean {
  return holds.includes(kind);
}

/** It cannot rise (at its ceiling, capped), was rolled back, or a request costs no more than usual. */
function isHeld({ now, usual, plan }: Incident): boolean {
  const acted = plan.some((step) => isHolding(step.kind) && wasDone(step) && step.aside !== "undo" && !isSuperseded(step, plan));
  return (
    acted || now.ceiling === undefined || now.desired >= now.ceiling || within(now.costPerRequest, usual.costPerRequest) === true
  );
}

function hold(holds: boolean, since: Instant | undefined, now: Instant): { since?: Instant; long: boolean } {
  const start = holds ? (since ?? now) : undefined;
  return { since: start, long: start !== undefined && now - start >= RECOVERED_AFTER_MS };
}

/** A new height after it had stopped: it runs away again. A rollback's own surge is not part of `desired`. */
function risesAgain({ lastRiseAt, mitigatedAt, now, peak }: Incident): boolean {
  return mitigatedAt !== undefined && lastRiseAt > mitigatedAt && now.desired >= peak.replicas;
}

/** It was well, and is far above usual again with a dearer request: the same thing came back, or another. */
function climbsAnew({ lastRiseAt, recoveredAt, now, usual }: Incident): boolean {
  const isDear = within(now.costPerRequest, usual.costPerRequest) !== true;
  return recoveredAt !== undefined && lastRiseAt > recoveredAt && isDear && now.desired >= 2 * usual.replicas;
}

/** A level that has stood for a day is no incident any more, as the detector sees it too. */
function isNewNormal({ lastRiseAt, openedAt }: Incident, now: Instant): boolean {
  return now - Math.max(lastRiseAt, openedAt) >= 24 * 60 * MINUTE;
}

/** All that is looked at is well (`checks.ts`), and the cost of a request is, or the intended revision runs. */
function isWell(incident: Incident): boolean {
  const { now } = incident;
  // Scaled to zero by hand: nothing is left that could be ill.
  if (now.desired === 0 && now.total === 0) return true;
  const [readiness, ...judged] = checksOf(incident);
  if (readiness?.ok !== true || judged.some(({ ok }) => ok === false)) return false;
  return judged[0]?.ok === true || isIntended(incident);
}

/** Where cost is unknown, only the good revision counts as intended; without one, the count must be near usual. */
function isIntended({ diagnosis, now, usual }: Incident): boolean {
  const good = diagnosis?.named ? diagnosis.goodRevision : undefined;
  return good ? now.templateHash === good.templateHash : now.desired <= WELL * usual.replicas;
}

function isBack({ now, usual }: Incident): boolean {
  // Fewer requests than usual, say at night, need fewer replicas: that is no reason to stay open.
  const share =
    now.desired === 0
      ? 0
      : usual.requestsPerSecond && now.requestsPerSecond !== undefined
        ? Math.min(1, now.requestsPerSecond / usual.requestsPerSecond)
        : 1;
  return (
    isNear(now.desired, usual.replicas, share) &&
    (usual.nodes === undefined || now.nodes === 0 || isNear(now.nodes, usual.nodes, share))
  );
}

function isNear(value: number, usual: number, share: number): boolean {
  return value <= usual + Math.max(1, NEAR * usual) && value >= usual * share - Math.max(1, NEAR * usual);
}
