import type { Illness } from "#domain/illness.ts";
import type { Instant, PoolState } from "#domain/workload.ts";
import { manyNodes, noNewNodes, noPodAddresses, pendingPods } from "./places.ts";
import type { ClusterFacts, Heard } from "./cluster-facts.ts";
import type { Rule, Symptom } from "./facts.ts";
import { type Followed, type HeldSymptoms, follow, heldFrom } from "./follow.ts";
import type { PoolNormal } from "#domain/pool-normal.ts";
import { learnPool, usualPool } from "./pool-normal.ts";

/** What is remembered of a cluster between two looks. */
export interface ClusterMemory {
  readonly held: HeldSymptoms;
  readonly normal: PoolNormal;
  readonly heard: readonly Heard[];
}

const rules: readonly Rule<ClusterFacts>[] = [noNewNodes, noPodAddresses, pendingPods, manyNodes];
const HEARD_MS = 10 * 60_000;
const MOST_HEARD = 500;

/** Begins to remember; `told` is what was told before a restart. */
export function rememberCluster(normal: PoolNormal, told: readonly Illness[], at: Instant): ClusterMemory {
  return { held: heldFrom(told, at), normal, heard: [] };
}

/** Takes in a watch event; only those that a rule may want, and the newest of one object and reason. */
export function hearEvent(memory: ClusterMemory, event: Heard): ClusterMemory {
  const others = memory.heard.filter(
    ({ at, reason, involved, namespace }) =>
      at > event.at - HEARD_MS && !(reason === event.reason && involved === event.involved && namespace === event.namespace),
  );
  return { ...memory, heard: [...others, event].slice(-MOST_HEARD) };
}

/** Looks at a cluster: what is wrong with it, and what of that is news. */
export function lookAtCluster(
  known: ClusterMemory,
  pool: Pick<PoolState, "nodes" | "pendingPods">,
  about: { readonly at: Instant; readonly runaway: boolean; readonly autoscalerProblem?: string },
): Followed & { readonly memory: ClusterMemory } {
  const { at } = about;
  const nodes = pool.nodes.length;
  const facts: ClusterFacts = {
    ...about,
    nodes,
    pendingPods: pool.pendingPods,
    usual: usualPool(known.normal),
    heard: known.heard.filter((event) => event.at > at - HEARD_MS),
  };
  const symptoms: Symptom[] = about.runaway ? [] : rules.flatMap((rule) => rule(facts) ?? []);
  const followed = follow(known.held, symptoms, at);
  const normal = learnPool(known.normal, { at, nodes, pendingPods: pool.pendingPods });
  return { ...followed, memory: { held: followed.held, normal, heard: facts.heard } };
}
