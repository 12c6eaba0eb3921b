import type { KubeConnection } from "#clients/kubernetes/connection.ts";
import type { KubeConfigMap, KubeMeta } from "#clients/kubernetes/objects.ts";
import type { Room } from "#domain/rollout.ts";
import { listAll } from "#clients/kubernetes/list.ts";
import { findQuantity } from "#clients/kubernetes/quantity.ts";
import { pathOf } from "#clients/kubernetes/path.ts";

/** karpenter.sh/v1 */
interface NodePool {
  readonly metadata: KubeMeta;
  readonly spec?: { readonly limits?: Readonly<Record<string, string | number>> };
  readonly status?: { readonly resources?: Readonly<Record<string, string>> };
}

const MAX_TEXT = 200_000;

/** How many nodes may still be bought, as Cluster Autoscaler or Karpenter says; undefined: neither does. */
export async function readSpareNodes(connection: KubeConnection, newNode: Room | undefined): Promise<number | undefined> {
  const said = await listAll<KubeConfigMap>(connection, pathOf("v1", "kube-system", "configmaps"), {
    // A list, not a read: the agent may list ConfigMaps.
    fieldSelector: "metadata.name=cluster-autoscaler-status",
  });
  const status = said.find(({ metadata }) => metadata.name === "cluster-autoscaler-status")?.data?.["status"];
  if (status !== undefined) return spareInStatus(status);
  return spareInPools(await listAll<NodePool>(connection, pathOf("karpenter.sh/v1", undefined, "nodepools")), newNode);
}

/** Of all groups together: YAML since 1.30 (`maxSize: 10`), text before (`maxSize=10`). Pure. */
export function spareInStatus(status: string): number | undefined {
  const groups = [
    ...status
      .slice(0, MAX_TEXT)
      .matchAll(/cloudProviderTarget[:=] ?(\d{1,6})[\s(]{1,40}minSize[:=] ?\d{1,6}[\s,]{1,40}maxSize[:=] ?(\d{1,6})/g),
  ];
  if (groups.length === 0) return undefined;
  return groups.reduce((sum, [, target, most]) => sum + Math.max(0, Number(most) - Number(target)), 0);
}

/** A pool without limits grows without end: then it is not known. Pure. */
export function spareInPools(pools: readonly NodePool[], newNode: Room | undefined): number | undefined {
  const spare = pools.map(({ spec, status }) => spareInPool(spec?.limits ?? {}, status?.resources ?? {}, newNode));
  if (spare.length === 0 || spare.includes(undefined)) return undefined;
  return spare.reduce<number>((sum, nodes = 0) => sum + nodes, 0);
}

function spareInPool(
  limits: Readonly<Record<string, string | number>>,
  used: Readonly<Record<string, string>>,
  newNode: Room | undefined,
): number | undefined {
  const size: Readonly<Record<string, number | undefined>> = { cpu: newNode?.cores, memory: newNode?.memory, nodes: 1 };
  const bounds = Object.entries(size).flatMap(([resource, each]) => {
    const most = findQuantity(limits[resource]?.toString());
    return most === undefined || !each ? [] : [Math.floor((most - (findQuantity(used[resource]) ?? 0)) / each)];
  });
  return bounds.length === 0 ? undefined : Math.max(0, Math.min(...bounds));
}
