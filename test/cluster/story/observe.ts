import { imageOf } from "#sim/demo/images.ts";
import { takeSample, type Sample } from "#sim/demo/samples.ts";
import type { Observer, Write } from "#sim/demo/observer.ts";
import type { KubeObject } from "#sim/cluster/types.ts";
import type { Program } from "#sim/demo/program.ts";
import type { Admin } from "./admin.ts";

/** A sample, with what the program takes at that moment. */
export interface FullSample extends Sample {
  readonly programBytes: number | undefined;
}

export interface ObserveOptions {
  readonly admin: Admin;
  readonly prometheusUrl: string;
  readonly service: { readonly namespace: string; readonly name: string; readonly directory: string };
  readonly program: Pick<Program, "memory">;
}

const sampleEveryMs = 5_000;
const lookEveryMs = 1_000;

/** Watches the service from the cluster's side: samples every 5 s, changed templates and ceilings every second. */
export function startObserver(options: ObserveOptions): Observer & { readonly samples: readonly FullSample[] } {
  const stop = new AbortController();
  const samples: FullSample[] = [];
  const writes: Write[] = [];
  const done = Promise.all([
    every(sampleEveryMs, stop.signal, async () => void samples.push(await sample(options))),
    watchWrites(options, writes, stop.signal),
  ]);
  return {
    samples,
    writes,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await done;
    },
  };
}

async function sample({ admin, prometheusUrl, service, program }: ObserveOptions): Promise<FullSample> {
  const at = Date.now();
  const [deployment, nodes, programBytes] = await Promise.all([
    admin.apps.readNamespacedDeployment(service),
    admin.core.listNode({ limit: 1 }),
    program.memory(),
  ]);
  const store = {
    get: () => deployment as unknown as KubeObject,
    count: () => nodes.items.length + (nodes.metadata?.remainingItemCount ?? 0),
  };
  return { ...(await takeSample({ store, prometheusUrl }, service, at)), programBytes };
}

async function watchWrites({ admin, service }: ObserveOptions, writes: Write[], signal: AbortSignal): Promise<void> {
  let image = "";
  let ceiling = 0;
  await every(lookEveryMs, signal, async () => {
    const [deployment, autoscaler] = await Promise.all([
      admin.apps.readNamespacedDeployment(service),
      admin.autoscaling.readNamespacedHorizontalPodAutoscaler(service),
    ]);
    const [nextImage, nextCeiling] = [imageOf(deployment as unknown as KubeObject), autoscaler.spec?.maxReplicas ?? 0];
    const at = Date.now();
    if (image && nextImage !== image) writes.push({ at, kind: "template", what: nextImage });
    if (ceiling && nextCeiling !== ceiling) writes.push({ at, kind: "ceiling", what: `${ceiling} -> ${nextCeiling}` });
    [image, ceiling] = [nextImage, nextCeiling];
  });
}

/** One failed look does not end the watching. */
async function every(ms: number, signal: AbortSignal, look: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    const next = Date.now() + ms;
    await look().catch((error: unknown) => console.error(`Could not look: ${String(error)}`));
    await pause(next - Date.now(), signal);
  }
}

/** Resolves after so many ms, or at once when the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, Math.max(0, ms));
    signal.addEventListener("abort", done, { once: true });
  });
}
