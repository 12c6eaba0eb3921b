import { callKube } from "#clients/kubernetes/answer.ts";
import type { KubeMeta } from "#clients/kubernetes/objects.ts";
import { pathOf } from "#clients/kubernetes/path.ts";
import { type Reflector, startReflector } from "#clients/kubernetes/reflector.ts";
import type { Observation } from "#domain/ports/cluster.ts";
import { createClock } from "#lib/clock.ts";
import { backoffMs } from "#lib/backoff.ts";
import { createDeliveries } from "./gitops.ts";
import { type Delivery, deliveryKinds } from "./gitops-state.ts";
import type { ClusterWatchOptions } from "./reflect.ts";

const wall = createClock();
/** Status and history can be long. */
const OBJECTS_A_PAGE = 50;
/** Argo CD or Flux may be installed later. Wall milliseconds. */
const lookAgainMs = 30 * 60_000;

/** Ears for Argo CD and Flux, where they are. */
export interface GitopsWatch extends AsyncDisposable {
  /** The observation, with what is known of a rollout's commits. */
  readonly complete: (observation: Observation) => Observation;
}

type Raw = { readonly metadata: KubeMeta } & Readonly<Record<string, unknown>>;

/** Nothing waits for it. Where they are not installed, or may not be read, it looks again twice an hour. */
export function startGitopsWatch(options: ClusterWatchOptions): GitopsWatch {
  const stop = new AbortController();
  const deliveries = createDeliveries(options.now, (change) => options.emit({ kind: "change", change }));
  const watching = deliveryKinds.map(async ({ version, plural, find }): Promise<Reflector<Delivery> | undefined> => {
    const path = pathOf(version, undefined, plural);
    if (!(await untilThere(options, path, stop.signal))) return undefined;
    return startReflector<Raw, Delivery>({
      connection: options.connection,
      log: options.log,
      path,
      pageSize: OBJECTS_A_PAGE,
      project: (raw) => find(options.cluster, raw),
      onUpsert: deliveries.take,
      onRemove: () => {},
    });
  });
  return {
    complete: (heard) =>
      heard.kind === "change" && heard.change.kind === "rollout"
        ? { ...heard, change: deliveries.complete(heard.change) }
        : heard,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      for (const started of watching) await (await started)?.[Symbol.asyncDispose]();
    },
  };
}

/** True once there is something to list; false when it was stopped before. */
async function untilThere({ connection, log }: ClusterWatchOptions, path: string, signal: AbortSignal): Promise<boolean> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      const { code } = await callKube(connection, { path, query: { limit: 1 }, signal });
      if (code < 300) return true;
      if (code === 403) log.info({ path }, "May not be listed: what it delivers is not known");
      if (code === 403 || code === 404) await wall.sleep(lookAgainMs, signal);
    } catch {
      // The other watches say that the API server is away.
    }
    await wall.sleep(backoffMs(attempt, { baseMs: 1_000, maxMs: 60_000, random: Math.random }), signal);
  }
  return false;
}
