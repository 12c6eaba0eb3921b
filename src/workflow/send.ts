import type { Baseline } from "#domain/baseline.ts";
import type { Change } from "#domain/change.ts";
import type { ClusterPort } from "#domain/ports/store.ts";
import type { PoolState, WorkloadKey, WorkloadState } from "#domain/workload.ts";
import { digestOf } from "#lib/digest.ts";
import type { Enqueue, SpikeReport } from "./jobs.ts";

type Verbs = Pick<ClusterPort, "saveBaselines" | "saveWorkloads" | "forgetWorkloads" | "savePool"> & {
  readonly enqueue: Enqueue;
};

/** What an agent has seen and Redis does not have yet. */
export interface Pending {
  readonly baselines: Map<WorkloadKey, Baseline>;
  readonly states: Map<WorkloadKey, WorkloadState>;
  readonly gone: Set<WorkloadKey>;
  readonly changes: Map<string, Change>;
  readonly spikes: Map<WorkloadKey, SpikeReport>;
  pool?: PoolState;
}

/** Sends what is pending, in the order that a crash forgives; what could not be sent stays. */
export async function flush(cluster: string, pending: Pending, verbs: Verbs): Promise<void> {
  await flushChanges(cluster, pending, verbs);
  await flushReadings(cluster, pending, verbs);
  const baselines = [...pending.baselines];
  const spikes = [...pending.spikes];
  for (const [key, report] of spikes) await verbs.enqueue("spike", report, { id: `spike/${key}/${report.spike.detectedAt}` });
  forget(pending.spikes, spikes);
  if (baselines.length > 0) await verbs.saveBaselines(cluster, values(baselines));
  forget(pending.baselines, baselines);
}

async function flushChanges(cluster: string, pending: Pending, verbs: Verbs): Promise<void> {
  const changes = [...pending.changes];
  for (let at = 0; at < changes.length; at += 200) {
    const batch = changes.slice(at, at + 200);
    const id = `changes/${cluster}/${batch[0]?.[0]}/${batch.length}/${digestOf(values(batch)).slice(0, 16)}`;
    await verbs.enqueue("changes", { changes: values(batch) }, { id });
    forget(pending.changes, batch);
  }
}

async function flushReadings(cluster: string, pending: Pending, verbs: Verbs): Promise<void> {
  const states = [...pending.states];
  if (states.length > 0) await verbs.saveWorkloads(cluster, values(states));
  forget(pending.states, states);
  const { pool } = pending;
  if (pool) await verbs.savePool(pool);
  if (pending.pool === pool) delete pending.pool;
  const gone = [...pending.gone];
  if (gone.length > 0) await verbs.forgetWorkloads(cluster, gone);
  for (const key of gone) pending.gone.delete(key);
}

function values<V>(entries: readonly (readonly [unknown, V])[]): V[] {
  return entries.map(([, value]) => value);
}

/** Takes out what was sent, unless something newer took its place meanwhile. */
function forget<K, V>(from: Map<K, V>, sent: readonly (readonly [K, V])[]): void {
  for (const [key, value] of sent) if (from.get(key) === value) from.delete(key);
}
