import type { Forecast } from "./plan.ts";
import type { Instant, WorkloadKind } from "./workload.ts";

/**
 * How a workload's pods are replaced, in numbers of pods.
 * - `rolling`: new ones come up beside old ones.
 * - `in-place`: an old one is gone before its successor starts (StatefulSet, DaemonSet).
 * - `recreate`: all old ones are gone before the first new one starts.
 * - `by-hand`: none is replaced until somebody deletes it (OnDelete).
 */
export interface Replacement {
  readonly kind: "rolling" | "in-place" | "recreate" | "by-hand";
  /** More than are wanted, for a while. */
  readonly surge: number;
  /** Missing at once, at most. */
  readonly unavailable: number;
  /** So many of all: a StatefulSet's partition keeps the others. */
  readonly replaced: number;
}

/** What a pod asks for, or what is free for pods: cores, bytes of memory, and places (pod addresses included). */
export interface Room {
  readonly cores: number;
  readonly memory: number;
  readonly pods: number;
}

/** Where more pods could go. */
export interface ClusterRoom {
  /** Free on each node that takes such a pod. */
  readonly free: readonly Room[];
  /** Of a new node, empty but for its DaemonSets; absent: no node of this kind is there to judge by. */
  readonly newNode?: Room;
  /** So many nodes may still be bought; absent: not known. */
  readonly spareNodes?: number;
  /** Pods that wait for a node already. */
  readonly waiting: number;
}

/** What a ResourceQuota leaves. */
export interface QuotaRoom {
  readonly name: string;
  readonly resource: string;
  /** So many more of these pods. */
  readonly pods: number;
}

/** What a rollout is foretold from. */
export interface RolloutFacts {
  readonly at: Instant;
  readonly kind: WorkloadKind;
  readonly replicas: number;
  readonly ready: number;
  readonly replacement: Replacement;
  /** One new pod. */
  readonly pod: Room;
  /** It must be ready for so long before it counts. */
  readonly minReadySeconds: number;
  /** Absent: nobody could look. */
  readonly room?: ClusterRoom;
  readonly quotas: readonly QuotaRoom[];
  /** From its creation to being ready, as seen of its newest pods; absent: none was seen. */
  readonly secondsToReady?: number;
  /** From a pod that finds no room to its place on a new node, as seen lately; absent: none was seen. */
  readonly secondsToNode?: number;
}

/** What will happen on the way, in numbers and in sentences. */
export interface Foretold {
  readonly forecast: Forecast;
  readonly effects: readonly string[];
  readonly warnings: readonly string[];
}
