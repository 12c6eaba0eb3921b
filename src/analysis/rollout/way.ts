import type { ClusterRoom, QuotaRoom, Room, RolloutFacts } from "#domain/rollout.ts";

/** What stands in the way of the pods that come first, and what it makes of them. */
export interface Way {
  /** Pods above the count that are created. */
  readonly surge: number;
  /** Of those: so many find a place, on nodes of now or new ones. */
  readonly placed: number;
  /** So many fit on the nodes of now. */
  readonly fitting: number;
  readonly addedNodes: number;
  /** Nodes that would be needed; more than are added where the pool is at its maximum. */
  readonly neededNodes: number;
  /** No node of this kind can hold such a pod. */
  readonly tooLarge: boolean;
  /** The quota that leaves room for fewer pods than the surge. */
  readonly quota?: QuotaRoom;
  /** Pods that are replaced at a time. */
  readonly batch: number;
}

/** From what is free, what may be bought, and what quotas leave. A DaemonSet's pods stand where the old ones stood. */
export function wayOf({ replacement, replicas, pod, room, quotas, kind }: RolloutFacts): Way {
  const { surge, unavailable } = replacement;
  const tight = quotas.filter(({ pods }) => pods < surge).toSorted((a, b) => a.pods - b.pods)[0];
  const created = Math.max(0, Math.min(surge, tight?.pods ?? surge));
  const places = room && created > 0 && kind !== "DaemonSet" ? placesFor(created, pod, room) : everywhere(created);
  return {
    ...places,
    surge: created,
    ...(tight && { quota: tight }),
    batch: Math.min(replicas, places.placed + unavailable),
  };
}

type Places = Pick<Way, "placed" | "fitting" | "addedNodes" | "neededNodes" | "tooLarge">;

function everywhere(created: number): Places {
  return { placed: created, fitting: created, addedNodes: 0, neededNodes: 0, tooLarge: false };
}

/** Pods that wait already take the free places first, and their nodes are bought too. */
function placesFor(created: number, pod: Room, { free, newNode, spareNodes, waiting }: ClusterRoom): Places {
  const places = free.reduce((sum, node) => sum + holds(node, pod), 0) - waiting;
  const missing = Math.max(0, created - places);
  const each = newNode ? holds(newNode, pod) : 0;
  const neededNodes = each > 0 ? Math.ceil(missing / each) : 0;
  const addedNodes = Math.min(neededNodes, spareNodes ?? neededNodes);
  return {
    placed: clamp(places + addedNodes * each, created),
    fitting: clamp(places, created),
    addedNodes,
    neededNodes,
    tooLarge: missing > 0 && each === 0 && newNode !== undefined,
  };
}

/** How many of these pods fit into that room. */
function holds(room: Room, pod: Room): number {
  const by = (free: number, asked: number) => (asked > 0 ? Math.floor(free / asked + 1e-9) : Number.POSITIVE_INFINITY);
  return Math.max(0, Math.min(by(room.cores, pod.cores), by(room.memory, pod.memory), by(room.pods, 1)));
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}
