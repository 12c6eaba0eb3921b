import { withDefaults } from "#sim/cluster/defaults.ts";
import type { KubeObject } from "#sim/cluster/types.ts";
import type { Deployment, Pod, PodTemplate, ReplicaSet } from "./kinds.ts";
import { canServe, runningStatus } from "./kubelet.ts";
import { runControllers } from "./life.ts";
import { type Manifest, resourceNameOf, toNewObject } from "./manifests.ts";
import { addNodes, type NodePool } from "./nodes.ts";
import { podMaker, podName } from "./replicasets.ts";
import { createReplicaSet, splitReplicaSets } from "./revisions.ts";
import { fencepostsOf } from "./deployments.ts";
import { cpuOf } from "./quantity.ts";
import { createPlacer, roomsOf } from "./scheduler.ts";
import { hashLabel, hashOfTemplate, withHash } from "./template-hash.ts";
import { ownedBy, toTime, type World } from "./world.ts";

/** How the start is told. `at` runs something as if it were that time. */
export interface Start {
  readonly world: World;
  readonly pool: NodePool;
  /** Since when all this has been so, milliseconds; a manifest's own creationTimestamp wins. */
  readonly since: number;
  readonly at: <T>(time: number, act: () => T) => T;
}

/** Fills an empty cluster as if it had run for long: nodes, ReplicaSets of earlier revisions, and as many ready pods as each Deployment wants. */
export function settle(start: Start, manifests: readonly Manifest[]): void {
  const { world, pool, since, at } = start;
  if (!manifests.some(({ kind }) => kind === "Node")) at(since, () => addNodes(world, pool, pool.least, since));
  const histories = manifests.filter(({ kind }) => kind === "ReplicaSet");
  for (const manifest of manifests) {
    if (manifest.kind === "ReplicaSet") continue;
    const object = createAsOf(start, manifest);
    if (manifest.kind === "Deployment") settleDeployment(start, object as Deployment, histories);
  }
}

function bornAt({ since }: Start, { metadata }: Manifest): number {
  const given = Date.parse(metadata.creationTimestamp ?? "");
  return Number.isNaN(given) ? since : given;
}

function createAsOf(start: Start, manifest: Manifest): KubeObject {
  return start.at(bornAt(start, manifest), () =>
    start.world.store.create(resourceNameOf(manifest), toNewObject(manifest), "kubectl"),
  );
}

function settleDeployment(start: Start, deployment: Deployment, histories: readonly Manifest[]): void {
  const { world, since, at } = start;
  const uid = deployment.metadata.uid;
  for (const manifest of histories) if (belongsTo(deployment, manifest)) adopt(start, deployment, manifest);
  const max = deployment.spec.replicas + fencepostsOf(deployment).surge;
  const { fresh } = splitReplicaSets(world, deployment);
  const replicaSet = fresh ?? at(since, () => createReplicaSet(world, deployment, deployment.spec.replicas, max));
  const born = Date.parse(replicaSet.metadata.creationTimestamp);
  at(born, () => {
    if (replicaSet.spec.replicas !== deployment.spec.replicas) grow(world, replicaSet, deployment.spec.replicas);
    createPods(world, world.index.replicaSets.get(replicaSet.metadata.uid) ?? replicaSet, born);
    world.index.dirtyDeployments.add(uid);
    runControllers(world, { left: deployment.spec.replicas }, born);
  });
}

function grow(world: World, { metadata }: ReplicaSet, replicas: number): void {
  const resize = (object: KubeObject) => ({ ...object, spec: { ...object.spec, replicas } });
  world.store.modify("apps/v1/replicasets", metadata.namespace, metadata.name, resize);
}

function belongsTo({ metadata, spec }: Deployment, manifest: Manifest): boolean {
  const labels = templateOf(manifest).metadata?.labels ?? {};
  const wanted = Object.entries(spec.selector.matchLabels ?? {});
  return manifest.metadata.namespace === metadata.namespace && wanted.every(([key, value]) => labels[key] === value);
}

function templateOf(manifest: Manifest): PodTemplate {
  return (manifest.spec as { readonly template: PodTemplate }).template;
}

/** An earlier revision's ReplicaSet, with the name (if it has none), the owner, hash and selector that the Deployment controller would have given it. */
function adopt(start: Start, deployment: Deployment, manifest: Manifest): void {
  const filled = withDefaults("apps/v1/replicasets", manifest as KubeObject).spec as ReplicaSet["spec"];
  const hash = hashOfTemplate(filled.template);
  const template = withHash(filled.template, hash);
  const name = manifest.metadata.name || `${deployment.metadata.name}-${hash}`;
  const labels = { ...manifest.metadata.labels, ...template.metadata?.labels };
  const selector = { matchLabels: { ...deployment.spec.selector.matchLabels, [hashLabel]: hash } };
  createAsOf(start, {
    ...manifest,
    metadata: { ...manifest.metadata, name, labels, ownerReferences: ownedBy(deployment) },
    spec: { replicas: 0, ...(manifest.spec as object), selector, template },
    status: { replicas: 0 },
  });
}

function createPods(world: World, replicaSet: ReplicaSet, born: number): void {
  const make = podMaker(world, replicaSet);
  if (!make) return;
  const place = createPlacer(roomsOf(world.index));
  const { requestMilli } = cpuOf(replicaSet.spec.template.spec);
  for (let count = 0; count < replicaSet.spec.replicas; count += 1) {
    const room = place(requestMilli);
    if (!room) return;
    const pod = make(podName(world, replicaSet));
    const scheduled = { type: "PodScheduled", status: "True" as const, lastProbeTime: null, lastTransitionTime: toTime(born) };
    const bound = { ...pod, spec: { ...pod.spec, nodeName: room.name }, status: { ...pod.status, conditions: [scheduled] } };
    const created = world.store.create("v1/pods", bound) as Pod;
    const ready = canServe(world, created);
    const { namespace, name } = created.metadata;
    world.store.modify("v1/pods", namespace, name, (object) => ({
      ...object,
      status: runningStatus(object as Pod, ready, born),
    }));
  }
}
