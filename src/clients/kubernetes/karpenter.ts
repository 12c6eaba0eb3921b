import { callKube, expectKube, failureOf, findKube } from "./answer.ts";
import type { WriteOptions } from "./api.ts";
import type { KubeConnection } from "./connection.ts";
import { listAll } from "./list.ts";
import type { KubeMeta } from "./objects.ts";
import { pathOf } from "./path.ts";

/** karpenter.sh/v1: what Karpenter buys a node with, and gives it back by. */
export interface KubeNodeClaim {
  readonly metadata: KubeMeta;
  readonly status?: { readonly nodeName?: string };
}

const path = (name?: string) => pathOf("karpenter.sh/v1", undefined, "nodeclaims", name);

/** All NodeClaims; none where Karpenter is not installed. */
export async function listNodeClaims(connection: KubeConnection): Promise<KubeNodeClaim[]> {
  const first = { path: path(), query: { limit: 1 } };
  const answer = await callKube(connection, first);
  if (answer.code === 404) return [];
  if (answer.code >= 300) throw failureOf(first, answer);
  return listAll(connection, path());
}

/** Reads one NodeClaim, or undefined. */
export function readNodeClaim(connection: KubeConnection, name: string): Promise<KubeNodeClaim | undefined> {
  return findKube(connection, { path: path(name) });
}

/** Deletes the NodeClaim with that uid: Karpenter then empties its node and ends the machine. StaleError for a namesake. */
export async function deleteNodeClaim(
  connection: KubeConnection,
  { name, uid }: { readonly name: string; readonly uid: string },
  { dryRun }: Pick<WriteOptions, "dryRun"> = {},
): Promise<void> {
  const body = {
    apiVersion: "v1",
    kind: "DeleteOptions",
    preconditions: { uid },
    ...(dryRun && { dryRun: ["All"] }),
  };
  await expectKube(connection, { method: "DELETE", path: path(name), query: { dryRun: dryRun ? "All" : undefined }, body });
}
