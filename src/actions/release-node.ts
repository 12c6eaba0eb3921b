import type { NodeRef } from "#domain/intent.ts";
import type { Instant } from "#domain/workload.ts";
import { deleteNodeClaim, readNodeClaim } from "#clients/kubernetes/karpenter.ts";
import { backoffMs } from "#lib/backoff.ts";
import type { ActionContext } from "./action.ts";
import { withoutRight } from "./claims.ts";
import { betweenLooks, type Emptied } from "./drain-node.ts";
import type { DrainRun } from "./drain-run.ts";
import { findNode } from "./nodes.ts";
import { type NodePod, forbidsKarpenter, keptPod, readPodsOn } from "./pods.ts";
import { tryWrite } from "./write.ts";

type Claim = NonNullable<NodeRef["claim"]>;

/** No pod has left for so long: Karpenter waits for a budget. Clock milliseconds. */
const blockedMs = 5 * 60_000;

/** Deletes the NodeClaim behind a node, once, and waits until Karpenter has emptied and ended it. */
export async function releaseNode(
  context: ActionContext,
  run: DrainRun,
  node: NodeRef & { readonly claim: Claim },
  deadline: Instant,
): Promise<Emptied> {
  const no = await release(context, node);
  if (no) return no;
  const { clock } = context;
  let left = await readMoving(context, node);
  let movedAt = clock.now();
  for (let look = 0; (await findNode(context.connection, node)) !== undefined; look += 1) {
    const moving = await readMoving(context, node);
    if (moving.length < left.length) {
      run.add(left.length - moving.length);
      movedAt = clock.now();
      look = 0;
    }
    left = moving;
    const [pod] = moving;
    if (clock.now() >= deadline || (pod && clock.now() - movedAt >= blockedMs)) return waiting(node, pod);
    // The deletion stands whoever stops: Karpenter goes on by itself.
    if (await context.isStopped()) return { kind: "stopped" };
    await clock.sleep(Math.min(backoffMs(look, betweenLooks), deadline - clock.now()));
  }
  run.add(left.length);
  return { kind: "emptied" };
}

async function readMoving(context: ActionContext, { name }: NodeRef): Promise<readonly NodePod[]> {
  const pods = await readPodsOn(context, name);
  return pods.filter(({ fate }) => fate.kind === "evict");
}

/** Nothing where it is deleted, or was before. */
async function release(
  context: ActionContext,
  { name, claim }: NodeRef & { readonly claim: Claim },
): Promise<Emptied | undefined> {
  if (await context.isStopped()) return { kind: "stopped" };
  const found = await readNodeClaim(context.connection, claim.name);
  if (!found || found.metadata.deletionTimestamp !== undefined) return undefined;
  if (found.metadata.uid !== claim.uid) return { kind: "left", why: `its NodeClaim ${claim.name} was replaced by another` };
  const kept = keptPod(await readPodsOn(context, name));
  if (kept?.fate.kind === "keep") return { kind: "left", pod: `${kept.namespace}/${kept.name}`, why: `it ${kept.fate.why}` };
  if (forbidsKarpenter(found.metadata)) return { kind: "left", why: `its NodeClaim ${claim.name} must not be disrupted` };
  const written = await tryWrite(() => deleteNodeClaim(context.connection, claim));
  return written.kind === "refused" ? { kind: "left", why: withoutRight(name, "delete", written.text) } : undefined;
}

function waiting({ claim }: { readonly claim: Claim }, pod: NodePod | undefined): Emptied {
  const why = `its NodeClaim ${claim.name} is deleted, and Karpenter has not ended it yet`;
  return { kind: "left", why, ...(pod && { pod: `${pod.namespace}/${pod.name}` }) };
}
