import { apiVersionOf } from "./resources.ts";
import { StatusError, badRequest, expired } from "./status-error.ts";
import { isSelective, toFilter } from "./filter.ts";
import type { Answer, Target } from "./call.ts";
import type { History } from "./history.ts";
import type { KubeObject, ObjectStore } from "./types.ts";

/** Answers lists; remembers the snapshots that its `continue` tokens stand for. */
export interface Lister {
  list(target: Target, query: URLSearchParams): Answer;
  /** Lets all tokens expire. */
  forget(): void;
}

interface Token {
  readonly snapshot: string;
  readonly offset: number;
  /** Key of the last object sent, from which an inconsistent list goes on once the snapshot has expired. */
  readonly start: string;
}

interface Snapshot {
  readonly items: readonly KubeObject[];
  readonly version: string;
}

/** Objects are never changed in place, so a snapshot costs a pointer an object. */
const snapshotsKept = 50;

/** A lister over the store. */
export function createLister(store: ObjectStore, history: History): Lister {
  const snapshots = new Map<string, Snapshot>();
  let count = 0;

  const remember = (snapshot: Snapshot): string => {
    const id = String((count += 1));
    snapshots.set(id, snapshot);
    for (const oldest of snapshots.keys()) if (snapshots.size > snapshotsKept) snapshots.delete(oldest);
    return id;
  };
  const view = (target: Target, query: URLSearchParams): View => {
    const token = parseToken(query.get("continue"));
    const snapshot = token && snapshots.get(token.snapshot);
    if (snapshot) return { snapshot, id: () => token.snapshot, from: token.offset };
    if (token && token.snapshot !== "") throw tokenExpired(token);
    const fresh = snapshotNow(store, target, query, token?.start);
    return { snapshot: fresh, id: () => remember(fresh), from: 0 };
  };
  return {
    list(target, query) {
      const limit = readLimit(query) || Infinity;
      checkVersion(store, history, target, query);
      const { snapshot, id, from } = view(target, query);
      const items = snapshot.items.slice(from, from + limit);
      const metadata = { resourceVersion: snapshot.version, ...rest(snapshot, from + items.length, id, query) };
      return { code: 200, body: formatList(target, metadata, items) };
    },
    forget: () => snapshots.clear(),
  };
}

/** The part of a snapshot that a request means, and the id under which the snapshot is found again. */
interface View {
  readonly snapshot: Snapshot;
  readonly id: () => string;
  readonly from: number;
}

/** How a list goes on after `offset` items. */
function rest({ items }: Snapshot, offset: number, id: () => string, query: URLSearchParams): Record<string, unknown> {
  const last = items[offset - 1];
  if (!last || offset >= items.length) return {};
  const token = formatToken({ snapshot: id(), offset, start: keyOf(last) });
  return isSelective(query) ? { continue: token } : { continue: token, remainingItemCount: items.length - offset };
}

function snapshotNow(store: ObjectStore, target: Target, query: URLSearchParams, after = ""): Snapshot {
  const matches = toFilter(target, query);
  const all = [...store.list(target.resource.name, target.namespace)];
  const items = all.filter((object) => matches(object) && keyOf(object) > after);
  return { items: items.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1)), version: store.resourceVersion };
}

/** A list as JSON. Its items go without kind and apiVersion, as the API server sends them. */
export function formatList({ resource }: Target, metadata: Record<string, unknown>, items: readonly KubeObject[]): string {
  const body = items.map((item) => JSON.stringify({ ...item, kind: undefined, apiVersion: undefined })).join(",");
  return `{"kind":"${resource.kind}List","apiVersion":"${apiVersionOf(resource)}","metadata":${JSON.stringify(metadata)},"items":[${body}]}`;
}

/** The order of lists, as etcd keeps its keys. */
function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

function readLimit(query: URLSearchParams): number {
  const text = query.get("limit") ?? "0";
  if (!/^-?\d{1,9}$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

function formatToken(token: Token): string {
  return Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", ...token })).toString("base64url");
}

function parseToken(text: string | null): Token | undefined {
  if (!text) return undefined;
  try {
    const token = JSON.parse(Buffer.from(text, "base64url").toString()) as Partial<Token> | null;
    if (typeof token?.snapshot !== "string" || typeof token.offset !== "number" || typeof token.start !== "string")
      throw new Error("incomplete");
    return { snapshot: token.snapshot, offset: token.offset, start: token.start };
  } catch {
    throw badRequest("invalid continue token: continue key is not valid");
  }
}

function tokenExpired(token: Token): StatusError {
  const message =
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue " +
    "parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token " +
    "results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and " +
    "now may show up in the list.";
  return expired(message, formatToken({ ...token, snapshot: "" }));
}

function checkVersion(store: ObjectStore, history: History, { resource }: Target, query: URLSearchParams): void {
  const version = Number(query.get("resourceVersion") ?? "0");
  const now = store.resourceVersion;
  if (version > Number(now)) {
    const causes = [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }];
    throw new StatusError(504, "Timeout", `Timeout: Too large resource version: ${version}, current: ${now}`, {
      causes,
      retryAfterSeconds: 1,
    });
  }
  // Only the present is kept. The past is refused as if it had been compacted.
  if (query.get("resourceVersionMatch") === "Exact" && version < Number(now) && version < history.oldest(resource.name)) {
    throw expired("The resourceVersion for the provided list is too old.");
  }
}
