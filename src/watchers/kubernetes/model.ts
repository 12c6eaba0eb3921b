import { isDeepStrictEqual } from "node:util";
import type { Observation } from "#domain/ports/cluster.ts";
import { type AutoscalerState, type Instant, type WorkloadKey, type WorkloadKind, workloadKey } from "#domain/workload.ts";
import type { ScalerState } from "./autoscaler-state.ts";
import { type About, type DeploymentState, toWorkloadState } from "./deployment-state.ts";
import { findCurrent } from "./current.ts";
import { findAutoscalerEdit, findScaling } from "./edits.ts";
import type { PodState } from "./pod-state.ts";
import { createPodLosses, type PodLosses } from "./pod-losses.ts";
import { createPodTally, type PodTally } from "./pod-tally.ts";
import type { Revision } from "./revision.ts";
import { toHistory, toRollout } from "./rollout.ts";

/** The ledger keeps so long; older rollouts are not told again at each start. */
const HISTORY_MS = 30 * 24 * 3_600_000;

/** What is known of a cluster's workloads; tells what changed, from `begin` on. */
export interface Model {
  /** All lists are complete: tells the history and every workload. */
  readonly begin: () => void;
  readonly deployment: (next: DeploymentState, old: DeploymentState | undefined) => void;
  readonly deploymentGone: (old: DeploymentState) => void;
  readonly revision: (next: Revision, old: Revision | undefined) => void;
  readonly revisionGone: (old: Revision) => void;
  readonly scaler: (next: ScalerState, old: ScalerState | undefined) => void;
  readonly scalerGone: (old: ScalerState) => void;
  readonly pod: (next: PodState, old: PodState | undefined) => void;
  readonly podGone: (old: PodState) => void;
  /** Tells the workloads whose pods moved since the last call: thousands of moves are a few readings. */
  readonly tellPods: () => void;
  readonly pendingPods: () => number;
}

interface State {
  readonly cluster: string;
  readonly now: () => Instant;
  readonly emit: (observation: Observation) => void;
  readonly deployments: Map<WorkloadKey, DeploymentState>;
  /** By uid of the Deployment, then of the ReplicaSet. */
  readonly revisions: Map<string, Map<string, Revision>>;
  /** By key of the workload, then name of the HPA. */
  readonly scalers: Map<WorkloadKey, Map<string, ScalerState>>;
  readonly told: Map<WorkloadKey, Told>;
  readonly pods: PodTally;
  readonly losses: PodLosses;
  /** By uid of a ReplicaSet, StatefulSet or DaemonSet. */
  readonly keyOfOwner: Map<string, WorkloadKey>;
  begun: boolean;
}

interface Told extends About {
  readonly deployment: DeploymentState;
}

/** Starts nothing. */
export function createModel(options: Pick<State, "cluster" | "now" | "emit">): Model {
  const state: State = {
    ...options,
    deployments: new Map(),
    revisions: new Map(),
    scalers: new Map(),
    told: new Map(),
    pods: createPodTally(),
    losses: createPodLosses(),
    keyOfOwner: new Map(),
    begun: false,
  };
  return {
    begin: () => begin(state),
    deployment: (next, old) => takeDeployment(state, next, old),
    deploymentGone: (old) => loseDeployment(state, old),
    revision: (next, old) => takeRevision(state, next, old),
    revisionGone: (old) => {
      removeFrom(state.revisions, old.ownerUid, old.uid);
      state.keyOfOwner.delete(old.uid);
      state.pods.forget(old.uid);
      state.losses.forget(old.uid);
    },
    scaler: (next, old) => takeScaler(state, next, old),
    scalerGone: (old) => {
      const key = keyOfScaler(state, old);
      removeFrom(state.scalers, key, old.autoscaler.name);
      tell(state, key);
    },
    pod: (next, old) => {
      state.losses.note(next, old);
      state.pods.upsert(next, old, state.begun);
    },
    podGone: (old) => state.pods.remove(old),
    tellPods: () => tellPods(state),
    pendingPods: () => state.pods.unscheduled,
  };
}

function begin(state: State): void {
  if (state.begun) return;
  state.begun = true;
  const now = state.now();
  for (const [key, deployment] of state.deployments) {
    const revisions = [...(state.revisions.get(deployment.uid)?.values() ?? [])];
    const current = findCurrent(revisions, deployment)?.revision;
    const about = { since: now - HISTORY_MS, now, current, progressedAt: deployment.progressedAt };
    for (const change of toHistory(key, revisions, about)) state.emit({ kind: "change", change });
    tell(state, key);
  }
}

function takeDeployment(state: State, next: DeploymentState, old: DeploymentState | undefined): void {
  const key = workloadKey(next.workload);
  const rival = state.deployments.get(key);
  if (rival && RANK[rival.workload.kind] < RANK[next.workload.kind]) return;
  state.deployments.set(key, next);
  if (next.workload.kind !== "Deployment") state.keyOfOwner.set(next.uid, key);
  // A DaemonSet's count follows the nodes.
  const settable = state.begun && next.workload.kind !== "DaemonSet";
  const scaling = old && settable ? findScaling(old, next, state.scalers.has(key), state.now()) : undefined;
  if (scaling) state.emit({ kind: "change", change: scaling });
  tell(state, key);
}

/** Two kinds may share a name, and so a key: the first of these is the one that is told. */
const RANK: Readonly<Record<WorkloadKind, number>> = { Deployment: 0, StatefulSet: 1, DaemonSet: 2 };

function loseDeployment(state: State, old: DeploymentState): void {
  const key = workloadKey(old.workload);
  state.keyOfOwner.delete(old.uid);
  state.pods.forget(old.uid);
  if (state.deployments.get(key)?.uid !== old.uid) return;
  state.deployments.delete(key);
  state.told.delete(key);
  if (state.begun) state.emit({ kind: "workload-gone", key });
}

function takeRevision(state: State, next: Revision, old: Revision | undefined): void {
  const key = workloadKey({ cluster: state.cluster, namespace: next.namespace, name: next.ownerName });
  const siblings = state.revisions.get(next.ownerUid) ?? new Map<string, Revision>();
  state.revisions.set(next.ownerUid, siblings.set(next.uid, next));
  state.keyOfOwner.set(next.uid, key);
  if (state.begun && old?.revision !== next.revision) {
    const at = old ? state.now() : next.createdAt;
    state.emit({ kind: "change", change: toRollout(key, next, siblings.values(), at) });
  }
  tell(state, key);
}

function takeScaler(state: State, next: ScalerState, old: ScalerState | undefined): void {
  const key = keyOfScaler(state, next);
  if (old && keyOfScaler(state, old) !== key) removeFrom(state.scalers, keyOfScaler(state, old), old.autoscaler.name);
  const known = state.scalers.get(key) ?? new Map<string, ScalerState>();
  state.scalers.set(key, known.set(next.autoscaler.name, next));
  const edit = old && state.begun ? findAutoscalerEdit(state.cluster, old, next, state.now()) : undefined;
  if (edit) state.emit({ kind: "change", change: edit });
  tell(state, key);
}

/** Tells a workload as it stands, unless that was told already. */
function tell(state: State, key: WorkloadKey): void {
  const deployment = state.deployments.get(key);
  if (!state.begun || !deployment) return;
  const about = aboutOf(state, key, deployment);
  const next: Told = { deployment, ...about };
  if (isDeepStrictEqual(next, state.told.get(key))) return;
  state.told.set(key, next);
  state.emit({ kind: "workload", state: toWorkloadState(deployment, { at: state.now(), ...about }) });
}

function aboutOf(state: State, key: WorkloadKey, deployment: DeploymentState): About {
  const current = findCurrent(state.revisions.get(deployment.uid)?.values() ?? [], deployment);
  const revisions = state.revisions.get(deployment.uid)?.keys() ?? [];
  return {
    preempted: state.losses.find([deployment.uid, ...revisions], state.now()),
    autoscaler: findAutoscaler(state, key),
    templateHash: current?.templateHash,
    revision: current?.revision,
    // A Deployment's pods belong to its ReplicaSets; those of the others to itself.
    pods:
      current && state.pods.find(deployment.workload.kind === "Deployment" ? current.uid : deployment.uid, current.templateHash),
  };
}

function tellPods(state: State): void {
  if (!state.begun) return;
  for (const owner of state.pods.takeMoved()) {
    const key = state.keyOfOwner.get(owner);
    if (key !== undefined) tell(state, key);
  }
}

/** Two HPAs of one workload are a mistake; the first by name is taken, so that it is always the same. */
function findAutoscaler(state: State, key: WorkloadKey): AutoscalerState | undefined {
  const names = [...(state.scalers.get(key)?.keys() ?? [])].sort();
  return state.scalers.get(key)?.get(names[0] ?? "")?.autoscaler;
}

function keyOfScaler(state: State, scaler: ScalerState): WorkloadKey {
  return workloadKey({ cluster: state.cluster, namespace: scaler.namespace, name: scaler.target });
}

function removeFrom<T>(map: Map<string, Map<string, T>>, outer: string, inner: string): void {
  const found = map.get(outer);
  found?.delete(inner);
  if (found?.size === 0) map.delete(outer);
}
