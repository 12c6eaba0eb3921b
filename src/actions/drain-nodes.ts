import type { ActResult, StepOrder } from "#domain/order.ts";
import type { DrainIntent, NodeRef } from "#domain/intent.ts";
import type { Instant } from "#domain/workload.ts";
import { type ActionContext, alreadyDone, counted, refused } from "./action.ts";
import { cordonAll, keptText, presentOf } from "./cordon-all.ts";
import { emptyNode, type Emptied } from "./drain-node.ts";
import { createDrainRun, type DrainRun } from "./drain-run.ts";
import { toResult } from "./drain-words.ts";
import { batchesOf, foretellDrain } from "./foretell-drain.ts";
import type { Outcome } from "./foretell.ts";
import { isCordoned, readWorkers } from "./nodes.ts";
import { keptPod, readBoundPods, readPodsOn } from "./pods.ts";
import { releaseNode } from "./release-node.ts";

/** Clock milliseconds for the whole act, and for one node of it. */
const actWithinMs = 30 * 60_000;
const nodeWithinMs = 10 * 60_000;

/**
 * First all nodes are cordoned, so that no pod moves from one to the next; then they are emptied, batch after batch, up to the first pod
 * that will not go. What is done already is found done: it can be run again at any moment.
 */
export async function drainNodes(context: ActionContext, intent: DrainIntent, order: StepOrder): Promise<ActResult> {
  const { connection, clock } = context;
  const began = clock.now();
  const workers = await readWorkers(connection);
  const present = presentOf(workers, intent.nodes);
  if (present.length === 0) return alreadyDone("All these nodes are gone already.");
  const mustKeep = async ({ metadata }: { metadata: { name: string } }) =>
    keptPod(await readPodsOn(context, metadata.name)) !== undefined;
  const cordoned = await cordonAll(context, workers, present, { order, intent }, mustKeep);
  if (cordoned.refused !== undefined) return { ...refused(cordoned.refused), partly: cordoned.ours };
  const gone = intent.nodes.length - present.length;
  const aside = `${gone > 0 ? ` ${counted(gone, "node")} had gone before.` : ""}${keptText(cordoned)}`;
  if (cordoned.nodes.length === 0) return refused(`No node was given back.${aside}`);
  const uids = new Set(cordoned.nodes.map(({ metadata }) => metadata.uid));
  const nodes = intent.nodes.filter(({ uid }) => uids.has(uid));
  const foretold = await foretellDrain(context, nodes, await readBoundPods(context));
  const run = createDrainRun(context);
  const ended = await emptyInBatches(context, run, order, nodes, began + actWithinMs);
  const was = { ...ended.was, evictions: run.evicted(), seconds: (clock.now() - began) / 1_000 };
  const claimed = nodes.filter(({ claim }) => claim).length;
  const isWhole = !ended.stopped && was.blocked === undefined;
  // Nodes without pods go by themselves, long before their turn.
  const there = isWhole ? 0 : presentOf(await readWorkers(connection), nodes).filter(isCordoned).length;
  return toResult({ foretold, was, cordoned: nodes.length, there, claimed, stopped: ended.stopped, aside });
}

interface BatchesEnded {
  readonly was: Pick<Outcome, "nodes" | "blocked">;
  readonly stopped: boolean;
}

async function emptyInBatches(
  context: ActionContext,
  run: DrainRun,
  order: StepOrder,
  nodes: readonly NodeRef[],
  deadline: Instant,
): Promise<BatchesEnded> {
  let done = 0;
  for (const batch of batchesOf(nodes, context.mostNodes)) {
    const until = Math.min(deadline, context.clock.now() + nodeWithinMs);
    const results = await allOf(batch.map((node) => giveBack(context, run, node, until)));
    done += results.filter(({ kind }) => kind === "emptied").length;
    context.onProgress(order, `${counted(done, "node")} of ${nodes.length} emptied.`);
    const blocked = results.flatMap((result, index) => toBlocked(result, batch[index]));
    const stopped = results.some(({ kind }) => kind === "stopped");
    const [first] = blocked;
    if (first || stopped) return { was: { nodes: done, ...(first && { blocked: first }) }, stopped };
  }
  return { was: { nodes: done }, stopped: false };
}

function giveBack(context: ActionContext, run: DrainRun, { claim, ...node }: NodeRef, until: Instant): Promise<Emptied> {
  return claim ? releaseNode(context, run, { ...node, claim }, until) : emptyNode(context, run, node, until);
}

/** Waits for all of them also when one throws: the act is run again then, and must not meet itself. */
async function allOf<T>(running: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(running);
  return Promise.all(running);
}

function toBlocked(result: Emptied, node: NodeRef | undefined): NonNullable<Outcome["blocked"]>[] {
  return result.kind === "left" && node ? [{ pod: result.pod ?? "a pod", node: node.name, why: result.why }] : [];
}
