import { backoffMs } from "#lib/backoff.ts";
import { type Clock, createClock } from "#lib/clock.ts";
import { TemporaryError, messageOf } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";
import { type Cache, createCache, type ReflectorHandlers } from "./cache.ts";
import type { KubeConnection } from "./connection.ts";
import { listPages } from "./list.ts";
import type { KubeMeta } from "./objects.ts";
import { ExpiredError, readWatch, type WatchLine } from "./watch-stream.ts";

export interface ReflectorOptions<Raw, T> extends ReflectorHandlers<T> {
  readonly connection: KubeConnection;
  /** E.g. `/apis/apps/v1/deployments` or `/apis/apps/v1/namespaces/shop/deployments`. */
  readonly path: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
  /** Objects a page of a list; 500. Fewer where objects are large. */
  readonly pageSize?: number;
  /** What is kept of an object; undefined: nothing. The raw object is dropped. */
  readonly project: (raw: Raw) => T | undefined;
  readonly log: Log;
  /** 0 to 1, for jitter. */
  readonly random?: () => number;
  /** Wall time: waits and lengths of watches. */
  readonly clock?: Pick<Clock, "now" | "sleep">;
  /** A watch that is silent for so long (wall ms) is asked for again: bookmarks come about every minute. */
  readonly idleMs?: number;
  /** After so many silent watches in a row, it lists again. */
  readonly idleTimes?: number;
  readonly backoff?: { readonly baseMs: number; readonly maxMs: number };
}

/** Keeps a projection of one resource current until it is stopped. */
export interface Reflector<T> extends AsyncDisposable {
  /** Was it complete once? */
  synced(): boolean;
  items(): IterableIterator<T>;
  size(): number;
}

/** A watch that ends in peace sooner than this counts as failed: nothing may loop without waiting. */
const SHORTEST_WATCH_MS = 1_000;
/** So many failures in a row, and the resourceVersion itself is in doubt. */
const FAILURES_UNTIL_RELIST = 5;

interface Run<Raw, T> {
  readonly options: ReflectorOptions<Raw, T>;
  readonly clock: Pick<Clock, "now" | "sleep">;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly cache: Cache<T>;
  /** Where the next watch starts; undefined: list first. */
  resourceVersion: string | undefined;
  failures: number;
  /** Watches in a row that said nothing until they were given up. */
  silences: number;
  synced: boolean;
}

/** Lists, watches, resumes, and lists again when it must. Once stopped, no handler is called. */
export function startReflector<Raw extends { readonly metadata: KubeMeta }, T>(options: ReflectorOptions<Raw, T>): Reflector<T> {
  const abort = new AbortController();
  const { signal } = abort;
  const project = (raw: unknown) => options.project(raw as Raw);
  const cache = createCache({ project, handlers: options, live: () => !signal.aborted, log: options.log });
  const clock = options.clock ?? createClock();
  const random = options.random ?? Math.random;
  const run: Run<Raw, T> = {
    options,
    clock,
    random,
    signal,
    cache,
    resourceVersion: undefined,
    failures: 0,
    silences: 0,
    synced: false,
  };
  const ended = reflect(run);
  return {
    synced: () => run.synced,
    items: () => cache.items(),
    size: () => cache.size(),
    [Symbol.asyncDispose]: () => {
      abort.abort();
      return ended;
    },
  };
}

async function reflect<Raw, T>(run: Run<Raw, T>): Promise<void> {
  while (!run.signal.aborted) {
    const waitMs = await attempt(run);
    if (waitMs > 0) await run.clock.sleep(waitMs, run.signal);
  }
}

/** Lists if it must and watches once. Returns how long to wait before the next one, wall ms. */
async function attempt<Raw, T>(run: Run<Raw, T>): Promise<number> {
  try {
    if (run.resourceVersion === undefined) await relist(run);
    const startedAt = run.clock.now();
    const end = await watch(run);
    if (end === "idle") return resumeIdle(run);
    if (run.clock.now() - startedAt < SHORTEST_WATCH_MS) return waitAfterFailure(run);
    run.failures = 0;
    return 0;
  } catch (error) {
    return run.signal.aborted ? 0 : fail(run, error);
  }
}

/**
 * Silence is no failure: where nothing happens, some API servers send no bookmarks either. But the peer may be dead, so a new
 * connection asks again, at once; and a server that was set back may never speak of what comes after our resourceVersion.
 */
function resumeIdle<Raw, T>(run: Run<Raw, T>): number {
  run.failures = 0;
  if (++run.silences >= (run.options.idleTimes ?? 10)) {
    run.silences = 0;
    run.resourceVersion = undefined;
  }
  return 0;
}

/** Decides where to go on, says so, and returns the wait, wall ms. */
function fail<Raw, T>(run: Run<Raw, T>, error: unknown): number {
  const retryAfterMs = error instanceof TemporaryError ? (error.retryAfterMs ?? 0) : 0;
  // What time alone does not mend (410, 400, a line that is no JSON) is not asked for again.
  if (!(error instanceof TemporaryError) || run.failures + 1 >= FAILURES_UNTIL_RELIST) run.resourceVersion = undefined;
  const waitMs = Math.round(Math.max(waitAfterFailure(run), retryAfterMs));
  const fields = { path: run.options.path, failures: run.failures, waitMs, reason: messageOf(error) };
  if (error instanceof ExpiredError) run.options.log.info(fields, "Watch expired, listing again");
  else run.options.log.warn(fields, "Watch failed, trying again");
  return waitMs;
}

function waitAfterFailure<Raw, T>(run: Run<Raw, T>): number {
  const { baseMs, maxMs } = run.options.backoff ?? { baseMs: 250, maxMs: 30_000 };
  return backoffMs(run.failures++, { baseMs, maxMs, random: run.random });
}

async function relist<Raw, T>(run: Run<Raw, T>): Promise<void> {
  const { options, cache, signal } = run;
  const query = { fieldSelector: options.fieldSelector, labelSelector: options.labelSelector };
  cache.beginList();
  const request = { path: options.path, query, signal };
  const result = await listPages(options.connection, request, (raw) => cache.put(raw), options.pageSize);
  if (result.kind === "expired") throw new ExpiredError(`Cannot list ${options.path} to its end: the pages expired`);
  if (signal.aborted) return;
  run.resourceVersion = result.resourceVersion;
  run.synced = true;
  cache.endList();
}

async function watch<Raw, T>(run: Run<Raw, T>): Promise<"ended" | "idle"> {
  const { options, signal } = run;
  const query = {
    watch: true,
    allowWatchBookmarks: true,
    resourceVersion: run.resourceVersion,
    // Spread, so that the watches of many agents do not come back at the same moment.
    timeoutSeconds: Math.round(300 + run.random() * 300),
    fieldSelector: options.fieldSelector,
    labelSelector: options.labelSelector,
  };
  const request = { path: options.path, query, bodyTimeoutMs: options.idleMs ?? 90_000, signal };
  return await readWatch(
    options.connection,
    request,
    (line) => take(run, line),
    () => options.log.warn({ path: options.path }, "Skipped a watch event that is too large"),
  );
}

function take<Raw, T>(run: Run<Raw, T>, line: WatchLine): void {
  if (run.signal.aborted) return;
  if (line.type === "ADDED" || line.type === "MODIFIED") run.cache.put(line.object);
  else if (line.type === "DELETED") run.cache.remove(line.object);
  const next = (line.object as { metadata?: { resourceVersion?: string } } | undefined)?.metadata?.resourceVersion;
  if (next) run.resourceVersion = next;
  run.failures = 0;
  run.silences = 0;
}
