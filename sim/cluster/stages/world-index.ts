import type { KubeObject, StoreEvent } from "#sim/cluster/types.ts";
import { controllerOf, type Deployment, isReady, type Node, type Pod, type ReplicaSet } from "./kinds.ts";
import type { Autoscaler } from "./hpa-kinds.ts";
import { cpuOf } from "./quantity.ts";

/** How many pods a ReplicaSet has. */
interface Tally {
  active: number;
  ready: number;
  terminating: number;
}

/** What is taken on a node. */
interface Taken {
  cpuMilli: number;
  pods: number;
}

/** The objects as the stages ask for them; kept up to date by the store's events, so that no stage walks over all pods. Keys are uids, but for nodes names. */
export interface Index {
  readonly deployments: Map<string, Deployment>;
  readonly replicaSets: Map<string, ReplicaSet>;
  readonly autoscalers: Map<string, Autoscaler>;
  readonly nodes: Map<string, Node>;
  readonly replicaSetsOf: Groups<ReplicaSet>;
  readonly podsOf: Groups<Pod>;
  readonly podsOn: Groups<Pod>;
  readonly takenOn: Map<string, Taken>;
  /** By ReplicaSet. */
  readonly tallies: Map<string, Tally>;
  /** Not on a node yet. */
  readonly unscheduled: Map<string, Pod>;
  /** On a node, not yet running. */
  readonly starting: Map<string, Pod>;
  /** On a node, with a deletion timestamp. */
  readonly terminating: Map<string, Pod>;
  readonly dirtyDeployments: Set<string>;
  readonly dirtyReplicaSets: Set<string>;
  readonly take: (event: StoreEvent) => void;
}

/** Objects by group, each by uid. */
interface Groups<T extends KubeObject> {
  of(group: string | undefined): ReadonlyMap<string, T>;
  readonly groups: ReadonlyMap<string, ReadonlyMap<string, T>>;
  put(group: string | undefined, object: T): void;
  remove(group: string | undefined, object: T): void;
}

/** An index without objects. */
export function createIndex(): Index {
  const index: Index = {
    deployments: new Map(),
    replicaSets: new Map(),
    autoscalers: new Map(),
    nodes: new Map(),
    replicaSetsOf: createGroups(),
    podsOf: createGroups(),
    podsOn: createGroups(),
    takenOn: new Map(),
    tallies: new Map(),
    unscheduled: new Map(),
    starting: new Map(),
    terminating: new Map(),
    dirtyDeployments: new Set(),
    dirtyReplicaSets: new Set(),
    take: (event) => take(index, event),
  };
  return index;
}

function createGroups<T extends KubeObject>(): Groups<T> {
  const groups = new Map<string, Map<string, T>>();
  const none: ReadonlyMap<string, T> = new Map();
  return {
    groups,
    of: (group) => groups.get(group ?? "") ?? none,
    put: (group, object) => {
      if (!group) return;
      const members = groups.get(group) ?? new Map<string, T>();
      groups.set(group, members.set(object.metadata.uid, object));
    },
    remove: (group, object) => {
      const members = groups.get(group ?? "");
      members?.delete(object.metadata.uid);
      if (members?.size === 0) groups.delete(group ?? "");
    },
  };
}

function take(index: Index, { type, resource, object, old }: StoreEvent): void {
  const gone = type === "DELETED";
  switch (resource) {
    case "v1/pods":
      return takePod(index, old as Pod | undefined, gone ? undefined : (object as Pod));
    case "v1/nodes":
      return gone ? void index.nodes.delete(object.metadata.name) : void index.nodes.set(object.metadata.name, object);
    case "apps/v1/replicasets":
      return takeReplicaSet(index, object as ReplicaSet, gone);
    case "apps/v1/deployments":
      index.dirtyDeployments.add(object.metadata.uid);
      return keep(index.deployments, object as Deployment, !gone);
    case "autoscaling/v2/horizontalpodautoscalers":
      return keep(index.autoscalers, object as Autoscaler, !gone);
    default:
      return undefined;
  }
}

function keep<T extends KubeObject>(map: Map<string, T>, object: T, belongs: boolean): void {
  if (belongs) map.set(object.metadata.uid, object);
  else map.delete(object.metadata.uid);
}

function takeReplicaSet(index: Index, replicaSet: ReplicaSet, gone: boolean): void {
  const owner = controllerOf(replicaSet);
  keep(index.replicaSets, replicaSet, !gone);
  index.dirtyReplicaSets.add(replicaSet.metadata.uid);
  if (owner) index.dirtyDeployments.add(owner);
  if (gone) index.replicaSetsOf.remove(owner, replicaSet);
  else index.replicaSetsOf.put(owner, replicaSet);
}

function takePod(index: Index, old: Pod | undefined, pod: Pod | undefined): void {
  if (old) count(index, old, -1);
  if (pod) count(index, pod, 1);
  const either = pod ?? old;
  if (!either) return;
  const owner = controllerOf(either);
  if (owner) index.dirtyReplicaSets.add(owner);
  if (pod) index.podsOf.put(owner, pod);
  else index.podsOf.remove(owner, either);
  if (pod) index.podsOn.put(pod.spec.nodeName, pod);
  else index.podsOn.remove(either.spec.nodeName, either);
  const stage = pod && stageOf(pod);
  keep(index.unscheduled, either, stage === "unscheduled");
  keep(index.starting, either, stage === "starting");
  keep(index.terminating, either, stage === "terminating");
}

function stageOf({ metadata, spec, status }: Pod): "unscheduled" | "starting" | "running" | "terminating" {
  if (metadata.deletionTimestamp !== undefined) return "terminating";
  if (!spec.nodeName) return "unscheduled";
  return status?.phase === "Pending" ? "starting" : "running";
}

function count(index: Index, pod: Pod, by: 1 | -1): void {
  const owner = controllerOf(pod);
  const node = pod.spec.nodeName;
  if (owner) {
    const tally = index.tallies.get(owner) ?? { active: 0, ready: 0, terminating: 0 };
    index.tallies.set(owner, tally);
    if (pod.metadata.deletionTimestamp !== undefined) tally.terminating += by;
    else tally.active += by;
    if (isReady(pod)) tally.ready += by;
  }
  if (!node) return;
  const taken = index.takenOn.get(node) ?? { cpuMilli: 0, pods: 0 };
  index.takenOn.set(node, taken);
  taken.cpuMilli += by * cpuOf(pod.spec).requestMilli;
  taken.pods += by;
}
