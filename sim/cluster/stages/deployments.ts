import { isDeepStrictEqual } from "node:util";
import {
  type Fenceposts,
  newReplicaSetSize,
  resolveFenceposts,
  scaleInProportion,
  type Share,
  shrinkOld,
} from "./deployment-math.ts";
import { deploymentStatus, isComplete } from "./deployment-status.ts";
import type { Deployment, ReplicaSet } from "./kinds.ts";
import { annotation, controllerManager, createReplicaSet, renumber, revisionOf, splitReplicaSets } from "./revisions.ts";
import type { World } from "./world.ts";

/** One pass of the deployment controller over the Deployments that something happened to. */
export function runDeployments(world: World, now: number): void {
  const { dirtyDeployments, deployments } = world.index;
  const due = [...dirtyDeployments];
  dirtyDeployments.clear();
  for (const uid of due) {
    const deployment = deployments.get(uid);
    if (deployment) syncDeployment(world, deployment, now);
  }
}

/** Looks again at Deployments whose rollout has not ended, so that a deadline is noticed when nothing moves. */
export function touchUnfinished({ index }: World): void {
  for (const [uid, deployment] of index.deployments) {
    if (!isComplete(deployment, deployment.status ?? {})) index.dirtyDeployments.add(uid);
  }
}

function syncDeployment(world: World, deployment: Deployment, now: number): void {
  const posts = fencepostsOf(deployment);
  const { old } = splitReplicaSets(world, deployment);
  let { fresh } = splitReplicaSets(world, deployment);
  const scaled = isScaled(deployment, fresh ? [fresh, ...old] : old);
  if (fresh && !deployment.spec.paused) renumber(world, deployment, fresh, old);
  if (scaled || deployment.spec.paused) {
    rescale(world, deployment, fresh, old, posts, now);
  } else if (!fresh) {
    fresh = launch(world, deployment, old, posts, now);
  } else if (!roll(world, deployment, fresh, old, posts, now)) {
    forgetOldest(world, deployment, old);
  }
  writeStatus(world, deployment.metadata.uid, posts.unavailable, !scaled && !deployment.spec.paused, now);
}

/** Pods that this Deployment's rollouts may add and miss. */
export function fencepostsOf({ spec }: Deployment): Fenceposts {
  const { maxSurge, maxUnavailable } = spec.strategy?.rollingUpdate ?? {};
  return resolveFenceposts(maxSurge, maxUnavailable, spec.replicas);
}

function isScaled(deployment: Deployment, all: readonly ReplicaSet[]): boolean {
  return all.some(({ spec, metadata }) => {
    const desired = metadata.annotations?.[annotation.desired];
    return spec.replicas > 0 && desired !== undefined && Number(desired) !== deployment.spec.replicas;
  });
}

function rescale(
  world: World,
  deployment: Deployment,
  fresh: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
  { surge }: Fenceposts,
  now: number,
): void {
  const active = [...old, ...(fresh ? [fresh] : [])].filter(({ spec }) => spec.replicas > 0);
  const sizes = sizesAfterScaling(deployment, fresh, old, active, surge);
  for (const replicaSet of [...old, ...(fresh ? [fresh] : [])]) {
    const size = sizes.get(replicaSet.metadata.name);
    if (size !== undefined) resize(world, deployment, replicaSet, size, surge, now);
  }
}

function sizesAfterScaling(
  deployment: Deployment,
  fresh: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
  active: readonly ReplicaSet[],
  surge: number,
): ReadonlyMap<string, number> {
  const wanted = deployment.spec.replicas;
  if (active.length <= 1) {
    const only = active[0] ?? fresh ?? newest(old);
    return new Map(only ? [[only.metadata.name, wanted]] : []);
  }
  if (fresh && isSaturated(fresh, wanted)) return new Map(old.map(({ metadata }) => [metadata.name, 0]));
  return scaleInProportion(active.map(toShare), wanted, surge, deployment.status?.replicas ?? 0);
}

function isSaturated({ spec, status, metadata }: ReplicaSet, wanted: number): boolean {
  const desired = Number(metadata.annotations?.[annotation.desired]);
  return spec.replicas === wanted && desired === wanted && status?.availableReplicas === wanted;
}

function newest(all: readonly ReplicaSet[]): ReplicaSet | undefined {
  return [...all].sort((a, b) => revisionOf(b) - revisionOf(a))[0];
}

function launch(
  world: World,
  deployment: Deployment,
  old: readonly ReplicaSet[],
  { surge }: Fenceposts,
  now: number,
): ReplicaSet {
  const others = old.reduce((sum, { spec }) => sum + spec.replicas, 0);
  const size = mustWait(deployment, old) ? 0 : newReplicaSetSize(deployment.spec.replicas, 0, others, surge);
  const created = createReplicaSet(world, deployment, size, deployment.spec.replicas + surge);
  if (size > 0) sayScaled(world, deployment, created.metadata.name, 0, size, now);
  return created;
}

/** One step of a rollout: up first, or else down. Says whether there was one to take. */
function roll(
  world: World,
  deployment: Deployment,
  fresh: ReplicaSet,
  old: readonly ReplicaSet[],
  posts: Fenceposts,
  now: number,
): boolean {
  const size = nextSize(deployment, fresh, old, posts.surge);
  if (size !== fresh.spec.replicas) {
    resize(world, deployment, fresh, size, posts.surge, now);
    return true;
  }
  const active = old.filter(({ spec }) => spec.replicas > 0);
  const sizes = isRecreate(deployment)
    ? new Map<string, number>()
    : shrinkOld(active.map(toShare), toShare(fresh), deployment.spec.replicas, posts.unavailable);
  for (const replicaSet of active) {
    resize(world, deployment, replicaSet, sizes.get(replicaSet.metadata.name) ?? 0, posts.surge, now);
  }
  return active.length > 0;
}

function nextSize(deployment: Deployment, fresh: ReplicaSet, old: readonly ReplicaSet[], surge: number): number {
  if (mustWait(deployment, old)) return fresh.spec.replicas;
  const all = old.reduce((sum, { spec }) => sum + spec.replicas, fresh.spec.replicas);
  return newReplicaSetSize(deployment.spec.replicas, fresh.spec.replicas, all, surge);
}

function isRecreate({ spec }: Deployment): boolean {
  return spec.strategy?.type === "Recreate";
}

/** With the strategy Recreate nothing new starts before all that is old has ended. */
function mustWait(deployment: Deployment, old: readonly ReplicaSet[]): boolean {
  return isRecreate(deployment) && old.some(({ status }) => (status?.replicas ?? 0) + (status?.terminatingReplicas ?? 0) > 0);
}

function toShare({ metadata, spec, status }: ReplicaSet): Share {
  const max = metadata.annotations?.[annotation.max];
  return {
    name: metadata.name,
    replicas: spec.replicas,
    available: status?.availableReplicas ?? 0,
    maxBefore: max === undefined ? undefined : Number(max),
    createdAt: Date.parse(metadata.creationTimestamp),
  };
}

function resize(world: World, deployment: Deployment, replicaSet: ReplicaSet, size: number, surge: number, now: number): void {
  const { namespace, name } = replicaSet.metadata;
  const sized = {
    [annotation.desired]: String(deployment.spec.replicas),
    [annotation.max]: String(deployment.spec.replicas + surge),
  };
  world.store.modify("apps/v1/replicasets", namespace, name, (object) => ({
    ...object,
    metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...sized } },
    spec: size === replicaSet.spec.replicas ? object.spec : { ...object.spec, replicas: size },
  }));
  if (size !== replicaSet.spec.replicas) sayScaled(world, deployment, name, replicaSet.spec.replicas, size, now);
}

function sayScaled(world: World, about: Deployment, name: string, from: number, to: number, now: number): void {
  const message = `Scaled ${to > from ? "up" : "down"} replica set ${name} from ${from} to ${to}`;
  world.events.say({ about, type: "Normal", reason: "ScalingReplicaSet", message, component: "deployment-controller" }, now);
}

function forgetOldest(world: World, deployment: Deployment, old: readonly ReplicaSet[]): void {
  if (!isComplete(deployment, deployment.status ?? {})) return;
  const idle = old.filter(({ spec, status }) => spec.replicas === 0 && (status?.replicas ?? 0) === 0);
  const excess = idle.length - (deployment.spec.revisionHistoryLimit ?? 10);
  if (excess <= 0) return;
  const byRevision = [...idle].sort((a, b) => revisionOf(a) - revisionOf(b));
  for (const { metadata } of byRevision.slice(0, excess)) {
    world.store.delete("apps/v1/replicasets", metadata.namespace, metadata.name);
  }
}

function writeStatus(world: World, uid: string, unavailable: number, rollout: boolean, now: number): void {
  const deployment = world.index.deployments.get(uid);
  if (!deployment) return;
  const { fresh, old } = splitReplicaSets(world, deployment);
  const status = deploymentStatus(deployment, fresh, old, { unavailable, rollout, now });
  if (isDeepStrictEqual(status, deployment.status)) return;
  world.store.update("apps/v1/deployments", { ...deployment, status }, { subresource: "status", by: controllerManager });
}
