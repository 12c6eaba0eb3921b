import type { ActResult, Preview, PreviewResult } from "#domain/order.ts";
import type { DrainIntent } from "#domain/intent.ts";
import { listPdbs, patchNode } from "#clients/kubernetes/api.ts";
import { evictPod } from "#clients/kubernetes/eviction.ts";
import type { KubeNode } from "#clients/kubernetes/objects.ts";
import { type Action, type ActionContext, alreadyDone, count, counted, refused } from "./action.ts";
import { budgetWarnings } from "./budgets.ts";
import { drainNodes } from "./drain-nodes.ts";
import { candidatesOf, isCordoned, readWorkers } from "./nodes.ts";
import { type NodePod, keptPod, readBoundPods } from "./pods.ts";
import { roomWarnings } from "./room.ts";
import { tryWrite } from "./write.ts";

/** Gives back the nodes of a spike: cordons and empties them. The node autoscaler removes the empty ones; we never delete a Node. */
export function createDrain(context: ActionContext): Action<DrainIntent> {
  return {
    preview: async (order) => {
      const { bornSince, keepNodes = 1 } = order;
      if (bornSince === undefined) return refused("Nobody knows since when nodes were added.");
      const workers = await readWorkers(context.connection);
      const candidates = candidatesOf(workers, bornSince, Math.max(1, keepNodes));
      const pods = candidates.length > 0 ? await readBoundPods(context.connection) : [];
      const podsOf = Map.groupBy(pods, ({ node }) => node);
      const kept = candidates.filter((node) => keptPod(podsOf.get(node.metadata.name)));
      const chosen = candidates.filter((node) => !kept.includes(node) && !isEmptied(node, podsOf.get(node.metadata.name)));
      if (chosen.length === 0) return nothingToGive(workers.length, kept, podsOf);
      const moving = chosen.flatMap(({ metadata }) =>
        (podsOf.get(metadata.name) ?? []).filter(({ fate }) => fate.kind === "evict"),
      );
      const no = await rehearse(context, chosen, moving);
      if (no) return no;
      const staying = workers.filter((node) => !chosen.includes(node) && !isCordoned(node));
      const warnings = [
        ...keptWarnings(kept, podsOf),
        ...budgetWarnings(moving, await listPdbs(context.connection)),
        ...roomWarnings(moving, staying, pods),
      ];
      return { kind: "preview", preview: toPreview(context, workers, chosen, moving, warnings) };
    },
    act: (intent, order): Promise<ActResult> => drainNodes(context, intent, order),
  };
}

function isEmptied(node: KubeNode, pods: readonly NodePod[] = []): boolean {
  return isCordoned(node) && pods.every(({ fate }) => fate.kind === "ignore");
}

function nothingToGive(
  workers: number,
  kept: readonly KubeNode[],
  podsOf: ReadonlyMap<string, readonly NodePod[]>,
): PreviewResult {
  if (kept.length > 0) return refused(keptWarnings(kept, podsOf).join(" "));
  return alreadyDone(`No node is left to give back: ${counted(workers, "node")} in all.`);
}

/** Cordons a node, and evicts a pod of each namespace, as dry runs: they show a missing right before a person decides. */
async function rehearse({ connection, fieldManager }: ActionContext, [node]: readonly KubeNode[], moving: readonly NodePod[]) {
  if (!node) return undefined;
  const body = { spec: { unschedulable: true } };
  const cordon = await tryWrite(() =>
    patchNode(connection, node.metadata.name, { type: "merge", body }, { dryRun: true, fieldManager }),
  );
  if (cordon.kind === "refused") return cordon;
  const onePerNamespace = new Map(moving.map((pod) => [pod.namespace, pod]));
  for (const pod of onePerNamespace.values()) {
    const eviction = await tryWrite(() => evictPod(connection, pod, { dryRun: true }));
    if (eviction.kind === "refused") return eviction;
  }
  return undefined;
}

function keptWarnings(kept: readonly KubeNode[], podsOf: ReadonlyMap<string, readonly NodePod[]>): string[] {
  const [first] = kept;
  const pod = first && keptPod(podsOf.get(first.metadata.name));
  if (!first || pod?.fate.kind !== "keep") return [];
  const example = `on ${first.metadata.name}, ${pod.namespace}/${pod.name} ${pod.fate.why}`;
  return [`${counted(kept.length, "node")} of the spike ${kept.length === 1 ? "is" : "are"} left alone: ${example}.`];
}

function toPreview(
  { clock, cluster }: ActionContext,
  workers: readonly KubeNode[],
  chosen: readonly KubeNode[],
  moving: readonly NodePod[],
  warnings: readonly string[],
): Preview {
  const names = chosen.map(({ metadata }) => metadata.name);
  const takingPods = workers.filter((node) => !isCordoned(node)).length;
  const left = workers.filter((node) => !isCordoned(node) && !chosen.includes(node)).length;
  return {
    at: clock.now(),
    intent: { kind: "drain", cluster, nodes: chosen.map(({ metadata: { name, uid } }) => ({ name, uid })) },
    effects: [
      `${counted(chosen.length, "node")} born in the spike, youngest first, take no more pods: ${names.slice(0, 10).join(", ")}${names.length > 10 ? ` and ${count(names.length - 10)} more` : ""}.`,
      `${counted(moving.length, "pod")} on them are evicted, of a workload a tenth at once and no more than its disruption budget allows, and start elsewhere.`,
      "Empty nodes are removed by the node autoscaler, usually after about 10 minutes. No Node is deleted here.",
    ],
    changes: [{ what: "Nodes that take pods", before: count(takingPods), after: count(left) }],
    warnings,
    dryRun: "accepted",
  };
}
