import type { KubeMeta } from "#clients/kubernetes/objects.ts";
import { pathOf } from "#clients/kubernetes/path.ts";
import { type Reflector, startReflector } from "#clients/kubernetes/reflector.ts";
import type { Observation } from "#domain/ports/cluster.ts";
import { createDeliveries } from "./gitops.ts";
import { type Delivery, deliveryKinds } from "./gitops-state.ts";
import type { ClusterWatchOptions } from "./reflect.ts";
import { untilListable } from "./until-listable.ts";

/** Status and history can be long. */
const OBJECTS_A_PAGE = 50;

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
    if (!(await untilListable(options, path, stop.signal))) return undefined;
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
