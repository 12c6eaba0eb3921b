import type { ClusterRoom, Foretold, RolloutFacts } from "#domain/rollout.ts";
import { count, duration } from "#analysis/words.ts";
import { type Way, wayOf } from "./way.ts";

/**
 * What a rollout at this count will do on its way: pods at most, ready pods at least, nodes that are bought, what a quota or the pool's
 * maximum makes of it, and how long it takes. What nobody could see is absent, and said.
 */
export function foretell(facts: RolloutFacts): Foretold {
  const { at, replicas, ready, replacement } = facts;
  const way = wayOf(facts);
  const seconds = secondsOf(facts, way);
  const foreseen = facts.room !== undefined || replacement.kind !== "rolling" || way.surge === 0;
  return {
    forecast: {
      at,
      replicas,
      mostPods: replicas + way.surge,
      leastReady: Math.min(ready, replicas - replacement.unavailable),
      ...(foreseen && !way.tooLarge && { addedNodes: way.addedNodes }),
      ...(seconds !== undefined && { seconds }),
    },
    effects: [...pods(facts, way), ...nodes(facts, way), ...time(facts, way, seconds)],
    warnings: warnings(facts, way),
  };
}

/** So many at a time, each until it counts as ready; nodes are bought once, at the beginning. */
function secondsOf({ replacement, secondsToReady, secondsToNode, minReadySeconds }: RolloutFacts, way: Way): number | undefined {
  const { kind, replaced } = replacement;
  if (secondsToReady === undefined || kind === "by-hand") return undefined;
  if (way.addedNodes > 0 && secondsToNode === undefined) return undefined;
  const each = secondsToReady + minReadySeconds;
  if (kind === "recreate") return each;
  const batches = batchesOf(replaced, way);
  return batches === undefined ? undefined : batches * each + (way.addedNodes > 0 ? (secondsToNode ?? 0) : 0);
}

function batchesOf(replaced: number, { batch }: Way): number | undefined {
  return batch > 0 ? Math.ceil(replaced / batch) : undefined;
}

function pods({ replicas, replacement }: RolloutFacts, { surge }: Way): string[] {
  const { kind, unavailable, replaced } = replacement;
  const all = `All ${count(replicas, "pod")}`;
  switch (kind) {
    case "recreate":
      return [`${all} are stopped before the first new one starts: it does not serve meanwhile.`];
    case "by-hand":
      return ["No pod is replaced until somebody deletes it: the update strategy is OnDelete."];
    case "in-place": {
      if (replaced === 0) return [`No pod is replaced: the partition keeps all ${count(replicas)}.`];
      const which = replaced < replicas ? `${count(replaced)} of ${count(replicas, "pod")}` : all;
      const missing = surge > 0 ? "none missing" : `up to ${count(unavailable)} missing`;
      return [
        `${which} are replaced where they are, ${missing} at a time; ${count(replicas - unavailable)} kept ready at least.`,
      ];
    }
    case "rolling":
      return [
        `${all} are replaced step by step: up to ${count(surge)} more for a while, ${count(replicas - unavailable)} kept ready at least.`,
      ];
  }
}

function nodes({ replacement, room, kind }: RolloutFacts, way: Way): string[] {
  if (replacement.kind !== "rolling" || kind === "DaemonSet" || way.surge === 0) return [];
  const more = `The ${count(way.surge)} more`;
  if (!room) return [`${more} need room; whether there is any is not known: nodes and pods could not be read.`];
  if (way.fitting === way.surge) return [`${more} fit on the nodes that are there.`];
  if (way.neededNodes > 0) return [bought(way, room)];
  const why = way.tooLarge ? "they are too large for a node of this kind" : "what a new node holds is not known";
  return [`${count(way.surge - way.fitting)} of the ${count(way.surge)} more find no room: ${why}.`];
}

function bought({ surge, placed, addedNodes, neededNodes }: Way, { spareNodes }: ClusterRoom): string {
  const cheaper = "Waiting until fewer pods run, or a smaller maxSurge, costs less.";
  const need = `The ${count(surge)} more need up to ${count(addedNodes, "more node")}`;
  if (addedNodes === neededNodes)
    return `${need}${spareNodes === undefined ? "; how far the pool can grow is not known" : ""}. ${cheaper}`;
  const most = `the pool can grow by ${count(addedNodes, "node")}, not by ${count(neededNodes)}`;
  if (addedNodes === 0) return `${count(surge - placed)} of the ${count(surge)} more find no room: the pool is at its maximum.`;
  return `${need}, and ${count(surge - placed)} find no room: ${most}. ${cheaper}`;
}

function time(
  { replacement, secondsToReady, secondsToNode, minReadySeconds }: RolloutFacts,
  way: Way,
  seconds: number | undefined,
): string[] {
  const { kind, replaced } = replacement;
  if (kind === "by-hand" || replaced === 0) return [];
  if (secondsToReady === undefined) return ["How long it takes is not known: no pod of it became ready lately."];
  const each = `a pod of it takes ${duration(secondsToReady * 1_000)} to become ready`;
  if (kind === "recreate") return [`About ${duration((seconds ?? 0) * 1_000)} without a pod: ${each}.`];
  const batches = batchesOf(replaced, way);
  if (batches === undefined) return [];
  const parts = `${count(batches, "batch").replace("batchs", "batches")} of ${count(Math.min(way.batch, replaced))}, and ${each}`;
  if (seconds === undefined) {
    const least = duration(batches * (secondsToReady + minReadySeconds) * 1_000);
    return [`About ${least}, and the time that a new node takes, which was not seen lately: ${parts}.`];
  }
  const node = way.addedNodes > 0 ? `; a new node takes ${duration((secondsToNode ?? 0) * 1_000)}` : "";
  return [`About ${duration(seconds * 1_000)} until all are replaced: ${parts}${node}.`];
}

function warnings({ replacement, replicas }: RolloutFacts, { quota, surge, batch }: Way): string[] {
  const { kind, replaced } = replacement;
  const tight = quota
    ? [
        `The quota "${quota.name}" leaves ${quota.resource} for ${count(Math.max(0, quota.pods))} of the ${count(replacement.surge)} more pods: the rollout goes on with ${surge > 0 ? "these" : "none more"}.`,
      ]
    : [];
  const stuck =
    batch === 0 && kind !== "by-hand" && replaced > 0
      ? ["It would stand still: no pod may be missing (maxUnavailable), and not one more finds a place."]
      : [];
  const held =
    kind === "by-hand" || (replaced === 0 && replicas > 0)
      ? ["No pod runs the other template until somebody replaces one: nothing else happens by itself."]
      : [];
  return [...stuck, ...tight, ...held];
}
