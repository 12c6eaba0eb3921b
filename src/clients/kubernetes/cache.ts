import { messageOf } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";
import type { KubeMeta } from "./objects.ts";

/** What a reflector tells. A handler that throws is logged and harms nobody. */
export interface ReflectorHandlers<T> {
  /** New, or other than before (`old`). */
  readonly onUpsert: (item: T, old: T | undefined) => void;
  readonly onRemove: (old: T) => void;
  /** After each full list: from the first one on, the cache is complete. */
  readonly onSync?: () => void;
}

/** The projected objects, by namespace and name, and how they change. */
export interface Cache<T> {
  put(raw: unknown): void;
  remove(raw: unknown): void;
  /** Between the two, everything listed is put; what was not is removed at the end. */
  beginList(): void;
  endList(): void;
  items(): IterableIterator<T>;
  size(): number;
}

interface Entry<T> {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly item: T;
  /** The last list that had it. */
  list: number;
}

type Identity = Pick<KubeMeta, "name" | "namespace" | "uid" | "resourceVersion">;

interface State<T> {
  readonly entries: Map<string, Entry<T>>;
  readonly project: (raw: unknown) => T | undefined;
  readonly handlers: ReflectorHandlers<T>;
  readonly live: () => boolean;
  readonly log: Log;
  /** Number of the list under way or last done. */
  list: number;
}

/** Raw objects are projected before they are kept; `live` false ends all telling. */
export function createCache<T>(options: Pick<State<T>, "project" | "handlers" | "live" | "log">): Cache<T> {
  const state: State<T> = { ...options, entries: new Map(), list: 0 };
  return {
    put: (raw) => put(state, raw),
    remove: (raw) => {
      const id = findIdentity(raw);
      const known = id && state.entries.get(keyOf(id));
      if (id && known?.uid === id.uid) drop(state, keyOf(id), known);
    },
    beginList: () => void state.list++,
    endList: () => {
      for (const [key, entry] of state.entries) if (entry.list !== state.list) drop(state, key, entry);
      tell(state, () => state.handlers.onSync?.());
    },
    items: () => itemsOf(state.entries),
    size: () => state.entries.size,
  };
}

function put<T>(state: State<T>, raw: unknown): void {
  const id = findIdentity(raw);
  if (!id || !state.live()) return;
  const known = findSame(state, id);
  if (known) known.list = state.list;
  if (known?.resourceVersion === id.resourceVersion) return;
  const item = project(state, raw);
  if (item !== undefined) {
    state.entries.set(keyOf(id), { uid: id.uid, resourceVersion: id.resourceVersion, list: state.list, item });
    tell(state, () => state.handlers.onUpsert(item, known?.item));
  } else if (known) drop(state, keyOf(id), known);
}

/** What is known under the same key. Another uid there is another object: it has gone. */
function findSame<T>(state: State<T>, id: Identity): Entry<T> | undefined {
  const known = state.entries.get(keyOf(id));
  if (known && known.uid !== id.uid) drop(state, keyOf(id), known);
  return known?.uid === id.uid ? known : undefined;
}

function drop<T>(state: State<T>, key: string, entry: Entry<T>): void {
  state.entries.delete(key);
  tell(state, () => state.handlers.onRemove(entry.item));
}

function project<T>(state: State<T>, raw: unknown): T | undefined {
  try {
    return state.project(raw);
  } catch (error) {
    state.log.warn({ error: messageOf(error) }, "Cannot map a Kubernetes object");
    return undefined;
  }
}

function tell<T>(state: State<T>, call: () => void): void {
  if (!state.live()) return;
  try {
    call();
  } catch (error) {
    state.log.error({ error: messageOf(error) }, "Handler of a watch failed");
  }
}

function* itemsOf<T>(entries: ReadonlyMap<string, Entry<T>>): IterableIterator<T> {
  for (const entry of entries.values()) yield entry.item;
}

function keyOf(id: Identity): string {
  return `${id.namespace ?? ""}/${id.name}`;
}

function findIdentity(raw: unknown): Identity | undefined {
  const metadata = (raw as { metadata?: Partial<Identity> } | null | undefined)?.metadata;
  return metadata?.name && metadata.uid && metadata.resourceVersion ? (metadata as Identity) : undefined;
}
