import type { NodeRef } from "#domain/intent.ts";
import type { Instant } from "#domain/workload.ts";
import { backoffMs } from "#lib/backoff.ts";
import type { ActionContext } from "./action.ts";
import type { DrainRun, Problem } from "./drain-run.ts";
import { findNode } from "./nodes.ts";
import { type NodePod, keptPod, readPodsOn } from "./pods.ts";

/** `left`: a pod will not go, or not in time. `stopped`: somebody turned all acts off. */
export type Emptied =
  | { readonly kind: "emptied" }
  | { readonly kind: "stopped" }
  | { readonly kind: "left"; readonly why: string; readonly pod?: string };

/** Clock milliseconds between two looks at a node whose pods are going, or may not yet go. */
export const betweenLooks = { baseMs: 4_000, maxMs: 60_000, random: Math.random };

/** Evicts what is on a cordoned node, as fast as `run` allows, and waits until it has gone, until `deadline`. */
export async function emptyNode(context: ActionContext, run: DrainRun, node: NodeRef, deadline: Instant): Promise<Emptied> {
  const { clock } = context;
  let last: Emptied = { kind: "left", why: "it takes long" };
  let before = 0;
  for (let look = 0; ; look += 1) {
    if (await context.isStopped()) return { kind: "stopped" };
    const moving = await readMoving(context, node);
    if ("kind" in moving) return moving;
    const stuck = await evictAll(run, moving);
    if (stuck) last = leftAt(stuck);
    if (stuck?.problem.lasting || clock.now() >= deadline) return last;
    if (goesOn(stuck?.problem, moving.length, before)) look = 0;
    before = moving.length;
    await clock.sleep(Math.min(waitOf(look, stuck), deadline - clock.now()));
  }
}

/** What the server asks for is counted on the wall; this clock runs as fast, or faster in stories. */
function waitOf(look: number, stuck: Stuck | undefined): number {
  return Math.max(backoffMs(look, betweenLooks), stuck?.problem.waitMs ?? 0);
}

/** Where pods go, or only wait for their turn, one looks again soon. */
function goesOn(problem: Problem | undefined, left: number, before: number): boolean {
  return left < before || problem?.itsTurn === true;
}

/** What is left to evict, or that it is empty (or another node has its name by now), or must be left alone. */
async function readMoving(context: ActionContext, node: NodeRef): Promise<readonly NodePod[] | Emptied> {
  if (!(await findNode(context.connection, node))) return { kind: "emptied" };
  const pods = await readPodsOn(context, node.name);
  const kept = keptPod(pods);
  if (kept?.fate.kind === "keep") return { kind: "left", pod: titleOf(kept), why: `it ${kept.fate.why}` };
  const moving = pods.filter(({ fate }) => fate.kind === "evict");
  return moving.length === 0 ? { kind: "emptied" } : moving;
}

interface Stuck {
  readonly pod: NodePod;
  readonly problem: Problem;
}

/** Asks for each, until one will never go. What somebody else forbids counts more than having to wait for one's turn. */
async function evictAll(run: DrainRun, pods: readonly NodePod[]): Promise<Stuck | undefined> {
  let last: Stuck | undefined;
  for (const pod of pods) {
    const problem = await run.evict(pod);
    if (problem && !(problem.itsTurn && last)) last = { pod, problem };
    if (last?.problem.lasting) return last;
  }
  return last;
}

function leftAt({ pod, problem }: Stuck): Emptied {
  return { kind: "left", pod: titleOf(pod), why: problem.text };
}

function titleOf({ namespace, name }: NodePod): string {
  return `${namespace}/${name}`;
}
