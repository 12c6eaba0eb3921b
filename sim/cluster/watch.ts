import type { ServerResponse } from "node:http";
import { apiVersionOf } from "./resources.ts";
import { StatusError, expired, toStatus } from "./status-error.ts";
import { toFilter } from "./filter.ts";
import { createStreams } from "./streams.ts";
import type { Target } from "./call.ts";
import type { History, Told } from "./history.ts";
import type { Matcher } from "./selectors.ts";
import type { KubeObject, ObjectStore } from "./types.ts";

/** Streams watch events to whoever watches. */
export interface WatchHub {
  /** Takes the response over and ends it when its time is up. Throws before anything is sent. */
  watch(target: Target, query: URLSearchParams, response: ServerResponse): void;
  /** Ends all watches, as a restart of the API server does; `abruptly` resets their connections. */
  readonly closeAll: (abruptly?: boolean) => void;
  /** While held, no watcher hears anything; then they hear all of it. */
  readonly hold: (held: boolean) => void;
  readonly size: number;
}

/** Milliseconds of wall time. */
const bookmarkEvery = 60_000;
const bookmarkBeforeEnd = 2_000;

/** A hub over the store's history. */
export function createWatchHub(store: ObjectStore, history: History): WatchHub {
  const streams = createStreams();
  return {
    watch(target, query, response) {
      const matches = toFilter(target, query);
      const start = readStart(target, query, store, history);
      const stream = streams.open(response);
      const say = (line: string) => stream.say(line);
      const end = () => stream.end();
      if (start.kind === "gone") {
        say(formatLine("ERROR", toStatus(start.error)));
        end();
        return;
      }
      if (start.kind === "now") sayAll(store, target, matches, say);
      else for (const told of start.events) sayTold(told, matches, say);
      if (start.kind === "now" && start.bookmark) say(bookmark(target, store.resourceVersion, true));
      const unsubscribe = history.subscribe(target.resource.name, (told) => sayTold(told, matches, say));
      const stopTimers = startTimers(target, query, store, say, end);
      response.on("close", () => {
        unsubscribe();
        stopTimers();
      });
    },
    closeAll: streams.closeAll,
    hold: streams.hold,
    get size() {
      return streams.size();
    },
  };
}

type Start =
  | { readonly kind: "now"; readonly bookmark: boolean }
  | { readonly kind: "after"; readonly events: readonly Told[] }
  | { readonly kind: "gone"; readonly error: StatusError };

function readStart({ resource }: Target, query: URLSearchParams, store: ObjectStore, history: History): Start {
  const text = query.get("resourceVersion") ?? "";
  if (!/^\d*$/.test(text))
    throw new StatusError(500, "", `resourceVersion: Invalid value: ${JSON.stringify(text)}: invalid syntax`);
  const initial = query.get("sendInitialEvents") === "true";
  if (initial && query.get("resourceVersionMatch") !== "NotOlderThan") throw needsNotOlderThan();
  if (initial || Number(text) === 0) return { kind: "now", bookmark: wantsBookmarks(query) && (initial || text === "") };
  const events = history.since(resource.name, Math.min(Number(text), Number(store.resourceVersion)));
  if (events !== "gone") return { kind: "after", events };
  return { kind: "gone", error: expired(`too old resource version: ${text} (${history.oldest(resource.name)})`) };
}

function wantsBookmarks(query: URLSearchParams): boolean {
  return query.get("allowWatchBookmarks") === "true";
}

function needsNotOlderThan(): StatusError {
  const message = "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
  const causes = [{ reason: "FieldValueForbidden", message, field: "resourceVersionMatch" }];
  const details = { group: "meta.k8s.io", kind: "ListOptions", causes };
  return new StatusError(422, "Invalid", `ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: ${message}`, details);
}

function sayAll(store: ObjectStore, { resource, namespace }: Target, matches: Matcher, say: (line: string) => void): void {
  for (const object of store.list(resource.name, namespace)) if (matches(object)) say(formatLine("ADDED", object));
}

/** An object that begins or ends to match a selector is added or deleted, as far as this watcher can tell. */
function sayTold(told: Told, matches: Matcher, say: (line: string) => void): void {
  const { type, object, old } = told.event;
  const is = type !== "DELETED" && matches(object);
  const was = type !== "ADDED" && old !== undefined && matches(old);
  if (is) say(lineOf(told, was ? "MODIFIED" : "ADDED", object));
  else if (was)
    say(lineOf(told, "DELETED", { ...old, metadata: { ...old.metadata, resourceVersion: object.metadata.resourceVersion } }));
}

let latest: { readonly told: Told; readonly type: string; readonly line: string } | undefined;

/** All watchers are told of an event in one go, so remembering the last line is enough to encode each event once. */
function lineOf(told: Told, type: string, object: KubeObject): string {
  if (latest?.told !== told || latest.type !== type) latest = { told, type, line: formatLine(type, object) };
  return latest.line;
}

function formatLine(type: string, object: unknown): string {
  return `{"type":"${type}","object":${JSON.stringify(object)}}\n`;
}

function bookmark({ resource }: Target, resourceVersion: string, initialEnd = false): string {
  const annotations = initialEnd ? { annotations: { "k8s.io/initial-events-end": "true" } } : {};
  const metadata = { resourceVersion, creationTimestamp: null, ...annotations };
  return formatLine("BOOKMARK", { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata });
}

/** Bookmarks each minute and shortly before the end, and the end: `timeoutSeconds`, or half an hour to an hour as the API server chooses. */
function startTimers(
  target: Target,
  query: URLSearchParams,
  store: ObjectStore,
  say: (line: string) => void,
  end: () => void,
): () => void {
  const seconds = Number(query.get("timeoutSeconds") ?? "0");
  const lasts = seconds > 0 ? seconds * 1000 : (1 + Math.random()) * 1_800_000;
  const wants = wantsBookmarks(query);
  const mark = () => wants && say(bookmark(target, store.resourceVersion));
  const every = setInterval(mark, bookmarkEvery);
  const timers = [setTimeout(mark, Math.max(0, lasts - bookmarkBeforeEnd)), setTimeout(end, lasts)];
  return () => {
    clearInterval(every);
    for (const timer of timers) clearTimeout(timer);
  };
}
