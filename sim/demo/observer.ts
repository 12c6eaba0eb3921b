import { imageOf } from "./images.ts";
import { takeSample, type Sample } from "./samples.ts";
import type { SimClock } from "#sim/clock.ts";
import type { SimulatedCluster } from "#sim/cluster/cluster.ts";
import type { KubeObject, StoreEvent } from "#sim/cluster/types.ts";
import type { Story } from "#sim/scenarios/story.ts";

/** What somebody wrote to the service, as the cluster saw it. */
export interface Write {
  readonly at: number;
  readonly kind: "ceiling" | "template";
  /** `4000 -> 96`, or the new image. */
  readonly what: string;
}

/** Watches the cluster's side of a story, until it is disposed. */
export interface Observer extends AsyncDisposable {
  readonly samples: readonly Sample[];
  readonly writes: readonly Write[];
}

const everyMs = 15_000;

/** Samples every quarter of a clock minute and counts writes. */
export function startObserver(options: {
  readonly clock: SimClock;
  readonly cluster: SimulatedCluster;
  readonly story: Story;
}): Observer {
  const { clock, cluster, story } = options;
  const stop = new AbortController();
  const samples: Sample[] = [];
  const writes: Write[] = [];
  const forget = cluster.store.onChange((event) => {
    const write = toWrite(event, story.service);
    if (write) writes.push({ at: clock.now(), ...write });
  });
  const live = async () => {
    while (!stop.signal.aborted) {
      samples.push(await takeSample(cluster, story.service, clock.now()));
      await clock.sleep(everyMs, stop.signal);
    }
  };
  const done = live();
  return {
    samples,
    writes,
    async [Symbol.asyncDispose]() {
      forget();
      stop.abort();
      await done;
    },
  };
}

function toWrite({ type, resource, object, old }: StoreEvent, service: Story["service"]): Omit<Write, "at"> | undefined {
  if (type !== "MODIFIED" || !old || !isOf(object, service)) return undefined;
  const kind =
    resource === "apps/v1/deployments"
      ? "template"
      : resource === "autoscaling/v2/horizontalpodautoscalers"
        ? "ceiling"
        : undefined;
  if (!kind) return undefined;
  const [before, after] = [old, object].map(kind === "ceiling" ? ceilingOf : imageOf);
  if (before === after) return undefined;
  return { kind, what: kind === "ceiling" ? `${before} -> ${after}` : `${after}` };
}

function isOf({ metadata }: KubeObject, { name, namespace }: Story["service"]): boolean {
  return metadata.name === name && metadata.namespace === namespace;
}

function ceilingOf({ spec }: KubeObject): string {
  return String(spec?.["maxReplicas"]);
}
