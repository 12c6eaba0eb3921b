import type { IncidentPort } from "#domain/ports/store.ts";
import type { Incident, Usual } from "#domain/incident.ts";
import type { PoolState } from "#domain/workload.ts";
import type { PrometheusPort } from "#domain/ports/cluster.ts";
import type { Signals } from "#domain/sample.ts";
import { workloadKey } from "#domain/workload.ts";
import { nodesBefore } from "#analysis/climb.ts";
import { situation } from "#analysis/situation.ts";
import { usualSignals } from "./usual.ts";
import { digestOf } from "#lib/digest.ts";
import type { Enqueue, SpikeReport } from "./jobs.ts";

interface Verbs extends Pick<IncidentPort, "openIncident" | "updateIncident">, Pick<PrometheusPort, "signals"> {
  readonly findPool: (cluster: string) => Promise<PoolState | undefined>;
  readonly enqueue: Enqueue;
}

const lookBackMs = 2 * 3_600_000;
const stepSeconds = 30;

/** Opens an incident for a spike, unless one is open for the workload; either way its next tick is due. */
export function createOpen(verbs: Verbs): (report: SpikeReport) => Promise<void> {
  return async ({ spike, state, peakReplicas }) => {
    const [pool, signals] = await Promise.all([
      verbs.findPool(state.workload.cluster),
      verbs.signals(spike.workload, spike.startedAt - lookBackMs, spike.detectedAt, stepSeconds),
    ]);
    const fresh = newIncident({ spike, state, peakReplicas }, pool, signals);
    let { incident } = await verbs.openIncident(fresh);
    if (incident.recoveredAt !== undefined && incident.recoveredAt < spike.detectedAt) {
      // It was well in between: this is another one, and people must hear of it.
      await verbs.updateIncident(incident.id, (old) => ({ ...old, status: "settled", settledAt: spike.detectedAt }));
      await verbs.enqueue("announce", { incidentId: incident.id }, { id: `announce/${incident.id}`, coalesce: true });
      ({ incident } = await verbs.openIncident(fresh));
    }
    await verbs.enqueue("tick", { incidentId: incident.id }, { id: `tick/${incident.id}/opened/${spike.detectedAt}` });
  };
}

function newIncident({ spike, state, peakReplicas }: SpikeReport, pool: PoolState | undefined, signals: Signals): Incident {
  const now = situation(state, pool, signals, spike.detectedAt);
  const usual: Usual = {
    replicas: spike.baseline,
    peakReplicas: Math.max(peakReplicas, spike.baseline),
    // A node that was there before the climb began counts as usual.
    nodes: pool && nodesBefore(pool.nodes, spike.startedAt),
    ...usualSignals(signals, spike.startedAt),
    basis: spike.basis,
  };
  return {
    id: `inc-${digestOf([spike.workload, spike.detectedAt]).slice(0, 12)}`,
    version: 1,
    workload: state.workload,
    key: workloadKey(state.workload),
    status: "open",
    openedAt: spike.detectedAt,
    spike,
    usual,
    now,
    peak: { replicas: state.desired, nodes: now.nodes },
    plan: [],
    alerts: [],
    timeline: [],
    lastRiseAt: spike.detectedAt,
  };
}
