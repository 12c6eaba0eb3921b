import type { Incident, TimelineEntry } from "#domain/incident.ts";
import type { Instant, PoolState, WorkloadState } from "#domain/workload.ts";
import type { Signals } from "#domain/sample.ts";
import { assess } from "#analysis/assess.ts";
import { plan } from "#analysis/plan.ts";
import { situation } from "#analysis/situation.ts";
import { timelineOf } from "#analysis/timeline.ts";
import type { Finding } from "./investigate.ts";

export interface Look {
  readonly at: Instant;
  readonly state?: WorkloadState;
  readonly pool?: PoolState;
  readonly signals: Signals;
  readonly finding?: Finding;
}

/** The incident after one more look: how it stands, its status, its plan and its timeline. Undefined when there is nothing to say. */
export function advance(current: Incident, look: Look): Incident | undefined {
  const { at, state, pool, signals, finding } = look;
  if (current.status === "settled" || !state) return undefined;
  const now = situation(state, pool, signals, at);
  const acted = current.plan.some((step) => step.kind === "rollback" && (step.state === "running" || step.state === "done"));
  const seen: Incident = {
    ...current,
    now,
    peak: { replicas: Math.max(current.peak.replicas, now.desired), nodes: Math.max(current.peak.nodes, now.nodes) },
    lastRiseAt: now.desired > current.now.desired ? at : current.lastRiseAt,
    diagnosis: acted ? current.diagnosis : (finding?.diagnosis ?? current.diagnosis),
    alerts: finding?.alerts ?? current.alerts,
  };
  const judged: Incident = { ...seen, ...assess(seen, at) };
  const planned: Incident = { ...judged, plan: plan(judged, at) };
  return { ...planned, timeline: merge(current.timeline, timelineOf(planned, finding?.changes ?? [], at)) };
}

const maxEntries = 300;

function merge(known: readonly TimelineEntry[], fresh: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const byId = new Map([...known, ...fresh].map((entry) => [entry.id, entry]));
  return [...byId.values()].toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).slice(-maxEntries);
}
