import type { Change } from "#domain/change.ts";
import type { Illness } from "#domain/illness.ts";
import type { PoolNormal } from "#domain/pool-normal.ts";
import type { Observation } from "#domain/ports/cluster.ts";
import { type Instant, type PoolState, type WorkloadKey, type WorkloadState, placeRef, workloadKey } from "#domain/workload.ts";
import { type ClusterMemory, hearEvent, lookAtCluster, rememberCluster } from "#analysis/illness/cluster.ts";
import { type HeldSymptoms, follow, heldFrom } from "#analysis/illness/follow.ts";
import type { Latency } from "#analysis/illness/slower.ts";
import { quotaExhausted } from "#analysis/illness/namespace.ts";
import { noPoolNormal } from "#analysis/illness/pool-normal.ts";
import { type WorkloadMemory, isWorthALook, lookAtWorkload, rememberWorkload } from "#analysis/illness/workload.ts";
import type { Diagnosed } from "./illness.ts";

/** Everything of one cluster that may be ill, as it was last heard, and what is remembered of it. Waits for nothing. */
export interface Ward {
  hear(observation: Observation): void;
  /** What is wrong at every subject that was ill or heard of since the last look. */
  look(at: Instant): Diagnosed[];
  /** What was told before a restart. */
  remember(told: ReadonlyMap<WorkloadKey, readonly Illness[]>, normal: PoolNormal | undefined): void;
  normal(): PoolNormal;
  /** Workloads that rolled out within the last hour, and when. */
  rolledOut(at: Instant): { readonly key: WorkloadKey; readonly rolloutAt: Instant }[];
  /** What Prometheus says of one of them. */
  hearLatency(key: WorkloadKey, latency: Latency | undefined): void;
}

interface Patient {
  state: WorkloadState;
  memory: WorkloadMemory | undefined;
  latency: Latency | undefined;
  heard: boolean;
}

interface Beds {
  readonly cluster: string;
  readonly runsAway: () => boolean;
  readonly patients: Map<WorkloadKey, Patient>;
  readonly rollouts: Map<WorkloadKey, Instant>;
  readonly told: Map<WorkloadKey, readonly Illness[]>;
  readonly namespaces: Map<string, HeldSymptoms>;
  readonly gone: Diagnosed[];
  memory: ClusterMemory;
  pool: PoolState | undefined;
  autoscalerProblem: string | undefined;
}

/** An empty one. */
export function createWard(cluster: string, runsAway: () => boolean): Ward {
  const beds: Beds = {
    cluster,
    runsAway,
    patients: new Map(),
    rollouts: new Map(),
    told: new Map(),
    namespaces: new Map(),
    gone: [],
    memory: rememberCluster(noPoolNormal, [], 0),
    pool: undefined,
    autoscalerProblem: undefined,
  };
  return {
    hear: (observation) => hear(beds, observation),
    look: (at) => [...lookAtWorkloads(beds, at), ...lookAtNamespaces(beds, at), ...lookAtPlace(beds, at)],
    remember: (told, normal) => {
      for (const [key, illnesses] of told) beds.told.set(key, illnesses);
      if (normal) beds.memory = { ...beds.memory, normal };
    },
    normal: () => beds.memory.normal,
    rolledOut: (at) => rolledOut(beds, at),
    hearLatency: (key, latency) => {
      const patient = beds.patients.get(key);
      if (patient) beds.patients.set(key, { ...patient, latency, heard: true });
    },
  };
}

function hear(beds: Beds, observation: Observation): void {
  switch (observation.kind) {
    case "workload": {
      const { state } = observation;
      const key = workloadKey(state.workload);
      const { memory, latency } = beds.patients.get(key) ?? {};
      beds.patients.set(key, { state, memory, latency, heard: true });
      return;
    }
    case "workload-gone":
      return lose(beds, observation.key);
    case "pool":
      beds.pool = observation.pool;
      return;
    case "change":
      return hearChange(beds, observation.change);
    case "event":
      beds.memory = hearEvent(beds.memory, observation);
      return;
    case "node-autoscaler":
      beds.autoscalerProblem = observation.problem;
  }
}

const RECENT_MS = 60 * 60_000;

function rolledOut({ patients, rollouts }: Beds, at: Instant): { key: WorkloadKey; rolloutAt: Instant }[] {
  return [...rollouts].flatMap(([key, rolloutAt]) => {
    const revision = patients.get(key)?.state.revision ?? 1;
    return at - rolloutAt <= RECENT_MS && revision > 1 ? [{ key, rolloutAt }] : [];
  });
}

function hearChange({ rollouts }: Beds, change: Change): void {
  if (change.kind === "rollout") rollouts.set(change.workload, Math.max(change.at, rollouts.get(change.workload) ?? 0));
}

function lose(beds: Beds, key: WorkloadKey): void {
  const patient = beds.patients.get(key);
  if (patient) beds.gone.push({ subject: patient.state.workload, illnesses: [], fresh: [] });
  beds.patients.delete(key);
  beds.rollouts.delete(key);
}

/** What was told before a restart of workloads that are not there any more: looks begin once the cluster is known. */
function leftOver({ cluster, told, patients }: Beds): Diagnosed[] {
  const keys = [...told.keys()].filter((key) => !key.endsWith("/") && !patients.has(key));
  return keys.map((key) => {
    told.delete(key);
    const [, namespace = "", name = ""] = key.split("/");
    return { subject: { cluster, namespace, kind: "Deployment", name }, illnesses: [], fresh: [] };
  });
}

function lookAtWorkloads(beds: Beds, at: Instant): Diagnosed[] {
  const found = [...beds.gone.splice(0), ...leftOver(beds)];
  for (const [key, patient] of beds.patients) {
    const { state, heard } = patient;
    if (patient.memory && !heard && !isWorthALook(patient.memory, state)) continue;
    const known = patient.memory ?? rememberWorkload(state, take(beds.told, key), at);
    const { latency } = patient;
    const { memory, illnesses, fresh } = lookAtWorkload(known, state, { at, rolloutAt: beds.rollouts.get(key), latency });
    beds.patients.set(key, { state, memory, latency, heard: false });
    found.push({ subject: state.workload, illnesses, fresh, report: { state, peakReplicas: state.desired } });
  }
  return found;
}

/** Namespaces in which somebody is refused, or was. */
function lookAtNamespaces(beds: Beds, at: Instant): Diagnosed[] {
  const { cluster, memory, namespaces, told } = beds;
  const refused = Map.groupBy(
    [...beds.patients.values()].map(({ state }) => state).filter(({ cannotCreate }) => cannotCreate !== undefined),
    ({ workload }) => workload.namespace,
  );
  const heard = Map.groupBy(
    memory.heard.filter(({ namespace, reason }) => namespace !== undefined && reason === "FailedCreate"),
    ({ namespace }) => namespace ?? "",
  );
  const names = new Set([...refused.keys(), ...heard.keys(), ...namespaces.keys(), ...namespacesOf(told)]);
  return [...names].map((namespace) => {
    const subject = placeRef(cluster, namespace);
    const before = namespaces.get(namespace) ?? heldFrom(take(told, workloadKey(subject)), at);
    const facts = { at, refused: refused.get(namespace) ?? [], heard: heard.get(namespace) ?? [] };
    const symptom = quotaExhausted(facts);
    const { held, illnesses, fresh } = follow(before, symptom ? [symptom] : [], at);
    if (Object.keys(held).length > 0) namespaces.set(namespace, held);
    else namespaces.delete(namespace);
    return { subject, illnesses, fresh };
  });
}

/** Namespaces of which something was told before a restart. */
function namespacesOf(told: ReadonlyMap<WorkloadKey, unknown>): string[] {
  const parts = [...told.keys()].map((key) => key.split("/"));
  return parts.flatMap(([, namespace = "", name]) => (name === "" && namespace !== "" ? [namespace] : []));
}

function lookAtPlace(beds: Beds, at: Instant): Diagnosed[] {
  if (!beds.pool) return [];
  const subject = placeRef(beds.cluster);
  const told = take(beds.told, workloadKey(subject));
  if (told.length > 0) beds.memory = { ...beds.memory, held: heldFrom(told, at) };
  const { autoscalerProblem } = beds;
  const seen = lookAtCluster(beds.memory, beds.pool, { at, runaway: beds.runsAway(), autoscalerProblem });
  beds.memory = seen.memory;
  return [{ subject, illnesses: seen.illnesses, fresh: seen.fresh }];
}

function take(told: Map<WorkloadKey, readonly Illness[]>, key: WorkloadKey): readonly Illness[] {
  const found = told.get(key) ?? [];
  told.delete(key);
  return found;
}
