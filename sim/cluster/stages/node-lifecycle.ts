import type { KubeObject } from "#sim/cluster/types.ts";
import type { Node, Taint } from "./kinds.ts";
import { controllerManager } from "./revisions.ts";
import { toTime, type World } from "./world.ts";

const cordonTaint = "node.kubernetes.io/unschedulable";

/** Taints cordoned nodes, as the node controller does, and removes pods whose node is gone, as pod garbage collection does. */
export function lookAfterNodes(world: World, now: number): void {
  for (const node of world.index.nodes.values()) taint(world, node, now);
  removeFromLostNodes(world);
}

function taint({ store }: World, { metadata, spec }: Node, now: number): void {
  const isTainted = spec?.taints?.some(({ key }) => key === cordonTaint) ?? false;
  const isCordoned = spec?.unschedulable ?? false;
  if (isTainted === isCordoned) return;
  const others = (spec?.taints ?? []).filter(({ key }) => key !== cordonTaint);
  const added: Taint = { key: cordonTaint, effect: "NoSchedule", timeAdded: toTime(now) };
  const taints = isCordoned ? [...others, added] : others;
  const change = (object: KubeObject) => ({
    ...object,
    spec: { ...object.spec, taints: taints.length > 0 ? taints : undefined },
  });
  store.modify("v1/nodes", undefined, metadata.name, change, controllerManager);
}

function removeFromLostNodes({ index, store }: World): void {
  const { podsOn, nodes } = index;
  const lost = [...podsOn.groups].filter(([name]) => !nodes.has(name)).flatMap(([, pods]) => [...pods.values()]);
  for (const { metadata } of lost) store.delete("v1/pods", metadata.namespace, metadata.name);
}
