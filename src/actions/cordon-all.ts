import type { KubeNode } from "#clients/kubernetes/objects.ts";
import type { DrainIntent, NodeRef, NodesIntent } from "#domain/intent.ts";
import type { StepOrder } from "#domain/order.ts";
import { type ActionContext, counted } from "./action.ts";
import { cordonNode, isOurs } from "./cordon-node.ts";
import { findNode, isCordoned } from "./nodes.ts";

/** What became of nodes that were to be cordoned. */
export interface Cordoned {
  /** They take no pods now, whoever saw to it. */
  readonly nodes: readonly KubeNode[];
  /** How many of these we cordoned now. */
  readonly now: number;
  /** Some of the intent's are cordoned for this incident, now or by a run before: there is something to take back. */
  readonly ours: boolean;
  /** They take pods as before: too few others would be left, or pods on them may not be moved. */
  readonly kept: number;
  /** The cluster refused. */
  readonly refused?: string;
}

/** Those of the intent that still exist with that uid. */
export function presentOf(workers: readonly KubeNode[], nodes: readonly NodeRef[]): KubeNode[] {
  const byUid = new Map(workers.map((node) => [node.metadata.uid, node]));
  return nodes.map(({ uid }) => byUid.get(uid)).filter((node) => node !== undefined);
}

/** Cordons these nodes one after another, while enough others take pods; `mustKeep` is asked just before. */
export async function cordonAll(
  context: ActionContext,
  workers: readonly KubeNode[],
  nodes: readonly KubeNode[],
  why: { readonly order: StepOrder; readonly intent: DrainIntent | NodesIntent },
  mustKeep: (node: KubeNode) => Promise<boolean> = async () => false,
): Promise<Cordoned> {
  let spare = workers.filter((node) => !isCordoned(node)).length - Math.max(1, why.order.keepNodes ?? 1);
  let [now, kept] = [0, 0];
  const done: KubeNode[] = [];
  for (const node of nodes) {
    if (isCordoned(node)) {
      done.push(node);
      continue;
    }
    const written = spare <= 0 || (await mustKeep(node)) ? "kept" : await cordonSettled(context, node, why);
    if (typeof written === "object")
      return { nodes: done, now, ours: isAnyOurs(nodes, why.order, now), kept, refused: written.text };
    if (written === "kept") kept += 1;
    else {
      done.push(node);
      now += 1;
      spare -= 1;
    }
  }
  return { nodes: done, now, ours: isAnyOurs(nodes, why.order, now), kept };
}

/** As they were read before: those that were cordoned since are counted. */
function isAnyOurs(nodes: readonly KubeNode[], order: StepOrder, now: number): boolean {
  return now > 0 || nodes.some((node) => isCordoned(node) && isOurs(node, order));
}

/** A node that moved is read and tried once more: kubelets write to it all the time. */
async function cordonSettled(context: ActionContext, node: KubeNode, why: Parameters<typeof cordonNode>[2]) {
  let current: KubeNode | undefined = node;
  for (let tries = 0; current && tries < 3; tries += 1) {
    const written = await cordonNode(context, current, why);
    if (written.kind === "written") return "cordoned";
    if (written.kind === "refused") return written;
    current = await findNode(context.connection, node.metadata);
  }
  return "kept";
}

/** A sentence about the nodes that were kept, with a blank before it. */
export function keptText({ kept }: Pick<Cordoned, "kept">): string {
  if (kept === 0) return "";
  return ` ${counted(kept, "node")} left alone: pods on ${kept === 1 ? "it" : "them"} may not be moved, or no more nodes can be spared.`;
}
