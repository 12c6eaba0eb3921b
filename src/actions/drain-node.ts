import type { Instant } from "#domain/workload.ts";
import { evictPod, type EvictionResult } from "#clients/kubernetes/eviction.ts";
import { backoffMs } from "#lib/backoff.ts";
import { TemporaryError, messageOf } from "#lib/errors.ts";
import type { ActionContext } from "./action.ts";
import type { Pace } from "./pace.ts";
import { type NodePod, keptPod, readPodsOn } from "./pods.ts";

export type Emptied = { readonly kind: "emptied" } | { readonly kind: "left"; readonly why: string };

/** Clock milliseconds between two looks at a node whose pods are going, or may not yet go. */
const patience = { baseMs: 4_000, maxMs: 60_000, random: Math.random };

/** Evicts what is on a cordoned node, as fast as `pace` allows, and waits until it has gone, until `deadline`. */
export async function emptyNode(context: ActionContext, node: string, pace: Pace, deadline: Instant): Promise<Emptied> {
  let why = "it takes long";
  let before = 0;
  for (let look = 0; ; look += 1) {
    const moving = await readMoving(context, node);
    if ("kind" in moving) return moving;
    const problem = await evictAll(context, pace, moving);
    if (problem?.lasting) return { kind: "left", why: problem.text };
    why = problem?.text ?? why;
    if (goesOn(problem, moving.length, before)) look = 0;
    before = moving.length;
    const wait = Math.min(backoffMs(look, patience), deadline - context.clock.now());
    if (wait <= 0) return { kind: "left", why };
    await context.clock.sleep(wait);
  }
}

/** Where pods go, or only wait for their turn, one looks again soon. */
function goesOn(problem: Problem | undefined, left: number, before: number): boolean {
  return left < before || problem?.itsTurn === true;
}

/** What is left to evict, or that it is empty or must be left alone. */
async function readMoving({ connection }: ActionContext, node: string): Promise<readonly NodePod[] | Emptied> {
  const pods = await readPodsOn(connection, node);
  const kept = keptPod(pods);
  if (kept) return { kind: "left", why: `${kept.namespace}/${kept.name} may not be moved` };
  const moving = pods.filter(({ fate }) => fate.kind === "evict");
  return moving.length === 0 ? { kind: "emptied" } : moving;
}

/** Asks for each, until one will never go. What somebody else forbids counts more than having to wait for one's turn. */
async function evictAll(context: ActionContext, pace: Pace, pods: readonly NodePod[]): Promise<Problem | undefined> {
  let last: Problem | undefined;
  for (const pod of pods) {
    const problem = await evict(context, pace, pod);
    last = problem?.itsTurn && last ? last : (problem ?? last);
    if (last?.lasting) return last;
  }
  return last;
}

interface Problem {
  readonly text: string;
  /** Trying again will not help. */
  readonly lasting: boolean;
  /** Only other pods of its workload are in the way. */
  readonly itsTurn?: boolean;
}

/** Why a pod stays for now, or undefined. One that is going already is not asked again. */
async function evict({ connection, log }: ActionContext, pace: Pace, pod: NodePod): Promise<Problem | undefined> {
  try {
    if (pod.going) return undefined;
    if (!(await pace.mayGo(pod)))
      return { text: "as many of its workload's pods are away as may be at once", lasting: false, itsTurn: true };
    const problem = toProblem(await evictPod(connection, pod));
    if (problem) await pace.stayed(pod);
    return problem;
  } catch (error) {
    // Without the right to evict in this namespace the node stays as it is; the others need not.
    const lasting = !(error instanceof TemporaryError);
    log.warn({ pod: `${pod.namespace}/${pod.name}`, lasting, error: messageOf(error) }, "Pod was not evicted");
    return { text: messageOf(error).slice(0, 300), lasting };
  }
}

function toProblem(result: EvictionResult): Problem | undefined {
  if (result.kind === "evicted" || result.kind === "gone") return undefined;
  return { text: result.reason.slice(0, 300), lasting: result.kind === "refused" };
}
