import type { ActResult, StepOrder } from "#domain/order.ts";
import type { DrainIntent } from "#domain/intent.ts";
import type { Instant } from "#domain/workload.ts";
import { patchNode, type JsonPatchOperation } from "#clients/kubernetes/api.ts";
import type { KubeNode } from "#clients/kubernetes/objects.ts";
import { type ActionContext, alreadyDone, counted, refused } from "./action.ts";
import { emptyNode, type Emptied } from "./drain-node.ts";
import { isCordoned, readWorkers } from "./nodes.ts";
import { keptPod, readPodsOn } from "./pods.ts";
import { createPace } from "./pace.ts";
import { leaveTrace, traceOperations } from "./traces.ts";
import { tryWrite } from "./write.ts";

/** Clock milliseconds for the whole act, and for one node of it. */
const actWithinMs = 30 * 60_000;
const nodeWithinMs = 10 * 60_000;

/**
 * First all nodes are cordoned, so that no pod moves from one to the next; then they are emptied, a tenth of them (four at
 * least) at a time. What is done already is found done: it can be run again at any moment.
 */
export async function drainNodes(context: ActionContext, intent: DrainIntent, order: StepOrder): Promise<ActResult> {
  const deadline = context.clock.now() + actWithinMs;
  const workers = await readWorkers(context.connection);
  const present = presentOf(workers, intent);
  if (present.length === 0) return alreadyDone("All these nodes are gone already.");
  const cordoned: KubeNode[] = [];
  let spare = workers.filter((node) => !isCordoned(node)).length - Math.max(1, order.keepNodes ?? 1);
  let kept = 0;
  for (const node of present) {
    const result = await cordon(context, order, intent, node, spare);
    if (result.kind === "refused") return result;
    if (result.kind === "kept") kept += 1;
    else cordoned.push(node);
    if (result.kind === "cordoned") spare -= 1;
  }
  const left = await emptyInBatches(context, order, cordoned, deadline);
  return toResult(cordoned.length, kept, left);
}

/** Those of the intent that still exist with that uid. */
function presentOf(workers: readonly KubeNode[], { nodes }: DrainIntent): KubeNode[] {
  const byUid = new Map(workers.map((node) => [node.metadata.uid, node]));
  return nodes.map(({ uid }) => byUid.get(uid)).filter((node) => node !== undefined);
}

type Cordoned = { readonly kind: "cordoned" | "cordoned-before" | "kept" } | { readonly kind: "refused"; readonly text: string };

/** `spare`: how many of the nodes that take pods can be done without. */
async function cordon(
  context: ActionContext,
  order: StepOrder,
  intent: DrainIntent,
  node: KubeNode,
  spare: number,
): Promise<Cordoned> {
  const { connection, fieldManager } = context;
  if (isCordoned(node)) return { kind: "cordoned-before" };
  const { name, uid } = node.metadata;
  if (spare <= 0 || keptPod(await readPodsOn(connection, name))) return { kind: "kept" };
  const operations: JsonPatchOperation[] = [
    { op: "test", path: "/metadata/uid", value: uid },
    ...traceOperations(context, order, node.metadata, intent),
    { op: "add", path: "/spec/unschedulable", value: true },
  ];
  const written = await tryWrite(() => patchNode(connection, name, { type: "json", operations }, { fieldManager }));
  if (written.kind === "refused") return written;
  if (written.kind === "moved") return { kind: "kept" };
  const touched = { apiVersion: "v1", kind: "Node", metadata: node.metadata };
  await leaveTrace(context, order, intent, touched, { kind: "done", text: "The node is cordoned, to be emptied." });
  return { kind: "cordoned" };
}

interface Left {
  readonly node: string;
  readonly why: string;
}

async function emptyInBatches(
  context: ActionContext,
  order: StepOrder,
  nodes: readonly KubeNode[],
  deadline: Instant,
): Promise<Left[]> {
  const size = Math.max(4, Math.ceil(nodes.length / 10));
  const left: Left[] = [];
  const pace = createPace(context);
  for (let start = 0; start < nodes.length; start += size) {
    if (await context.isStopped()) return [...left, ...nodes.slice(start).map(stopped)];
    const batch = nodes.slice(start, start + size);
    const until = Math.min(deadline, context.clock.now() + nodeWithinMs);
    const results = await Promise.all(batch.map((node) => emptyNode(context, node.metadata.name, pace, until)));
    left.push(...results.flatMap((result, index) => toLeft(result, batch[index])));
    const done = Math.min(start + size, nodes.length) - left.length;
    context.onProgress(order, `${counted(done, "node")} of ${nodes.length} emptied.`);
  }
  return left;
}

function stopped({ metadata }: KubeNode): Left {
  return { node: metadata.name, why: "all acts were stopped" };
}

function toLeft(result: Emptied, node: KubeNode | undefined): Left[] {
  return result.kind === "left" ? [{ node: node?.metadata.name ?? "", why: result.why }] : [];
}

function toResult(cordoned: number, kept: number, left: readonly Left[]): ActResult {
  const keptText =
    kept > 0 ? ` ${counted(kept, "node")} left alone: pods on them may not be moved, or no more nodes can be spared.` : "";
  const [first] = left;
  if (first) {
    const emptied = `${cordoned - left.length} of ${counted(cordoned, "node")} emptied.`;
    return refused(
      `${emptied} Still pods on ${counted(left.length, "cordoned node")}, e.g. ${first.node}: ${first.why}. Try again later.${keptText}`,
    );
  }
  if (cordoned === 0) return refused(`No node was given back.${keptText}`);
  return {
    kind: "done",
    text: `${counted(cordoned, "node")} cordoned and emptied; the node autoscaler removes them.${keptText}`,
  };
}
