import { deleteGracefully } from "./collect.ts";
import { resources } from "./resources.ts";
import type { ObjectStore } from "./types.ts";

const contents = resources.filter(({ namespaced }) => namespaced).map(({ name }) => name);

/** Empties namespaces that are being deleted, and removes each once nothing is left in it. Returns how to stop. */
export function startNamespaces(store: ObjectStore, now: () => number): () => void {
  const ending = new Set<string>();
  const dirty = new Set<string>();
  const later = (namespace: string) => {
    if (dirty.size === 0) setImmediate(work);
    dirty.add(namespace);
  };
  function work(): void {
    const namespaces = [...dirty];
    dirty.clear();
    for (const namespace of namespaces) if (empty(store, namespace, now())) store.delete("v1/namespaces", undefined, namespace);
  }
  return store.onChange(({ type, resource, object }) => {
    const { name, namespace, deletionTimestamp } = object.metadata;
    if (resource === "v1/namespaces") {
      if (type === "DELETED") ending.delete(name);
      else if (deletionTimestamp) {
        ending.add(name);
        later(name);
      }
    } else if (namespace !== undefined && ending.has(namespace) && type !== "MODIFIED") later(namespace);
  });
}

/** Deletes what is in a namespace; true when nothing is left. Pods on nodes take until their kubelet lets them go. */
function empty(store: ObjectStore, namespace: string, now: number): boolean {
  let left = 0;
  for (const resource of contents) {
    for (const object of store.list(resource, namespace)) {
      if (object.metadata.deletionTimestamp ?? deleteGracefully(store, resource, object, now)) left += 1;
    }
  }
  return left === 0;
}
