import type { Deployment } from "./kinds.ts";
import { hasTraffic, loadOf } from "./load.ts";
import type { World } from "./world.ts";

/** Clients go by the answers of about so many milliseconds, not by the last one alone. */
const memory = 15_000;

/** Notes how long each Deployment's callers wait at `now`; who calls it, and who tries again, goes by that. */
export function feelLoad(world: World, now: number): void {
  for (const deployment of world.index.deployments.values()) {
    if (!hasTraffic(deployment)) continue;
    const latency = meanLatency(world, deployment, now);
    if (latency !== undefined) feel(world, keyOf(deployment), latency, now);
  }
}

function feel({ felt }: World, key: string, latency: number, now: number): void {
  const last = felt.get(key);
  const share = last ? 1 - Math.exp(-Math.max(0, now - last.at) / memory) : 1;
  const before = last?.latency ?? latency;
  felt.set(key, { at: now, latency: before + (latency - before) * share });
}

function meanLatency(world: World, deployment: Deployment, now: number): number | undefined {
  let requests = 0;
  let seconds = 0;
  for (const { pods, each } of loadOf(world, deployment, now) ?? []) {
    requests += pods * each.requests;
    seconds += pods * each.requests * each.latency;
  }
  return requests > 0 ? seconds / requests : undefined;
}

function keyOf({ metadata }: Deployment): string {
  return `${metadata.namespace}/${metadata.name}`;
}
