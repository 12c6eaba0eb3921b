import { resources } from "./resources.ts";
import type { ObjectStore, ResourceName, StoreEvent } from "./types.ts";

/** A store event that is remembered. */
export interface Told {
  readonly event: StoreEvent;
  /** The resourceVersion of the write. */
  readonly version: number;
}

/** What happened lately, for watches that resume, and who is told of what happens next. */
export interface History {
  /** Events of a resource after a resourceVersion; "gone" when they are no longer remembered. */
  since(resource: ResourceName, version: number): readonly Told[] | "gone";
  /** The oldest resourceVersion that a watch of it can start from. */
  oldest(resource: ResourceName): number;
  subscribe(resource: ResourceName, listener: (told: Told) => void): () => void;
  /** Forgets everything until now, as etcd does when it compacts: whoever is not up to date gets 410. */
  forget(): void;
  stop(): void;
}

interface Ring {
  readonly told: Told[];
  compacted: number;
  readonly listeners: Set<(told: Told) => void>;
}

/** Remembers up to `size` events of each resource. */
export function createHistory(store: ObjectStore, size: number): History {
  const begin = () => Number(store.resourceVersion);
  const rings = new Map<ResourceName, Ring>(
    resources.map(({ name }) => [name, { told: [], compacted: begin(), listeners: new Set() }]),
  );
  const ringOf = (resource: ResourceName): Ring => {
    const ring = rings.get(resource);
    if (!ring) throw new Error(`Cannot find history of "${resource}"`);
    return ring;
  };
  const stop = store.onChange((event) => {
    const ring = ringOf(event.resource);
    const told = { event, version: Number(event.object.metadata.resourceVersion) };
    ring.told.push(told);
    // Cut in strides: moving the whole array at every event would cost more than the event.
    if (ring.told.length > size * 1.25)
      ring.compacted = ring.told.splice(0, ring.told.length - size).at(-1)?.version ?? ring.compacted;
    for (const listener of ring.listeners) listener(told);
  });
  return {
    since(resource, version) {
      const { told, compacted } = ringOf(resource);
      return version < compacted ? "gone" : told.slice(firstAfter(told, version));
    },
    oldest: (resource) => ringOf(resource).compacted,
    subscribe(resource, listener) {
      const { listeners } = ringOf(resource);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    forget() {
      for (const ring of rings.values()) {
        ring.told.length = 0;
        ring.compacted = begin();
      }
    },
    stop,
  };
}

function firstAfter(told: readonly Told[], version: number): number {
  let [low, high] = [0, told.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((told[middle]?.version ?? 0) <= version) low = middle + 1;
    else high = middle;
  }
  return low;
}
