import type { Instant } from "#domain/workload.ts";
import { listPdbs } from "#clients/kubernetes/api.ts";
import { evictPod, type EvictionResult } from "#clients/kubernetes/eviction.ts";
import { TemporaryError, messageOf } from "#lib/errors.ts";
import type { ActionContext } from "./action.ts";
import { type Budget, neverBecause, toBudget } from "./budgets.ts";
import { createPace, workloadOf } from "./pace.ts";
import type { NodePod } from "./pods.ts";

/** A budget that has let no pod of a workload go for so long blocks it. Clock milliseconds. */
const blockedMs = 5 * 60_000;
/** So long the budgets of a namespace are believed. Clock milliseconds. */
const believedMs = 10_000;

/** Why a pod stays for now. */
export interface Problem {
  readonly text: string;
  /** Trying again will not help, or has not for a long time. */
  readonly lasting: boolean;
  /** Only other pods of its workload are in the way. */
  readonly itsTurn?: boolean;
  /** The server asked to be left alone so long, ms. */
  readonly waitMs?: number;
}

/** The evictions of one act, over all its nodes. */
export interface DrainRun {
  /** Asks for one pod; undefined: it goes, or is going already and is not asked again. */
  readonly evict: (pod: NodePod) => Promise<Problem | undefined>;
  /** So many went so far. */
  readonly evicted: () => number;
  /** Karpenter evicted so many. */
  readonly add: (pods: number) => void;
}

/** For one act. */
export function createDrainRun(context: ActionContext): DrainRun {
  const { connection, log } = context;
  const pace = createPace(context);
  const patience = createPatience(context);
  let evicted = 0;

  const ask = async (pod: NodePod): Promise<Problem | undefined> => {
    if (!(await pace.mayGo(pod)))
      return { text: "as many of its workload's pods are away as may be at once", lasting: false, itsTurn: true };
    const result = await evictPod(connection, pod);
    if (result.kind === "evicted") {
      evicted += 1;
      patience.went(pod);
      return undefined;
    }
    await pace.stayed(pod);
    return result.kind === "gone" ? undefined : toProblem(patience, pod, result);
  };

  return {
    evicted: () => evicted,
    add: (pods) => void (evicted += pods),
    evict: async (pod) => {
      try {
        return pod.going ? undefined : await ask(pod);
      } catch (error) {
        const lasting = !(error instanceof TemporaryError);
        log.warn({ pod: `${pod.namespace}/${pod.name}`, lasting, error: messageOf(error) }, "Pod was not evicted");
        return { text: messageOf(error).slice(0, 300), lasting, ...waitOf(error) };
      }
    },
  };
}

type NotNow = Extract<EvictionResult, { kind: "blocked" | "refused" }>;

async function toProblem(patience: Patience, pod: NodePod, result: NotNow): Promise<Problem> {
  const text = result.reason.slice(0, 300);
  if (result.kind === "refused") return { text, lasting: true };
  const wait = result.retryAfterMs === undefined ? {} : { waitMs: result.retryAfterMs };
  return { text, lasting: false, ...(result.byBudget && (await patience.judge(pod, text))), ...wait };
}

interface Patience {
  /** A pod went: its workload's others have a chance again. */
  readonly went: (pod: NodePod) => void;
  /** Refused by a budget: never, or not for so long, or only not yet. */
  readonly judge: (pod: NodePod, reason: string) => Promise<Pick<Problem, "text" | "lasting">>;
}

function createPatience(context: ActionContext): Patience {
  const { clock } = context;
  const budgetsOf = createBudgets(context);
  const refusedSince = new Map<string, Instant>();
  const wentAt = new Map<string, Instant>();
  return {
    went: (pod) => void wentAt.set(workloadOf(pod).key, clock.now()),
    judge: async (pod, reason) => {
      const never = neverBecause(pod, await budgetsOf(pod.namespace));
      if (never !== undefined) return { text: never, lasting: true };
      const first = refusedSince.get(pod.uid) ?? clock.now();
      refusedSince.set(pod.uid, first);
      const since = Math.max(first, wentAt.get(workloadOf(pod).key) ?? 0);
      return { text: reason, lasting: clock.now() - since >= blockedMs };
    },
  };
}

function waitOf(error: unknown): Pick<Problem, "waitMs"> {
  return error instanceof TemporaryError && error.retryAfterMs !== undefined ? { waitMs: error.retryAfterMs } : {};
}

/** The budgets of a namespace, read again after a while. */
function createBudgets({ connection, clock }: ActionContext): (namespace: string) => Promise<readonly Budget[]> {
  const known = new Map<string, { readonly at: Instant; readonly budgets: readonly Budget[] }>();
  return async (namespace) => {
    const held = known.get(namespace);
    if (held && clock.now() - held.at < believedMs) return held.budgets;
    const budgets = (await listPdbs(connection, namespace)).map(toBudget);
    known.set(namespace, { at: clock.now(), budgets });
    return budgets;
  };
}
