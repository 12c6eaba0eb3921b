import { isDeepStrictEqual } from "node:util";
import { type Illness, troubleOf } from "#domain/illness.ts";
import type { Observation, PrometheusPort } from "#domain/ports/cluster.ts";
import type { IllnessPort } from "#domain/ports/store.ts";
import type { Spike } from "#domain/spike.ts";
import { type Instant, type SubjectRef, type WorkloadKey, workloadKey } from "#domain/workload.ts";
import { latencySince } from "#analysis/illness/slower.ts";
import { type Ward, createWard } from "./ward.ts";
import type { Enqueue, SpikeReport } from "./jobs.ts";

export interface IllnessWatchOptions {
  readonly cluster: string;
  readonly now: () => Instant;
  readonly verbs: Omit<IllnessPort, "findIllnesses"> & Pick<PrometheusPort, "signals"> & { readonly enqueue: Enqueue };
  /** Does a workload of this cluster run away now? Then nodes and pods that wait are its doing. */
  readonly runsAway: () => boolean;
}

/** Turns what the watch hears into illnesses, stored, and told once each. */
export interface IllnessWatch {
  hear(observation: Observation): void;
  /** Looks at everything once more, and sends what is news. Called about once a second. */
  flush(): Promise<void>;
  /** Asks Prometheus how fast those are that rolled out within the hour. Called every few minutes. */
  readSignals(): Promise<void>;
  /** Reads what was told before a restart. Call before the watch starts. */
  recall(): Promise<void>;
}

/** What one look found at a subject. */
export interface Diagnosed {
  readonly subject: SubjectRef;
  readonly illnesses: readonly Illness[];
  /** Those of them that are news. */
  readonly fresh: readonly Illness[];
  /** Of a workload. */
  readonly report?: Pick<SpikeReport, "state" | "peakReplicas">;
}

/** Clock milliseconds between two looks: no rule holds for less than a minute. */
const LOOK_MS = 5_000;

/** A look asks Prometheus for so many workloads at most, the last that rolled out. */
const mostAsked = 50;
const askedBackMs = 30 * 60_000;

interface Pending {
  readonly illnesses: Map<WorkloadKey, readonly Illness[]>;
  readonly reports: Map<string, SpikeReport>;
}

/** Creates it; nothing runs until it is called. */
export function createIllnessWatch({ cluster, now, verbs, runsAway }: IllnessWatchOptions): IllnessWatch {
  const ward = createWard(cluster, runsAway);
  const stored = new Map<WorkloadKey, readonly Illness[]>();
  const pending: Pending = { illnesses: new Map(), reports: new Map() };
  let lookedAt = Number.NEGATIVE_INFINITY;
  let savedHours = 0;

  const look = (at: Instant): void => {
    for (const found of ward.look(at)) {
      const key = workloadKey(found.subject);
      if (!isDeepStrictEqual(found.illnesses, stored.get(key) ?? [])) pending.illnesses.set(key, found.illnesses);
      for (const report of reportsOf(key, found, at)) pending.reports.set(idOf(report), report);
    }
    lookedAt = at;
  };

  return {
    hear: (observation) => ward.hear(observation),
    flush: async () => {
      const at = now();
      if (at - lookedAt >= LOOK_MS) look(at);
      await send(cluster, pending, stored, verbs);
      const normal = ward.normal();
      if (normal.nodes.length !== savedHours) await verbs.savePoolNormal(cluster, normal);
      savedHours = normal.nodes.length;
    },
    readSignals: async () => {
      const at = now();
      for (const { key, rolloutAt } of ward.rolledOut(at).slice(-mostAsked)) {
        const signals = await verbs.signals(key, rolloutAt - askedBackMs, at, 30);
        ward.hearLatency(key, latencySince(signals, rolloutAt, at));
      }
    },
    recall: () => recall(cluster, ward, stored, verbs),
  };
}

async function recall(
  cluster: string,
  ward: Ward,
  stored: Map<WorkloadKey, readonly Illness[]>,
  verbs: IllnessWatchOptions["verbs"],
): Promise<void> {
  for (const { key, illnesses } of await verbs.illnesses(cluster)) stored.set(key, illnesses);
  const normal = await verbs.findPoolNormal(cluster);
  ward.remember(stored, normal);
}

/** The reports first: what is stored says that it was told. */
async function send(
  cluster: string,
  pending: Pending,
  stored: Map<WorkloadKey, readonly Illness[]>,
  verbs: IllnessWatchOptions["verbs"],
): Promise<void> {
  for (const [id, report] of pending.reports) {
    await verbs.enqueue("spike", report, { id });
    pending.reports.delete(id);
  }
  const entries = [...pending.illnesses].map(([key, illnesses]) => ({ key, illnesses }));
  if (entries.length === 0) return;
  await verbs.saveIllnesses(cluster, entries);
  for (const { key, illnesses } of entries) {
    if (illnesses.length > 0) stored.set(key, illnesses);
    else stored.delete(key);
    if (pending.illnesses.get(key) === illnesses) pending.illnesses.delete(key);
  }
}

/** One report a trouble: its first illness speaks for it. */
function reportsOf(key: WorkloadKey, { subject, fresh, report }: Diagnosed, at: Instant): SpikeReport[] {
  const first = new Map(fresh.toReversed().map((illness) => [troubleOf(illness.kind), illness]));
  return [...first.values()].map((illness) => ({ subject, spike: toSpike(key, illness, at), peakReplicas: 0, ...report }));
}

function toSpike(workload: WorkloadKey, { kind, since, value, usual, text }: Illness, at: Instant): Spike {
  const ratio = usual > 0 ? Math.round((value / usual) * 100) / 100 : 0;
  return {
    trouble: troubleOf(kind),
    workload,
    startedAt: since,
    detectedAt: at,
    value,
    baseline: usual,
    ratio,
    basis: "own-history",
    reason: text,
  };
}

function idOf({ spike }: SpikeReport): string {
  return `spike/${spike.workload}/${spike.trouble}/${spike.detectedAt}`;
}
