import { listNodes } from "#clients/kubernetes/api.ts";
import type { KubeConnection } from "#clients/kubernetes/connection.ts";
import type { KubeNode } from "#clients/kubernetes/objects.ts";
import { count } from "./action.ts";
import type { Instant } from "#domain/workload.ts";

const controlPlaneLabels = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];

/** All nodes but those of the control plane. */
export async function readWorkers(connection: KubeConnection): Promise<KubeNode[]> {
  const nodes = await listNodes(connection);
  return nodes.filter(({ metadata }) => !controlPlaneLabels.some((label) => metadata.labels?.[label] !== undefined));
}

/** A node with that name and uid, as it is now; a namesake is another node. */
export async function findNode(
  connection: KubeConnection,
  { name, uid }: Pick<KubeNode["metadata"], "name" | "uid">,
): Promise<KubeNode | undefined> {
  // A list of one: it needs no right that reading all of them does not.
  const nodes = await listNodes(connection, `metadata.name=${name}`);
  return nodes.find(({ metadata }) => metadata.uid === uid);
}

/** `a, b and 7 more` */
export function namesOf(nodes: readonly KubeNode[]): string {
  const names = nodes.slice(0, 10).map(({ metadata }) => metadata.name);
  return `${names.join(", ")}${nodes.length > 10 ? ` and ${count(nodes.length - 10)} more` : ""}`;
}

export function isCordoned({ spec }: KubeNode): boolean {
  return spec?.unschedulable === true;
}

function bornAt({ metadata }: KubeNode): Instant {
  return Date.parse(metadata.creationTimestamp);
}

/**
 * Nodes born at or after a moment, youngest first, so many that at least `keep` that take pods remain. Those that are
 * cordoned already take none, so giving them back costs nothing.
 */
export function candidatesOf(workers: readonly KubeNode[], bornSince: Instant, keep: number): KubeNode[] {
  const born = workers.filter((node) => bornAt(node) >= bornSince).sort((a, b) => bornAt(b) - bornAt(a));
  let spare = workers.filter((node) => !isCordoned(node)).length - keep;
  return born.filter((node) => isCordoned(node) || (spare -= 1) >= 0);
}
