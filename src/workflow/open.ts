import type { AuditPort, IncidentPort, SamplePort } from "#domain/ports/store.ts";
import { type Incident, type Usual, leadOf } from "#domain/incident.ts";
import { noSignals, type Signals } from "#domain/sample.ts";
import { type PoolState, placeRef, workloadKey } from "#domain/workload.ts";
import type { PrometheusPort } from "#domain/ports/cluster.ts";
import type { Spike } from "#domain/spike.ts";
import { join } from "#analysis/trouble.ts";
import { nodesBefore } from "#analysis/climb.ts";
import { placeSituation, situation } from "#analysis/situation.ts";
import { firstSamples } from "#analysis/samples.ts";
import { withDoubling } from "#analysis/again.ts";
import { recordNews, withNews } from "./record-news.ts";
import { usualSignals } from "./usual.ts";
import { digestOf } from "#lib/digest.ts";
import type { Enqueue, SpikeReport } from "./jobs.ts";

interface Verbs
  extends Pick<IncidentPort, "openIncident" | "updateIncident">, Pick<AuditPort, "audit">, Pick<PrometheusPort, "signals"> {
  readonly saveSamples: SamplePort["saveSamples"];
  readonly findPool: (cluster: string) => Promise<PoolState | undefined>;
  readonly enqueue: Enqueue;
}

const lookBackMs = 2 * 3_600_000;
const stepSeconds = 30;

/** Opens an incident for a spike, or lets it join the one that is open for the same subject; either way the next tick is due. */
export function createOpen(verbs: Verbs): (report: SpikeReport) => Promise<void> {
  return async (report) => {
    const { spike, state } = report;
    const [pool, signals] = await Promise.all([
      verbs.findPool(subjectOf(report).cluster),
      state ? verbs.signals(spike.workload, spike.startedAt - lookBackMs, spike.detectedAt, stepSeconds) : noSignals,
    ]);
    const fresh = newIncident(report, pool, signals);
    let { incident, opened } = await verbs.openIncident(fresh);
    if (!opened && wasWell(incident, spike)) {
      // This is another one, and people must hear of it.
      const settled = { status: "settled", settledAt: spike.detectedAt } as const;
      const over = await verbs.updateIncident(incident.id, (old) => withNews(old, { ...old, ...settled }, spike.detectedAt));
      if (over) await recordNews(verbs, over);
      await verbs.enqueue("announce", { incidentId: incident.id }, { id: `announce/${incident.id}`, coalesce: true });
      ({ incident, opened } = await verbs.openIncident(fresh));
    }
    if (opened) await verbs.saveSamples(incident.id, firstSamples(incident, signals, pool));
    else await verbs.updateIncident(incident.id, (old) => (spike.again ? withDoubling(old, spike) : join(old, fresh)));
    await verbs.enqueue("tick", { incidentId: incident.id }, { id: `tick/${incident.id}/opened/${spike.detectedAt}` });
  };
}

/** A runaway may wait for hours, well, until its nodes are gone. The other troubles end minutes after they are gone: what comes before that joins. */
function wasWell(incident: Incident, spike: Spike): boolean {
  return leadOf(incident) === "runaway" && incident.recoveredAt !== undefined && incident.recoveredAt < spike.detectedAt;
}

function subjectOf({ subject, state, spike }: SpikeReport): Incident["workload"] {
  return state?.workload ?? subject ?? placeRef(spike.workload.split("/", 1)[0] ?? "");
}

function newIncident(report: SpikeReport, pool: PoolState | undefined, signals: Signals): Incident {
  const { spike, state } = report;
  const workload = subjectOf(report);
  const now = state ? situation(state, pool, signals, spike.detectedAt) : placeSituation(pool, spike.detectedAt);
  return {
    id: `inc-${digestOf([spike.workload, spike.detectedAt]).slice(0, 12)}`,
    version: 1,
    workload,
    key: workloadKey(workload),
    status: "open",
    openedAt: spike.detectedAt,
    spike,
    usual: usualOf(report, pool, signals),
    now,
    peak: { replicas: now.desired, nodes: now.nodes },
    plan: [],
    alerts: [],
    timeline: [],
    lastRiseAt: spike.detectedAt,
  };
}

/** Only a runaway's spike measures replicas; for the other troubles those that are wanted now are as good as usual. */
function usualOf({ spike, state, peakReplicas }: SpikeReport, pool: PoolState | undefined, signals: Signals): Usual {
  const isCount = spike.trouble === undefined || spike.trouble === "runaway" || spike.trouble === "above-ceiling";
  const replicas = isCount ? spike.baseline : (state?.desired ?? 0);
  return {
    replicas,
    peakReplicas: Math.max(peakReplicas, replicas),
    // A node that was there before the climb began counts as usual.
    nodes: pool && nodesBefore(pool.nodes, spike.startedAt),
    ...usualSignals(signals, spike.startedAt),
    basis: spike.basis,
  };
}
