import { type Incident, type TimelineEntry, leadOf } from "#domain/incident.ts";
import type { Illness } from "#domain/illness.ts";
import { type Instant, type PoolState, type WorkloadState, isPlace } from "#domain/workload.ts";
import type { Rights } from "#domain/rights.ts";
import type { Signals } from "#domain/sample.ts";
import { assess, isHolding } from "#analysis/assess.ts";
import { type Step, wasDone } from "#domain/plan.ts";
import type { Diagnosis } from "#domain/diagnosis.ts";
import { courseOf } from "#analysis/course.ts";
import { judgeHelp } from "#analysis/helped.ts";
import { climbBegan, nodesBefore } from "#analysis/climb.ts";
import { peakWith } from "#analysis/peak.ts";
import { plan } from "#analysis/plan.ts";
import { suffersOf } from "#analysis/suffers.ts";
import { followRollout } from "#analysis/rollout/seen.ts";
import { placeSituation, situation } from "#analysis/situation.ts";
import { timelineOf } from "#analysis/timeline.ts";
import type { Finding } from "./investigate.ts";

export interface Look {
  readonly at: Instant;
  readonly state?: WorkloadState;
  readonly pool?: PoolState;
  readonly signals: Signals;
  readonly finding?: Finding;
  /** What the agent sees to be wrong with the subject. */
  readonly illnesses?: readonly Illness[];
  /** What the agent may do; unknown until it has said so. Absent: nobody asks. */
  readonly rights?: Rights | "unknown";
  /** A cap leaves so much room above the usual peak. */
  readonly capMargin: number;
}

/** The incident after one more look: how it stands, its status, its plan and its timeline. Undefined when there is nothing to say. */
export function advance(current: Incident, look: Look): Incident | undefined {
  const { at, state, pool, finding, signals } = look;
  if (current.status === "settled") return undefined;
  if (!state && !isPlace(current.workload)) return withoutWorkload(current, at);
  const seen = see(current, look);
  const counted: Incident = { ...seen, usual: { ...seen.usual, nodes: usualNodes(current, seen, pool) } };
  const judged: Incident = { ...counted, ...assess(counted, at) };
  const acted: Incident = { ...judged, course: judged.course ?? courseAtAct(judged, current, signals) };
  const followed = (step: Step) => (state ? followRollout(step, state, pool, at) : step);
  const planned: Incident = {
    ...acted,
    plan: plan({ ...acted, rights: look.rights }, look.capMargin).map((step) => withHelp(followed(step), acted, at)),
  };
  return { ...planned, timeline: merge(current.timeline, timelineOf(planned, finding?.changes ?? [], at)) };
}

/** The incident with what this look read. */
function see(current: Incident, { at, state, pool, signals, illnesses = [], finding }: Look): Incident {
  const now = state ? situation(state, pool, signals, at) : placeSituation(pool, at);
  const suffers = suffersOf(state, pool, illnesses, current.workload.namespace);
  return {
    ...current,
    now,
    illnesses,
    ...(suffers && { suffers }),
    peak: peakWith(current.peak, now),
    lastRiseAt: now.desired > current.now.desired ? at : current.lastRiseAt,
    ...(finding && { alerts: finding.alerts }),
    ...(finding && diagnosed(current, finding.diagnosis, at)),
  };
}

/** A diagnosis that somebody has acted upon stays; when a change was first named is kept. */
function diagnosed(current: Incident, diagnosis: Diagnosis, at: Instant): Pick<Incident, "diagnosis" | "namedAt"> {
  if (isActedUpon(current)) return {};
  const namedAt = current.namedAt ?? (diagnosis.named ? at : undefined);
  return { diagnosis, ...(namedAt !== undefined && { namedAt }) };
}

/** Of the first act that holds the count, from what was seen before it; the ceiling is the one that stood then. */
function courseAtAct({ plan: steps }: Incident, before: Incident, { replicas }: Signals): Incident["course"] {
  const first = steps.find(({ kind, state, at }) => isHolding(kind) && state === "done" && at !== undefined);
  const { did, at, quotaMost = Infinity } = first ?? {};
  if (at === undefined) return undefined;
  const ceiling = (did?.kind === "cap" ? did.fromMax : before.now.ceiling) ?? Infinity;
  const most = Math.min(ceiling, quotaMost);
  return courseOf(replicas, at, Number.isFinite(most) ? most : undefined);
}

function withHelp(step: Step, incident: Incident, at: Instant): Step {
  // A verdict from before it was pressed again is about another act.
  const isOld = step.helped !== undefined && step.helped.at < (step.at ?? 0);
  const current = isOld ? { ...step, helped: undefined } : step;
  const helped = judgeHelp(current, incident, at);
  // The same verdict later is no news.
  return helped === undefined || current.helped?.ok === helped.ok ? current : { ...current, helped };
}

/** Nobody sees the cluster: nothing is judged, and what had begun to hold must hold anew. A cause that was found is still told. */
export function withoutSight(incident: Incident, finding: Finding | undefined): Incident | undefined {
  if (incident.status === "settled" || (incident.holdingSince === undefined && !finding)) return undefined;
  return { ...incident, holdingSince: undefined, ...(finding && diagnosed(incident, finding.diagnosis, finding.diagnosis.at)) };
}

const goneAfterMs = 10 * 60_000;

/** The agent forgets a workload that was deleted: after a while there is nothing left to settle. */
function withoutWorkload(incident: Incident, at: Instant): Incident | undefined {
  if (at - incident.now.at < goneAfterMs) return undefined;
  const entry: TimelineEntry = { id: "state/gone", at, kind: "state", text: "The workload is gone; this incident is closed." };
  return { ...incident, status: "settled", settledAt: at, timeline: merge(incident.timeline, [entry]) };
}

/** What goes back because of the diagnosis: once the schema is back, another search must not take the rollback away. */
const freezes: readonly Step["kind"][] = ["migrate", "rollback"];

/** A diagnosis that somebody has acted upon is the record of why. */
export function isActedUpon(incident: Incident): boolean {
  return incident.plan.some((step) => freezes.includes(step.kind) && (step.state === "running" || wasDone(step)));
}

/** Once the climb's beginning is known: nodes bought between the cost's rise and the count's are not usual. */
function usualNodes(before: Incident, after: Incident, pool: PoolState | undefined): number | undefined {
  const { nodes } = before.usual;
  if (leadOf(after) !== "runaway") return nodes;
  if (nodes === undefined || !pool || before.diagnosis?.named || !after.diagnosis?.named) return nodes;
  return nodes - (nodesBefore(pool.nodes, before.spike.startedAt) - nodesBefore(pool.nodes, climbBegan(after)));
}

const maxEntries = 300;

function merge(known: readonly TimelineEntry[], fresh: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const byId = new Map([...known, ...fresh].map((entry) => [entry.id, entry]));
  return [...byId.values()].toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).slice(-maxEntries);
}
