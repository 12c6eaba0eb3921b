import { resources } from "./resources.ts";
import type { KubeObject, ResourceName } from "./types.ts";

/** Where the store's objects stand: by resource, namespace and name, in insertion order. */
export interface Shelves {
  readonly get: (resource: ResourceName, namespace: string | undefined, name: string) => KubeObject | undefined;
  readonly list: (resource: ResourceName, namespace?: string) => Iterable<KubeObject>;
  readonly count: (resource: ResourceName) => number;
  readonly put: (resource: ResourceName, object: KubeObject) => void;
  readonly remove: (resource: ResourceName, object: KubeObject) => void;
}

interface Shelf {
  readonly all: Map<string, KubeObject>;
  readonly byNamespace: Map<string, Map<string, KubeObject>>;
}

/** Empty shelves, one a resource. */
export function createShelves(): Shelves {
  const shelves = new Map<ResourceName, Shelf>(resources.map(({ name }) => [name, { all: new Map(), byNamespace: new Map() }]));
  const shelfOf = (resource: ResourceName): Shelf => {
    const shelf = shelves.get(resource);
    if (!shelf) throw new Error(`Cannot find resource "${resource}": expected one that the simulated cluster holds`);
    return shelf;
  };
  return {
    get: (resource, namespace, name) => shelfOf(resource).all.get(keyOf(namespace, name)),
    list: (resource, namespace) => {
      const { all, byNamespace } = shelfOf(resource);
      return namespace === undefined ? all.values() : (byNamespace.get(namespace)?.values() ?? []);
    },
    count: (resource) => shelfOf(resource).all.size,
    put: (resource, object) => put(shelfOf(resource), object),
    remove: (resource, object) => remove(shelfOf(resource), object),
  };
}

function keyOf(namespace: string | undefined, name: string): string {
  return namespace ? `${namespace}/${name}` : name;
}

function put({ all, byNamespace }: Shelf, object: KubeObject): void {
  const { namespace, name } = object.metadata;
  all.set(keyOf(namespace, name), object);
  if (!namespace) return;
  const room = byNamespace.get(namespace) ?? new Map<string, KubeObject>();
  byNamespace.set(namespace, room.set(name, object));
}

function remove({ all, byNamespace }: Shelf, { metadata: { namespace, name } }: KubeObject): void {
  all.delete(keyOf(namespace, name));
  if (!namespace) return;
  const room = byNamespace.get(namespace);
  room?.delete(name);
  if (room?.size === 0) byNamespace.delete(namespace);
}
