import type { Deployment } from "./kinds.ts";
import { hasTraffic, loadOf } from "./load.ts";
import type { World } from "./world.ts";

/** Clients go by the answers of about so many milliseconds, not by the last one alone. */
const memory = 15_000;

/** Notes how long each Deployment's callers wait at `now` and how busy its pods are; what comes next goes by that. */
export function feelLoad(world: World, now: number): void {
  for (const deployment of world.index.deployments.values()) {
    if (!hasTraffic(deployment)) continue;
    const mean = meanLoad(world, deployment, now);
    if (mean) feel(world, `${deployment.metadata.namespace}/${deployment.metadata.name}`, mean, now);
  }
}

interface Mean {
  readonly latency: number;
  readonly utilisation: number;
}

function feel({ felt }: World, key: string, { latency, utilisation }: Mean, now: number): void {
  const last = felt.get(key);
  const share = last ? 1 - Math.exp(-Math.max(0, now - last.at) / memory) : 1;
  const toward = (before: number, next: number) => before + (next - before) * share;
  felt.set(key, {
    at: now,
    latency: toward(last?.latency ?? latency, latency),
    utilisation: toward(last?.utilisation ?? utilisation, utilisation),
  });
}

/** Over all requests. */
function meanLoad(world: World, deployment: Deployment, now: number): Mean | undefined {
  let requests = 0;
  let seconds = 0;
  let busy = 0;
  for (const { pods, each } of loadOf(world, deployment, now) ?? []) {
    requests += pods * each.requests;
    seconds += pods * each.requests * each.latency;
    busy += pods * each.requests * each.utilisation;
  }
  return requests > 0 ? { latency: seconds / requests, utilisation: busy / requests } : undefined;
}
