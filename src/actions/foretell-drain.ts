import type { NodeRef } from "#domain/intent.ts";
import { listPdbs } from "#clients/kubernetes/api.ts";
import type { ActionContext } from "./action.ts";
import { toBudget } from "./budgets.ts";
import { foretell, type Outcome } from "./foretell.ts";
import { readShares } from "./pace.ts";
import type { NodePod } from "./pods.ts";

/** Nodes that are emptied together: a tenth of them, four at least, `most` at most. */
export function batchesOf<T>(nodes: readonly T[], most: number): T[][] {
  const size = Math.max(1, Math.min(most, Math.max(4, Math.ceil(nodes.length / 10))));
  return Array.from({ length: Math.ceil(nodes.length / size) }, (_, index) => nodes.slice(index * size, (index + 1) * size));
}

/** What a drain of these nodes would come to now, with the pods, budgets and counts that there are. */
export async function foretellDrain(
  { connection, mostNodes }: Pick<ActionContext, "connection" | "mostNodes">,
  nodes: readonly NodeRef[],
  pods: readonly NodePod[],
): Promise<Outcome> {
  const podsOf = Map.groupBy(
    pods.filter(({ fate }) => fate.kind === "evict"),
    ({ node }) => node,
  );
  const full = nodes.map(({ name, claim }) => ({ name, pods: podsOf.get(name) ?? [], byKarpenter: claim !== undefined }));
  const moving = full.flatMap(({ pods }) => pods);
  const budgets = moving.length > 0 ? (await listPdbs(connection)).map(toBudget) : [];
  return foretell(batchesOf(full, mostNodes), budgets, await readShares(connection, moving));
}
