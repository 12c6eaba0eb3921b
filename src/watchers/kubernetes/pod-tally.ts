import type { PodTroubles } from "#domain/workload.ts";
import type { PodState } from "./pod-state.ts";

/** Counts what is wrong with pods, by owner and template, so that nobody has to walk over all of them. */
export interface PodTally {
  /** `old` undefined: not known to be ill before. `counts`: restarts from now on are news, not what a first list says. */
  upsert(next: PodState, old: PodState | undefined, counts: boolean): void;
  remove(old: PodState): void;
  /** What is wrong with the owner's pods of that template. Undefined: nothing, and no restart was seen. */
  find(owner: string, templateHash: string): PodTroubles | undefined;
  /** An owner that is gone. */
  forget(owner: string): void;
  /** Owners whose numbers moved since the last call. */
  takeMoved(): string[];
  readonly unscheduled: number;
}

type Counts = { -readonly [K in "unready" | "crashing" | "imagePull" | "misconfigured" | "unscheduled"]: number };

interface Ill extends Counts {
  pods: number;
  /** Pods that are not well, by the name of their node. */
  nodes: Map<string, number>;
  exitCode?: number;
  message?: string;
}

type Restarts = Pick<PodTroubles, "restarts" | "memoryKills">;

interface State {
  /** By owner and template hash. */
  readonly ill: Map<string, Ill>;
  /** By owner, then template hash. */
  readonly restarts: Map<string, Map<string, Restarts>>;
  readonly moved: Set<string>;
  unscheduled: number;
}

/** An empty one. */
export function createPodTally(): PodTally {
  const state: State = { ill: new Map(), restarts: new Map(), moved: new Set(), unscheduled: 0 };
  return {
    upsert: (next, old, counts) => {
      if (old) count(state, old, -1);
      count(state, next, 1);
      if (counts) countRestarts(state, next, old);
    },
    remove: (old) => count(state, old, -1),
    find: (owner, hash) => find(state, owner, hash),
    forget: (owner) => void state.restarts.delete(owner),
    takeMoved: () => {
      const moved = [...state.moved];
      state.moved.clear();
      return moved;
    },
    get unscheduled() {
      return state.unscheduled;
    },
  };
}

const mostNodes = 20;
const none: Counts = { unready: 0, crashing: 0, imagePull: 0, misconfigured: 0, unscheduled: 0 };
const blockedAs = { crash: "crashing", image: "imagePull", configuration: "misconfigured" } as const;

function count(state: State, pod: PodState, by: 1 | -1): void {
  if (pod.unscheduled) state.unscheduled += by;
  if (pod.ownerUid === undefined) return;
  const key = keyOf(pod.ownerUid, pod.templateHash);
  const ill = state.ill.get(key) ?? { pods: 0, nodes: new Map(), ...none };
  ill.pods += by;
  place(ill, pod, by);
  if (pod.unready) ill.unready += by;
  if (pod.unscheduled) ill.unscheduled += by;
  if (pod.blocked) ill[blockedAs[pod.blocked]] += by;
  if (by > 0) quote(ill, pod);
  if (ill.pods > 0) state.ill.set(key, ill);
  else state.ill.delete(key);
  state.moved.add(pod.ownerUid);
}

/** One that only restarted is well again. */
function place({ nodes }: Ill, { node, unready, blocked }: PodState, by: 1 | -1): void {
  if (node === undefined || (!unready && blocked === undefined)) return;
  const left = (nodes.get(node) ?? 0) + by;
  if (left > 0) nodes.set(node, left);
  else nodes.delete(node);
}

/** What the last one said stands for all. */
function quote(ill: Ill, { exitCode, message }: PodState): void {
  if (exitCode !== undefined) ill.exitCode = exitCode;
  if (message !== undefined) ill.message = message;
}

function countRestarts(state: State, next: PodState, old: PodState | undefined): void {
  const more = next.restarts - (old?.restarts ?? 0);
  if (next.ownerUid === undefined || more <= 0) return;
  const known = state.restarts.get(next.ownerUid) ?? new Map<string, Restarts>();
  const { restarts, memoryKills } = known.get(next.templateHash) ?? { restarts: 0, memoryKills: 0 };
  known.set(next.templateHash, { restarts: restarts + more, memoryKills: memoryKills + (next.memoryKilled ? more : 0) });
  state.restarts.set(next.ownerUid, known);
}

function find(state: State, owner: string, hash: string): PodTroubles | undefined {
  const ill = state.ill.get(keyOf(owner, hash));
  const restarts = state.restarts.get(owner)?.get(hash);
  if (!ill && !restarts) return undefined;
  const { pods: _pods, nodes, ...counts } = ill ?? { pods: 0, nodes: new Map<string, number>(), ...none };
  return { ...counts, ...(restarts ?? { restarts: 0, memoryKills: 0 }), ...(nodes.size > 0 && { nodes: worst(nodes) }) };
}

function worst(nodes: ReadonlyMap<string, number>): string[] {
  const byCount = [...nodes].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return byCount.slice(0, mostNodes).map(([name]) => name);
}

function keyOf(owner: string, hash: string): string {
  return `${owner}/${hash}`;
}
