import { formatTime } from "./prepare.ts";
import { resources } from "./resources.ts";
import type { KubeObject, ObjectStore, ResourceName, StoreEvent } from "./types.ts";

interface Dependent {
  readonly resource: ResourceName;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly uid: string;
}

/** How many orphans go in one turn of the event loop, so that 4,000 pods do not hold it up. */
const turn = 200;

/** The garbage collector: listens to the store and, in the background, removes what belonged to an object that is gone. */
export function createCollector(store: ObjectStore, now: () => number): (event: StoreEvent) => void {
  const alive = new Set<string>();
  const owned: Owned = new Map();
  const queue: Dependent[] = [];

  let scheduled = false;

  const enqueue = (dependents: Iterable<Dependent>) => {
    for (const dependent of dependents) queue.push(dependent);
    if (scheduled || queue.length === 0) return;
    scheduled = true;
    setImmediate(work);
  };
  function work(): void {
    scheduled = false;
    // What is collected here may leave orphans of its own, which are for a later turn.
    for (const dependent of queue.splice(0, turn)) collect(dependent);
    enqueue([]);
  }
  function collect({ resource, namespace, name, uid }: Dependent): void {
    const object = store.get(resource, namespace, name);
    if (object?.metadata.uid === uid && isOrphan(object, alive)) deleteGracefully(store, resource, object, now());
  }
  return ({ type, resource, object, old }) => {
    const { uid, namespace, name } = object.metadata;
    if (type === "DELETED") {
      alive.delete(uid);
      if (old) forget(owned, old);
      enqueue(owned.get(uid)?.values() ?? []);
      owned.delete(uid);
      return;
    }
    alive.add(uid);
    if (old?.metadata.ownerReferences === object.metadata.ownerReferences) return;
    if (old) forget(owned, old);
    const dependent = { resource, namespace, name, uid };
    remember(owned, object, dependent);
    if (isOrphan(object, alive)) enqueue([dependent]);
  };
}

/** Owners' uids, and under each what belongs to it, by uid. */
type Owned = Map<string, Map<string, Dependent>>;

const kinds = new Set(resources.map(({ kind }) => kind));

/** It had owners, and none is left. An owner of a kind that is not held here counts as alive. */
function isOrphan({ metadata: { ownerReferences = [] } }: KubeObject, alive: ReadonlySet<string>): boolean {
  return ownerReferences.length > 0 && !ownerReferences.some(({ uid, kind }) => alive.has(uid) || !kinds.has(kind));
}

function remember(owned: Owned, { metadata }: KubeObject, dependent: Dependent): void {
  for (const { uid } of metadata.ownerReferences ?? []) {
    const dependents = owned.get(uid) ?? new Map<string, Dependent>();
    owned.set(uid, dependents.set(dependent.uid, dependent));
  }
}

function forget(owned: Owned, { metadata }: KubeObject): void {
  for (const owner of metadata.ownerReferences ?? []) owned.get(owner.uid)?.delete(metadata.uid);
}

/**
 * Deletes as the API server does: a pod that runs on a node is only marked, and its kubelet (a stage) removes it; anything else goes at once.
 * `graceSeconds` 0 removes at once. Returns the marked object, or undefined when it is gone.
 */
export function deleteGracefully(
  store: ObjectStore,
  resource: ResourceName,
  object: KubeObject,
  now: number,
  graceSeconds?: number,
): KubeObject | undefined {
  const { namespace, name } = object.metadata;
  const seconds = graceSeconds ?? Number(object.spec?.["terminationGracePeriodSeconds"] ?? 30);
  const ended = ["Succeeded", "Failed"].includes(String(object.status?.["phase"]));
  if (resource !== "v1/pods" || !object.spec?.["nodeName"] || ended || seconds === 0) {
    store.delete(resource, namespace, name);
    return undefined;
  }
  return store.modify(resource, namespace, name, (pod) => markDeleted(pod, now, seconds));
}

/** The pod as it is while it shuts down. */
export function markDeleted(pod: KubeObject, now: number, graceSeconds: number): KubeObject {
  if (pod.metadata.deletionTimestamp) return pod;
  const deletionTimestamp = formatTime(now + graceSeconds * 1000);
  const metadata = { ...pod.metadata, deletionTimestamp, deletionGracePeriodSeconds: graceSeconds };
  return { ...pod, metadata };
}
