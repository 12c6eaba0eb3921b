import { deleteGracefully } from "#sim/cluster/collect.ts";
import { nonZero } from "./deployment-status.ts";
import { rankOf as classRankOf } from "./priority.ts";
import { conditionOf, isReady, type Pod, type ReplicaSet, type ReplicaSetStatus } from "./kinds.ts";
import { ownedBy, type World } from "./world.ts";

/** Pods that the controller may still create or delete before it has to wait, as its queries a second allow. */
export interface Allowance {
  left: number;
}

/** One pass of the ReplicaSet controller over the ReplicaSets that something happened to. */
export function runReplicaSets(world: World, allowance: Allowance, now: number): void {
  const { dirtyReplicaSets, replicaSets } = world.index;
  const due = [...dirtyReplicaSets];
  dirtyReplicaSets.clear();
  for (const uid of due) {
    const replicaSet = replicaSets.get(uid);
    if (!replicaSet) continue;
    bringTo(world, replicaSet, allowance, now);
    writeStatus(world, replicaSet);
  }
}

function bringTo(world: World, replicaSet: ReplicaSet, allowance: Allowance, now: number): void {
  const { uid } = replicaSet.metadata;
  const missing = replicaSet.spec.replicas - (world.index.tallies.get(uid)?.active ?? 0);
  const most = Math.min(allowance.left, Math.abs(missing));
  allowance.left -= most;
  if (missing > 0) createPods(world, replicaSet, most, now);
  if (missing < 0) deletePods(world, replicaSet, most, now);
  if (most < Math.abs(missing)) world.index.dirtyReplicaSets.add(uid);
}

function createPods(world: World, replicaSet: ReplicaSet, howMany: number, now: number): void {
  const make = podMaker(world, replicaSet);
  if (!make) return refuse(world, replicaSet, now);
  for (let index = 0; index < howMany; index += 1) {
    const { metadata } = world.store.create("v1/pods", make(podName(world, replicaSet)));
    say(world, replicaSet, "SuccessfulCreate", `Created pod: ${metadata.name}`, now);
  }
}

/** How a pod of this ReplicaSet begins; undefined when admission refuses it. All share labels, annotations, owner and spec: there may be thousands. */
export function podMaker({ store }: World, replicaSet: ReplicaSet) {
  const { namespace, name } = replicaSet.metadata;
  const { metadata: given, spec: wanted } = replicaSet.spec.template;
  const rank = classRankOf(store, wanted);
  if (!rank) return undefined;
  const spec = { ...wanted, ...rank };
  const ownerReferences = ownedBy(replicaSet);
  const status = { phase: "Pending", qosClass: "Burstable" };
  const labels = given?.labels ?? {};
  const annotations = given?.annotations ? { annotations: given.annotations } : {};
  return (podName: string) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { generateName: `${name}-`, name: podName, namespace, labels, ...annotations, ownerReferences },
    spec,
    status,
  });
}

function refuse(world: World, replicaSet: ReplicaSet, now: number): void {
  const { priorityClassName } = replicaSet.spec.template.spec;
  const pods = `pods "${replicaSet.metadata.name}-" is forbidden`;
  const message = `Error creating: ${pods}: no PriorityClass with name ${priorityClassName} was found`;
  world.events.say(
    { about: replicaSet, type: "Warning", reason: "FailedCreate", message, component: "replicaset-controller" },
    now,
  );
}

const letters = "bcdfghjklmnpqrstvwxz2456789";

/** A free name for a pod of this ReplicaSet. */
export function podName({ store, random }: World, { metadata }: ReplicaSet): string {
  for (;;) {
    let name = `${metadata.name.slice(0, 57)}-`;
    for (let index = 0; index < 5; index += 1) name += letters[Math.floor(random() * letters.length)];
    if (!store.get("v1/pods", metadata.namespace, name)) return name;
  }
}

function deletePods(world: World, replicaSet: ReplicaSet, howMany: number, now: number): void {
  const active = [...world.index.podsOf.of(replicaSet.metadata.uid).values()].filter(
    (pod) => pod.metadata.deletionTimestamp === undefined,
  );
  for (const pod of firstToGo(active, howMany)) {
    deleteGracefully(world.store, "v1/pods", pod, now);
    say(world, replicaSet, "SuccessfulDelete", `Deleted pod: ${pod.metadata.name}`, now);
  }
}

/** Which pods go first: those on no node, not running, not ready, those that share a node with most others, then the youngest (controller_utils.go, ActivePodsWithRanks). */
export function firstToGo(pods: readonly Pod[], howMany: number): readonly Pod[] {
  if (howMany >= pods.length) return pods;
  const together = new Map<string, number>();
  for (const { spec } of pods) if (spec.nodeName) together.set(spec.nodeName, (together.get(spec.nodeName) ?? 0) + 1);
  const ranked = pods.map((pod) => ({ pod, rank: rankOf(pod, together) }));
  return ranked
    .sort((a, b) => compare(a.rank, b.rank))
    .slice(0, howMany)
    .map(({ pod }) => pod);
}

function rankOf(pod: Pod, together: ReadonlyMap<string, number>): readonly number[] {
  const ready = conditionOf(pod, "Ready");
  return [
    pod.spec.nodeName ? 1 : 0,
    pod.status?.phase === "Pending" ? 0 : 1,
    isReady(pod) ? 1 : 0,
    -(together.get(pod.spec.nodeName ?? "") ?? 0),
    -Date.parse(ready?.lastTransitionTime ?? pod.metadata.creationTimestamp),
    -Date.parse(pod.metadata.creationTimestamp),
  ];
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function say(world: World, about: ReplicaSet, reason: string, message: string, now: number): void {
  world.events.say({ about, type: "Normal", reason, message, component: "replicaset-controller" }, now);
}

function writeStatus(world: World, replicaSet: ReplicaSet): void {
  const { uid, namespace, name } = replicaSet.metadata;
  const tally = world.index.tallies.get(uid) ?? { active: 0, ready: 0, terminating: 0 };
  const status: ReplicaSetStatus = {
    replicas: tally.active,
    ...nonZero({ fullyLabeledReplicas: tally.active, readyReplicas: tally.ready, availableReplicas: tally.ready }),
    terminatingReplicas: tally.terminating,
    observedGeneration: replicaSet.metadata.generation ?? 1,
  };
  world.store.modify("apps/v1/replicasets", namespace, name, (object) => ({ ...object, status }));
}
