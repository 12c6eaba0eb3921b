import { randomUUID } from "node:crypto";
import { createCollector } from "./collect.ts";
import { prepareCreate, prepareUpdate, settleUpdate } from "./prepare.ts";
import { resourceOf } from "./resources.ts";
import { createShelves, type Shelves } from "./shelves.ts";
import { alreadyExists, notFound } from "./status-error.ts";
import type { KubeObject, NewObject, ObjectStore, ResourceName, StoreEvent } from "./types.ts";

/** All objects of a cluster, empty at first. `now` gives milliseconds; `random` (0 to below 1) makes generated names. */
export function createObjectStore({ now, random = Math.random }: StoreOptions): ObjectStore {
  const shelves = createShelves();
  const bell = createBell();
  const writer = createWriter(shelves, bell.emit);
  const store: ObjectStore = {
    get: shelves.get,
    list: shelves.list,
    count: shelves.count,
    create(resource, given, by) {
      const name = nameOf(given, random);
      if (shelves.get(resource, given.metadata.namespace, name)) throw alreadyExists(resourceOf(resource), name);
      const birth = { uid: randomUUID(), resourceVersion: "", now: now(), by, name };
      return writer.add(resource, prepareCreate(resource, given, birth));
    },
    update(resource, next, options = {}) {
      const current = shelves.get(resource, next.metadata.namespace, next.metadata.name);
      if (!current) throw notFound(resourceOf(resource), next.metadata.name);
      return writer.replace(resource, current, prepareUpdate(resource, current, next, now(), options));
    },
    modify(resource, namespace, name, change, by) {
      const current = shelves.get(resource, namespace, name);
      const next = current && change(current);
      if (!current || !next || next === current) return current;
      const options = by === undefined ? {} : { by };
      return writer.replace(resource, current, settleUpdate(resource, current, next, now(), options));
    },
    delete(resource, namespace, name) {
      const old = shelves.get(resource, namespace, name);
      return old && writer.remove(resource, old);
    },
    onChange: bell.onChange,
    get resourceVersion() {
      return writer.version();
    },
  };
  bell.onChange(createCollector(store, now));
  return store;
}

interface StoreOptions {
  readonly now: () => number;
  readonly random?: () => number;
}

/** Puts a new version of an object on the shelf under the next resourceVersion, and tells of it. */
function createWriter(shelves: Shelves, emit: (event: StoreEvent) => void) {
  let version = 1_000;
  const stamp = (object: KubeObject): KubeObject => ({
    ...object,
    metadata: { ...object.metadata, resourceVersion: String(++version) },
  });
  return {
    version: () => String(version),
    add(resource: ResourceName, given: KubeObject): KubeObject {
      const object = stamp(given);
      shelves.put(resource, object);
      emit({ type: "ADDED", resource, object });
      return object;
    },
    replace(resource: ResourceName, old: KubeObject, next: KubeObject): KubeObject {
      if (next === old) return old;
      const object = stamp(next);
      shelves.put(resource, object);
      emit({ type: "MODIFIED", resource, object, old });
      return object;
    },
    remove(resource: ResourceName, old: KubeObject): KubeObject {
      const object = stamp(old);
      shelves.remove(resource, old);
      emit({ type: "DELETED", resource, object, old });
      return object;
    },
  };
}

/**
 * Tells listeners of each event, in order, before the outermost write returns. A listener that writes is told of its own
 * write after all have been told of the first.
 */
function createBell() {
  const listeners = new Set<(event: StoreEvent) => void>();
  const waiting: StoreEvent[] = [];
  let ringing = false;
  const tell = (event: StoreEvent) => {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        // A bug of one listener must not leave the others, or the writer, with half a write.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  };
  return {
    emit: (event: StoreEvent) => {
      waiting.push(event);
      if (ringing) return;
      ringing = true;
      for (let index = 0; index < waiting.length; index += 1) tell(waiting[index] ?? event);
      waiting.length = 0;
      ringing = false;
    },
    onChange: (listener: (event: StoreEvent) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The letters that Kubernetes' own suffixes use: no vowels, nothing that looks like another. */
const letters = "bcdfghjklmnpqrstvwxz2456789";

/** The name that a new object gets: its own, or `generateName` with five letters. */
export function nameOf({ metadata }: NewObject, random: () => number): string {
  if (metadata.name) return metadata.name;
  const prefix = "generateName" in metadata ? metadata.generateName : "";
  let suffix = "";
  for (let index = 0; index < 5; index += 1) suffix += letters[Math.floor(random() * letters.length)];
  return prefix.slice(0, 58) + suffix;
}
