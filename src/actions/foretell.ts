import { type Budget, neverBecause } from "./budgets.ts";
import { workloadOf } from "./pace.ts";
import type { NodePod } from "./pods.ts";

/** A node that is to be emptied, as far as its end can be foretold. */
export interface FullNode {
  readonly name: string;
  /** Pods that must go, in the order in which they are asked. */
  readonly pods: readonly NodePod[];
  /** Karpenter empties it: nothing but budgets slows it down. */
  readonly byKarpenter: boolean;
}

/** What a drain comes to. */
export interface Outcome {
  readonly evictions: number;
  /** Nodes that are empty at its end. */
  readonly nodes: number;
  /** The pod at which it stops, and why it stays. */
  readonly blocked?: { readonly pod: string; readonly node: string; readonly why: string };
  readonly seconds: number;
}

/** Seconds between two looks at a node whose pods are going. Nodes of a batch look by turns. */
const LOOK = 6;
/** Seconds that a round takes at least: what a Deployment tells of itself is believed so long. */
const ROUND = 4;
/** Seconds until a pod is ready elsewhere, where none of its kind has shown it. */
const START = 20;
/** Most processes end long before they are killed: a third of their grace. */
const OF_GRACE = 1 / 3;
/** Seconds until a machine of Karpenter's has ended, once it is empty. */
const MACHINE = 60;

/**
 * Plays a drain: batch after batch, in each of them round after round. In a round of a workload as many pods go as its share and its
 * budget allow, and the next begins when they are ready elsewhere. A pod that can never go ends it after its batch.
 */
export function foretell(
  batches: readonly (readonly FullNode[])[],
  budgets: readonly Budget[],
  shareOf: (workload: string) => number,
): Outcome {
  let [evictions, nodes, seconds] = [0, 0, 0];
  const waiting = new Set(budgets.filter(({ allowed }) => allowed === 0));
  for (const batch of batches) {
    const played = playBatch(batch, { budgets, shareOf, waiting });
    evictions += played.evictions;
    seconds += played.seconds;
    nodes += batch.length - played.blocked.length;
    const [blocked] = played.blocked;
    if (blocked) return { evictions, nodes, blocked, seconds };
  }
  return { evictions, nodes, seconds };
}

interface Rules {
  readonly budgets: readonly Budget[];
  readonly shareOf: (workload: string) => number;
  /** Budgets that allow nothing at the beginning, and more once a round has passed. */
  readonly waiting: Set<Budget>;
}

type Blocked = NonNullable<Outcome["blocked"]>;

function playBatch(batch: readonly FullNode[], rules: Rules) {
  const blocked: Blocked[] = [];
  let [evictions, seconds] = [0, 0];
  let left = batch.map((node) => ({ ...node, pods: node.pods.filter(({ going }) => !going) }));
  while (left.some(({ pods }) => pods.length > 0)) {
    const went = new Set<NodePod>();
    const gate = createGate(rules);
    left = left.flatMap((node) => {
      const stuck = playRound(node, gate, went, rules.budgets);
      if (stuck) blocked.push(stuck);
      return stuck ? [] : [node];
    });
    const looking = left.filter(({ pods }) => pods.length > 0).length;
    left = left.map((node) => ({ ...node, pods: node.pods.filter((pod) => !went.has(pod)) }));
    evictions += went.size;
    seconds += Math.max(ROUND, median([...went].map(({ startSeconds }) => startSeconds ?? START)) + LOOK / Math.max(1, looking));
    rules.waiting.clear();
  }
  const graces = batch.flatMap(({ pods }) => pods.map(({ graceSeconds }) => graceSeconds * OF_GRACE));
  if (evictions > 0) seconds += Math.max(0, ...graces) + LOOK;
  if (batch.some(({ byKarpenter }) => byKarpenter)) seconds += MACHINE;
  return { evictions, seconds, blocked };
}

/** Asks for each pod of a node, up to one that can never go. */
function playRound(
  { name, pods, byKarpenter }: FullNode,
  gate: ReturnType<typeof createGate>,
  went: Set<NodePod>,
  budgets: readonly Budget[],
): Blocked | undefined {
  for (const pod of pods) {
    const why = neverBecause(pod, budgets);
    if (why !== undefined) return { pod: `${pod.namespace}/${pod.name}`, node: name, why };
    if (gate(pod, byKarpenter)) went.add(pod);
  }
  return undefined;
}

/** Who may go in one round. */
function createGate(rules: Rules) {
  const used = new Map<unknown, number>();
  return (pod: NodePod, byKarpenter: boolean): boolean => {
    const limits = limitsOf(pod, byKarpenter, rules);
    if (limits.some(([key, most]) => (used.get(key) ?? 0) >= most)) return false;
    for (const [key] of limits) used.set(key, (used.get(key) ?? 0) + 1);
    return true;
  };
}

/** The share of its workload, and its budget, where it counts for one. */
function limitsOf(pod: NodePod, byKarpenter: boolean, { budgets, shareOf, waiting }: Rules): [unknown, number][] {
  const { key } = workloadOf(pod);
  const budget = budgets.find(({ covers, freesUnready }) => covers(pod) && (pod.ready || !freesUnready));
  const limits: [unknown, number][] = byKarpenter ? [] : [[key, shareOf(key)]];
  if (budget) limits.push([budget, waiting.has(budget) ? 0 : Math.max(1, budget.most ?? budget.allowed)]);
  return limits;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
