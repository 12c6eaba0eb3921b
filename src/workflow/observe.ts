import type { Baseline } from "#domain/baseline.ts";
import type { Change } from "#domain/change.ts";
import type { ClusterPort } from "#domain/ports/store.ts";
import type { Observation, PrometheusPort } from "#domain/ports/cluster.ts";
import { type Instant, type PoolState, type WorkloadKey, type WorkloadState, workloadKey } from "#domain/workload.ts";
import { type DetectSettings, learn, observe, readingOf, usualOf } from "#analysis/detect.ts";
import { digestOf } from "#lib/digest.ts";
import { messageOf } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";
import type { Enqueue, SpikeReport } from "./jobs.ts";

type Verbs = Pick<
  ClusterPort,
  "loadBaselines" | "saveBaselines" | "saveWorkloads" | "forgetWorkloads" | "savePool" | "workloads"
> &
  Pick<PrometheusPort, "replicaHistory"> & { readonly enqueue: Enqueue };

export interface ObserverOptions {
  readonly cluster: string;
  readonly settings: DetectSettings;
  readonly now: () => Instant;
  readonly verbs: Verbs;
  readonly log: Log;
}

/** Turns what the watch hears into stored state, changes and spikes. Nothing is dropped before Redis has it. */
export interface Observer {
  /** Takes one observation; returns true when it should be flushed soon. */
  accept(observation: Observation): boolean;
  /** Sends what is pending, in the order that a crash forgives: what was told is remembered last. */
  flush(): Promise<void>;
  /** Once the cluster is read completely: forgets stored workloads that it does not have any more. */
  forgetMissing(): Promise<void>;
  /** Does a workload run away now, by so many replicas that the cluster feels it? */
  runsAway(): boolean;
  /** Reads stored baselines, and learns from Prometheus what is not known. Call before the watch starts. */
  learn(): Promise<void>;
}

const week = 7 * 24 * 3_600_000;
const learnStepSeconds = 300;
const feltReplicas = 20;

interface Pending {
  readonly baselines: Map<WorkloadKey, Baseline>;
  readonly states: Map<WorkloadKey, WorkloadState>;
  readonly gone: Set<WorkloadKey>;
  readonly changes: Map<string, Change>;
  readonly spikes: Map<WorkloadKey, SpikeReport>;
  pool?: PoolState;
}

/** Creates it; nothing runs until it is called. */
export function createObserver(options: ObserverOptions): Observer {
  const { cluster, verbs, now } = options;
  const known = new Map<WorkloadKey, Baseline>();
  const rollouts = new Map<WorkloadKey, Instant>();
  const heard = new Set<WorkloadKey>();
  const pending: Pending = { baselines: new Map(), states: new Map(), gone: new Set(), changes: new Map(), spikes: new Map() };

  const read = (state: WorkloadState): boolean => {
    const key = workloadKey(state.workload);
    heard.add(key);
    pending.states.set(key, state);
    pending.gone.delete(key);
    // A DaemonSet's count follows the nodes: it has no normal of its own.
    if (state.workload.kind === "DaemonSet") return false;
    const seen = observe(known.get(key), readingOf(state, rollouts.get(key)), options.settings);
    known.set(key, seen.baseline);
    pending.baselines.set(key, seen.baseline);
    if (!seen.spike) return false;
    pending.spikes.set(key, {
      spike: seen.spike,
      state,
      peakReplicas: usualOf(seen.baseline, seen.spike.startedAt).peakReplicas,
    });
    return true;
  };

  return {
    accept: (observation) => accept(observation, { read, known, rollouts, pending }),
    flush: () => flush(cluster, pending, verbs),
    forgetMissing: async () => {
      const stored = (await verbs.workloads(cluster)).map((state) => workloadKey(state.workload));
      const missing = stored.filter((key) => !heard.has(key));
      if (missing.length > 0) await verbs.forgetWorkloads(cluster, missing);
    },
    runsAway: () => [...known.values()].some(({ spike }) => spike && spike.highest - spike.baseline >= feltReplicas),
    learn: async () => {
      for (const baseline of await verbs.loadBaselines(cluster)) known.set(baseline.workload, baseline);
      await learnHistory(options, known, now());
    },
  };
}

interface Hearing {
  readonly read: (state: WorkloadState) => boolean;
  readonly known: Map<WorkloadKey, Baseline>;
  readonly rollouts: Map<WorkloadKey, Instant>;
  readonly pending: Pending;
}

function accept(observation: Observation, { read, known, rollouts, pending }: Hearing): boolean {
  switch (observation.kind) {
    case "workload":
      return read(observation.state);
    case "workload-gone":
      known.delete(observation.key);
      pending.states.delete(observation.key);
      pending.gone.add(observation.key);
      return false;
    case "pool":
      pending.pool = observation.pool;
      return false;
    case "change": {
      const { change } = observation;
      if (change.kind === "rollout") rollouts.set(change.workload, Math.max(change.at, rollouts.get(change.workload) ?? 0));
      pending.changes.set(change.id, change);
      return true;
    }
    case "event":
    case "node-autoscaler":
      return false;
  }
}

async function learnHistory(
  { cluster, verbs, log }: ObserverOptions,
  known: Map<WorkloadKey, Baseline>,
  at: Instant,
): Promise<void> {
  try {
    const history = await verbs.replicaHistory(cluster, at - week, at, learnStepSeconds);
    let learnt = 0;
    for (const [key, points] of history) {
      if (known.has(key) || points.length === 0) continue;
      known.set(key, learn(key, points, at));
      learnt++;
    }
    log.info({ cluster, learnt, stored: known.size - learnt }, "Normal is known");
  } catch (error) {
    log.warn({ cluster, error: messageOf(error) }, "Cannot read history from Prometheus; normal is learnt by watching");
  }
}

async function flush(cluster: string, pending: Pending, verbs: Verbs): Promise<void> {
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
