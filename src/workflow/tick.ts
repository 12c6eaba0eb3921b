import type { Incident } from "#domain/incident.ts";
import type { AuditPort, IncidentPort, RightsPort, SamplePort } from "#domain/ports/store.ts";
import type { Illness } from "#domain/illness.ts";
import { type Instant, type PoolState, type WorkloadKey, type WorkloadState, isPlace } from "#domain/workload.ts";
import { type Signals, noSignals } from "#domain/sample.ts";
import type { Rights } from "#domain/rights.ts";
import { advance, isActedUpon, withoutSight } from "./advance.ts";
import { askForPicture } from "./picture.ts";
import { recordNews, withNews } from "./record-news.ts";
import { withSample } from "#analysis/samples.ts";
import { withoutLost } from "#analysis/lost.ts";
import { digestOf } from "#lib/digest.ts";
import type { Enqueue } from "./jobs.ts";
import type { Finding } from "./investigate.ts";

interface Verbs extends Pick<IncidentPort, "findIncident" | "updateIncident">, Pick<AuditPort, "audit">, SamplePort {
  readonly findWorkload: (key: WorkloadKey) => Promise<WorkloadState | undefined>;
  readonly findPool: (cluster: string) => Promise<PoolState | undefined>;
  readonly findSeenUntil: (cluster: string) => Promise<Instant | undefined>;
  readonly findRights: RightsPort["findRights"];
  readonly findIllnesses: (cluster: string, key: WorkloadKey) => Promise<readonly Illness[]>;
  readonly recentSignals: (key: WorkloadKey, now: Instant) => Promise<Signals>;
  readonly investigate: (incident: Incident, state: WorkloadState | undefined, now: Instant) => Promise<Finding>;
  readonly enqueue: Enqueue;
}

export interface TickOptions {
  readonly verbs: Verbs;
  readonly now: () => Instant;
  /** Clock milliseconds between two looks. */
  readonly everyMs: number;
  readonly capMargin: number;
  /** Readings older than this many clock milliseconds say nothing about now. */
  readonly blindAfterMs: number;
}

/** Looks at an open incident again: how it stands, what did it, what is next; and makes the next look due. */
export function createTick({ verbs, now, everyMs, capMargin, blindAfterMs }: TickOptions): (incidentId: string) => Promise<void> {
  return async (incidentId) => {
    const incident = await verbs.findIncident(incidentId);
    if (!incident) return;
    const at = now();
    if (incident.status === "settled") return endLost(verbs, incident, at);
    const { seenUntil = at, ...reading } = await read(verbs, incident, at);
    await askForRights(verbs, incident, reading.rights, at);
    const isBlind = at - seenUntil > blindAfterMs;
    const isDue = isThere(incident, reading.state) && isInvestigated(incident, at);
    const finding = isDue ? await verbs.investigate(incident, reading.state, at) : undefined;
    const look = { at, ...reading, finding, capMargin };
    const updated = await verbs.updateIncident(incidentId, (current) => {
      const next = isBlind ? withoutSight(current, finding) : advance(current, look);
      return next && withNews(current, next, at);
    });
    if (updated) await tell(verbs, incident, updated);
    if (updated?.status === "settled") return;
    const slot = Math.floor(at / everyMs) + 1;
    await verbs.enqueue("tick", { incidentId }, { id: `tick/${incidentId}/${slot}`, delayMs: slot * everyMs - at });
  };
}

/** For the picture; where nobody saw the cluster the moment is an old one, and known. */
async function keepSample(verbs: Verbs, { id, now, workload }: Incident): Promise<void> {
  const samples = withSample(await verbs.samples(id), now, isPlace(workload));
  if (samples) await verbs.saveSamples(id, samples);
}

/** Nothing of a settled incident is looked at any more, but an undo to which no answer came must not stand there as under way. */
async function endLost(verbs: Verbs, settled: Incident, at: Instant): Promise<void> {
  const updated = await verbs.updateIncident(settled.id, (current) => {
    const plan = current.plan.map((step) => withoutLost(step, at));
    return plan.every((step, index) => step === current.plan[index]) ? undefined : withNews(current, { ...current, plan }, at);
  });
  await recordNews(verbs, updated ?? settled);
  await announceNews(verbs, settled, updated ?? settled);
}

/** Writes down what the look changed, and has it shown where it is worth an edit. */
async function tell(verbs: Verbs, before: Incident, after: Incident): Promise<void> {
  await recordNews(verbs, after);
  await keepSample(verbs, after);
  await askForPicture(verbs.enqueue, after);
  await announceNews(verbs, before, after);
}

async function announceNews(verbs: Verbs, before: Incident, after: Incident): Promise<void> {
  if (digestOf(newsOf(after)) === digestOf(newsOf(before))) return;
  await verbs.enqueue("announce", { incidentId: after.id }, { id: `announce/${after.id}`, coalesce: true });
}

/** What the cluster's agent and Prometheus say now. A cluster or a namespace has no state and no signals of its own. */
async function read(verbs: Verbs, { workload, key }: Incident, at: Instant) {
  const { cluster } = workload;
  const place = isPlace(workload);
  const [seenUntil, state, pool, illnesses, signals, rights] = await Promise.all([
    verbs.findSeenUntil(cluster),
    place ? undefined : verbs.findWorkload(key),
    verbs.findPool(cluster),
    verbs.findIllnesses(cluster, key),
    place ? noSignals : verbs.recentSignals(key, at),
    place ? undefined : verbs.findRights(cluster, key),
  ]);
  return { seenUntil, state, pool, illnesses, signals, rights: rights ?? ("unknown" as const) };
}

/** Rights come and go: the agent asks every five minutes. */
const rightsMs = 5 * 60_000;

/** Has the agent ask what it may do, where that is not known, or was asked long ago. */
async function askForRights(verbs: Verbs, { id, workload }: Incident, rights: Rights | "unknown", at: Instant): Promise<void> {
  if (isPlace(workload) || (rights !== "unknown" && at - rights.at < rightsMs)) return;
  const slot = Math.floor(at / rightsMs);
  await verbs.enqueue("rights", { incidentId: id, workload }, { id: `rights/${id}/${slot}`, cluster: workload.cluster });
}

function isThere({ workload }: Incident, state: WorkloadState | undefined): boolean {
  return state !== undefined || isPlace(workload);
}

/** What is worth an edit: anything but mere readings, and those the more rarely the calmer and older it is. */
function newsOf(incident: Incident): object {
  const { now, openedAt, status } = incident;
  const isOld = now.at - openedAt > 60 * 60_000;
  const everyMs = isOld ? 5 * 60_000 : status === "open" ? 15_000 : 60_000;
  // What a rollout has done so far is told once it is complete.
  const plan = incident.plan.map((step) => (step.seen?.seconds === undefined ? { ...step, seen: undefined } : step));
  return { ...incident, version: 0, unrecorded: undefined, picture: undefined, plan, now: Math.floor(now.at / everyMs) };
}

/** The cause is looked for until somebody has acted upon it. */
function isInvestigated(incident: Incident, at: Instant): boolean {
  if (isActedUpon(incident)) return false;
  const since = incident.diagnosis ? at - incident.diagnosis.at : Number.POSITIVE_INFINITY;
  const isYoung = at - incident.openedAt < 30 * 60_000;
  return since >= (isYoung ? 60_000 : 10 * 60_000);
}
