import type { ActResult, Preview, PreviewResult, StepOrder } from "#domain/order.ts";
import type { NodesIntent } from "#domain/intent.ts";
import type { KubeNode } from "#clients/kubernetes/objects.ts";
import { type Action, type ActionContext, alreadyDone, count, counted, refused } from "./action.ts";
import { cordonAll, keptText, presentOf } from "./cordon-all.ts";
import { cordonNode, cordonedForAnnotation, isOurs, uncordonNode } from "./cordon-node.ts";
import { candidatesOf, isCordoned, namesOf, readWorkers } from "./nodes.ts";

/** The spike's nodes take no more pods; nothing is evicted. */
export function createCordon(context: ActionContext): Action<NodesIntent> {
  return {
    preview: async (order) => {
      const { bornSince, keepNodes = 1 } = order;
      if (bornSince === undefined) return refused("Nobody knows since when nodes were added.");
      const workers = await readWorkers(context.connection);
      const nodes = candidatesOf(workers, bornSince, Math.max(1, keepNodes)).filter((node) => !isCordoned(node));
      if (nodes.length === 0) return alreadyDone(`No node is left to cordon: ${counted(workers.length, "node")} in all.`);
      const tried = await rehearse(nodes, (node) => cordonNode(context, node, { order }));
      if (tried) return tried;
      const effects = [
        `${counted(nodes.length, "node")} born in the spike, youngest first, take no more pods: ${namesOf(nodes)}.`,
        "Nothing is evicted: pods that run there stay.",
        `Each is marked with the annotation ${cordonedForAnnotation}, so that only these are uncordoned later.`,
      ];
      const warnings = ["A node autoscaler adds new nodes for pods that find no room on the others."];
      return toPreview(context, "cordon", workers, nodes, { effects, warnings });
    },
    act: async (intent, order): Promise<ActResult> => {
      const workers = await readWorkers(context.connection);
      const present = presentOf(workers, intent.nodes);
      if (present.length === 0) return alreadyDone("All these nodes are gone already.");
      const cordoned = await cordonAll(context, workers, present, { order, intent });
      if (cordoned.refused !== undefined)
        return { ...refused(`${counted(cordoned.now, "node")} cordoned, then: ${cordoned.refused}`), partly: cordoned.ours };
      const done = `${counted(cordoned.now, "node")} cordoned; nothing was evicted.${keptText(cordoned)}`;
      if (cordoned.now > 0) return { kind: "done", text: done };
      return cordoned.nodes.length > 0 ? alreadyDone("These nodes are cordoned already.") : refused(done);
    },
  };
}

/** Nodes that we cordoned take pods again: those that are still there, and still as we left them. */
export function createUncordon(context: ActionContext): Action<NodesIntent> {
  return {
    preview: async (order) => {
      const workers = await readWorkers(context.connection);
      const { ours, others, text } = sortOut(workers, order);
      if (ours.length === 0) return alreadyDone(`No node is left to uncordon.${text}`);
      const tried = await rehearse(ours, (node) => uncordonNode(context, node, { order }));
      if (tried) return tried;
      const effects = [`${counted(ours.length, "node")} that we cordoned take pods again: ${namesOf(ours)}.`];
      const warnings = [...(others.length > 0 ? [text.trim()] : []), "Pods that were evicted do not come back by themselves."];
      return toPreview(context, "uncordon", workers, ours, { effects, warnings });
    },
    act: async (intent, order): Promise<ActResult> => {
      const { ours, text } = sortOut(await readWorkers(context.connection), { ...order, nodes: intent.nodes });
      if (ours.length === 0) return alreadyDone(`No node is left to uncordon.${text}`);
      let done = 0;
      for (const node of ours) {
        const written = await uncordonNode(context, node, { order, intent });
        if (written.kind === "refused")
          return { ...refused(`${done} of ${counted(ours.length, "node")} uncordoned, then: ${written.text}`), partly: done > 0 };
        if (written.kind === "written") done += 1;
      }
      const moved = ours.length - done;
      const left = moved > 0 ? ` ${counted(moved, "node")} changed meanwhile: left alone.` : "";
      return { kind: "done", text: `${counted(done, "node")} take${done === 1 ? "s" : ""} pods again.${left}${text}` };
    },
  };
}

/** Ours; those that somebody else cordoned; and a sentence about all that are not ours. */
function sortOut(workers: readonly KubeNode[], order: StepOrder) {
  const { nodes = [] } = order;
  const known = [...new Map(nodes.map((node) => [node.uid, node])).values()];
  const present = presentOf(workers, known);
  const cordoned = present.filter(isCordoned);
  const ours = cordoned.filter((node) => isOurs(node, order));
  const others = cordoned.filter((node) => !isOurs(node, order));
  const gone = known.length - present.length;
  const text = [
    others.length > 0 ? ` Somebody else cordoned ${namesOf(others)}: left as it is.` : "",
    gone > 0 ? ` ${counted(gone, "node")} ${gone === 1 ? "is" : "are"} gone.` : "",
  ].join("");
  return { ours, others, text };
}

type Tried = { readonly kind: string; readonly text?: string };

/** The write for the first node, as a dry run. */
async function rehearse([node]: readonly KubeNode[], write: (node: KubeNode) => Promise<Tried>) {
  const tried = node && (await write(node));
  return tried?.kind === "refused" ? refused(tried.text ?? "") : undefined;
}

function toPreview(
  { clock, cluster }: ActionContext,
  kind: NodesIntent["kind"],
  workers: readonly KubeNode[],
  nodes: readonly KubeNode[],
  said: Pick<Preview, "effects" | "warnings">,
): PreviewResult {
  const before = workers.filter((node) => !isCordoned(node)).length;
  const after = kind === "cordon" ? before - nodes.length : before + nodes.length;
  const intent: NodesIntent = { kind, cluster, nodes: nodes.map(({ metadata: { name, uid } }) => ({ name, uid })) };
  const changes = [{ what: "Nodes that take pods", before: count(before), after: count(after) }];
  return { kind: "preview", preview: { at: clock.now(), intent, ...said, changes, dryRun: "accepted" } };
}
