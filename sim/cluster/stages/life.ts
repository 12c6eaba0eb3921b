import { createAutoscaling, type AutoscalerOptions } from "./hpa.ts";
import { runDeployments, touchUnfinished } from "./deployments.ts";
import { feelLoad } from "./feel.ts";
import { createKubelet, type Kubelet } from "./kubelet.ts";
import { runJobs } from "./jobs.ts";
import { lookAfterNodes } from "./node-lifecycle.ts";
import { createNodeAutoscaler, type NodePool } from "./nodes.ts";
import { type Allowance, runReplicaSets } from "./replicasets.ts";
import { runScheduler } from "./scheduler.ts";
import type { World } from "./world.ts";

/** The controllers, scheduler, kubelets and autoscalers of a cluster, as one step on the clock. */
export interface Life {
  /** What they do at `now` (milliseconds), which must not be before the last step. Steps of 1 to 2 seconds are fine enough. */
  step(now: number): void;
  readonly kubelet: Kubelet;
}

/** How a cluster lives. */
export interface LifeOptions extends AutoscalerOptions {
  readonly pool: NodePool;
}

/** The real controllers react to each other's writes within milliseconds: in one step they have several turns. */
const turns = 6;
/** `--kube-api-qps` of the real control plane's controllers. */
const podsPerSecond = 500;

/** The life of a world; nothing happens until it is stepped. */
export function createLife(world: World, options: LifeOptions): Life {
  const kubelet = createKubelet(world);
  const autoscaling = createAutoscaling(world, options);
  const nodeAutoscaler = createNodeAutoscaler(world, options.pool);
  const everyTenSeconds = createRhythm(10_000);
  const everyMinute = createRhythm(60_000);
  let last: number | undefined;
  return {
    kubelet,
    step(now) {
      const seconds = Math.max(1, Math.min(5, (now - (last ?? now)) / 1000));
      const allowance = { left: Math.round(podsPerSecond * seconds) };
      last = now;
      if (everyTenSeconds(now)) touchUnfinished(world);
      kubelet.run(now);
      lookAfterNodes(world, now);
      feelLoad(world, now);
      runControllers(world, allowance, now);
      autoscaling.run(now);
      runControllers(world, allowance, now);
      runScheduler(world, now);
      runJobs(world, kubelet, now);
      nodeAutoscaler.run(now);
      if (everyMinute(now)) world.events.forget(now);
    },
  };
}

/** Deployment and ReplicaSet controllers in turn, until neither has anything to do or they had their turns. */
export function runControllers(world: World, allowance: Allowance, now: number): void {
  const { dirtyDeployments, dirtyReplicaSets } = world.index;
  for (let turn = 0; turn < turns && dirtyDeployments.size + dirtyReplicaSets.size > 0; turn += 1) {
    runDeployments(world, now);
    runReplicaSets(world, allowance, now);
  }
}

function createRhythm(period: number): (now: number) => boolean {
  let last = Number.NEGATIVE_INFINITY;
  return (now) => {
    if (now - last < period) return false;
    last = now;
    return true;
  };
}
