import type { KubeCondition, KubeNode } from "#clients/kubernetes/objects.ts";
import type { NodeState } from "#domain/workload.ts";
import { findInstant, findQuantity } from "#clients/kubernetes/quantity.ts";

/** Labels by which clouds and node autoscalers say which pool or group a node is of; the more special ones first. */
const poolLabels = [
  "karpenter.sh/nodepool",
  "cloud.google.com/gke-nodepool",
  "eks.amazonaws.com/nodegroup",
  "alpha.eksctl.io/nodegroup-name",
  "kubernetes.azure.com/agentpool",
  "doks.digitalocean.com/node-pool",
  "kops.k8s.io/instancegroup",
];

const controlPlane = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];

/** Keeps of a Node what counts it; undefined for nodes of the control plane, which no workload buys. Pure. */
export function toNodeState({ metadata, spec, status }: KubeNode): NodeState | undefined {
  if (controlPlane.some((label) => metadata.labels?.[label] !== undefined)) return undefined;
  return {
    name: metadata.name,
    uid: metadata.uid,
    createdAt: findInstant(metadata.creationTimestamp) ?? 0,
    ready: isTrue(status?.conditions, "Ready"),
    cordoned: spec?.unschedulable ?? false,
    cores: findCores(status) ?? 0,
    ...findPool(metadata.labels),
  };
}

function findPool(labels: Readonly<Record<string, string>> = {}): { readonly pool?: string } {
  const pool = poolLabels.map((label) => labels[label]).find((name) => name);
  return pool === undefined ? {} : { pool };
}

function isTrue(conditions: readonly KubeCondition[] = [], type: string): boolean {
  return conditions.some((condition) => condition.type === type && condition.status === "True");
}

function findCores(status: KubeNode["status"]): number | undefined {
  return findQuantity(status?.allocatable?.["cpu"] ?? status?.capacity?.["cpu"]);
}
