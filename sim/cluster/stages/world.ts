import { formatTime } from "#sim/cluster/prepare.ts";
import type { KubeObject, ObjectStore } from "#sim/cluster/types.ts";
import { createEventRecorder, type EventRecorder } from "./events.ts";
import { createIndex, type Index } from "./world-index.ts";

/** What every stage is given: the objects, what they look like by owner and node, and the outside world's databases. */
export interface World {
  readonly store: ObjectStore;
  readonly index: Index;
  readonly events: EventRecorder;
  /** From 0 to below 1, seeded. */
  readonly random: () => number;
  /** Schema versions of the simulated databases, by name. */
  readonly databases: Map<string, number>;
  /** How many seconds the callers of a Deployment (`namespace/name`) have waited of late, and how busy its pods were (0 to 1). */
  readonly felt: Map<string, { readonly at: number; readonly latency: number; readonly utilisation: number }>;
  /** By how much the story was postponed since the cluster began. */
  readonly late: { ms: number };
}

/** A world around a store, and how to let go of it. */
export function createWorld(store: ObjectStore, random: () => number): World & Disposable {
  const index = createIndex();
  const stop = store.onChange(index.take);
  const databases = new Map<string, number>();
  const events = createEventRecorder(store);
  return { store, index, events, random, databases, felt: new Map(), late: { ms: 0 }, [Symbol.dispose]: stop };
}

/** A time as objects hold it. */
export const toTime: (ms: number) => string = formatTime;

/** The owner reference of a controller. */
export function ownedBy(owner: KubeObject) {
  const { apiVersion, kind, metadata } = owner;
  return [{ apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true }];
}
