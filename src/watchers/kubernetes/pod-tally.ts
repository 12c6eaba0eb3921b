import type { PodTroubles } from "#domain/workload.ts";
import type { PodState } from "./pod-state.ts";

/** Counts what is wrong with pods, by owner and template, so that nobody has to walk over all of them. */
export interface PodTally {
  /** `old` undefined: not known to be ill before. `counts`: restarts from now on are news, not what a first list says. */
  upsert(next: PodState, old: PodState | undefined, counts: boolean): void;
  remove(old: PodState): void;
  /** What is wrong with the pods of that template; restarts are those of all owners named. Undefined: nothing, and no restart was seen. */
  find(owner: string, templateHash: string, owners: Iterable<string>): PodTroubles | undefined;
  /** An owner that is gone. */
  forget(owner: string): void;
  /** Owners whose numbers moved since the last call. */
  takeMoved(): string[];
  readonly unscheduled: number;
}

type Counts = { -readonly [K in "unready" | "crashing" | "imagePull" | "misconfigured" | "unscheduled"]: number };

interface Ill extends Counts {
  pods: number;
  exitCode?: number;
  message?: string;
}

interface Restarts {
  restarts: number;
  memoryKills: number;
}

interface State {
  /** By owner and template hash. */
  readonly ill: Map<string, Ill>;
  readonly restarts: Map<string, Restarts>;
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
    find: (owner, hash, owners) => find(state, owner, hash, owners),
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

const blockedAs = { crash: "crashing", image: "imagePull", configuration: "misconfigured" } as const;

function count(state: State, pod: PodState, by: 1 | -1): void {
  if (pod.unscheduled) state.unscheduled += by;
  if (pod.ownerUid === undefined) return;
  const key = keyOf(pod.ownerUid, pod.templateHash);
  const ill = state.ill.get(key) ?? { pods: 0, unready: 0, crashing: 0, imagePull: 0, misconfigured: 0, unscheduled: 0 };
  ill.pods += by;
  if (pod.unready) ill.unready += by;
  if (pod.unscheduled) ill.unscheduled += by;
  if (pod.blocked) ill[blockedAs[pod.blocked]] += by;
  if (by > 0 && pod.exitCode !== undefined) ill.exitCode = pod.exitCode;
  if (by > 0 && pod.message !== undefined) ill.message = pod.message;
  if (ill.pods > 0) state.ill.set(key, ill);
  else state.ill.delete(key);
  state.moved.add(pod.ownerUid);
}

function countRestarts(state: State, next: PodState, old: PodState | undefined): void {
  const more = next.restarts - (old?.restarts ?? 0);
  if (next.ownerUid === undefined || more <= 0) return;
  const known = state.restarts.get(next.ownerUid) ?? { restarts: 0, memoryKills: 0 };
  known.restarts += more;
  if (next.memoryKilled) known.memoryKills += more;
  state.restarts.set(next.ownerUid, known);
}

function find(state: State, owner: string, hash: string, owners: Iterable<string>): PodTroubles | undefined {
  const sum: Restarts = { restarts: 0, memoryKills: 0 };
  for (const uid of owners) {
    const known = state.restarts.get(uid);
    sum.restarts += known?.restarts ?? 0;
    sum.memoryKills += known?.memoryKills ?? 0;
  }
  const ill = state.ill.get(keyOf(owner, hash));
  if (!ill && sum.restarts === 0) return undefined;
  const { pods: _pods, ...counts } = ill ?? { pods: 0, unready: 0, crashing: 0, imagePull: 0, misconfigured: 0, unscheduled: 0 };
  return { ...counts, ...sum };
}

function keyOf(owner: string, hash: string): string {
  return `${owner}/${hash}`;
}
