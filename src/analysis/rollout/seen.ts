import type { Forecast, Seen, Step } from "#domain/plan.ts";
import type { Instant, PoolState, WorkloadState } from "#domain/workload.ts";
import { count } from "#analysis/words.ts";

/** A rollout that has not ended by then is no longer followed. */
const FOLLOWED_MS = 60 * 60_000;

/** The step with what its rollout has done so far, while it goes on: the highest and lowest counts of all looks. */
export function followRollout(step: Step, state: WorkloadState, pool: PoolState | undefined, at: Instant): Step {
  const { forecast, seen } = step;
  if (!forecast || seen?.seconds !== undefined || at - forecast.at > FOLLOWED_MS) return step;
  if (state.at < forecast.at || !isUnderWay(step, state)) return step;
  return { ...step, seen: look(forecast, seen, state, pool) };
}

/** A rollback: does it run what the step wanted, and not what somebody rolled out since? The hash of a restart is not known beforehand. */
function isUnderWay({ did }: Step, { templateHash }: WorkloadState): boolean {
  return did?.kind === "rollback" ? templateHash === did.toTemplateHash : did?.kind === "restart";
}

function look(forecast: Forecast, before: Seen | undefined, state: WorkloadState, pool: PoolState | undefined): Seen {
  const { mostPods, leastReady, addedNodes } = before ?? { mostPods: 0, leastReady: forecast.replicas, addedNodes: 0 };
  // The API server tells a node's birth in whole seconds.
  const added = (pool?.nodes ?? []).filter(({ createdAt }) => createdAt >= forecast.at - 1_000).length;
  return {
    mostPods: Math.max(mostPods, state.total),
    // Once the count falls, so does what is ready: that is no price of the rollout.
    leastReady: state.desired < forecast.replicas ? leastReady : Math.min(leastReady, state.ready),
    addedNodes: Math.max(addedNodes, added),
    ...(isComplete(state) && { seconds: Math.round((state.at - forecast.at) / 1_000) }),
  };
}

function isComplete({ observed, desired, updated, ready, total }: WorkloadState): boolean {
  return observed && updated >= desired && ready >= desired && total <= desired;
}

/** What was foretold beside what was seen, once the rollout is complete. What was not foretold is only told. */
export function comparisonOf({ forecast, seen }: Step): string | undefined {
  if (!forecast || seen?.seconds === undefined) return undefined;
  const { replicas, mostPods, leastReady, addedNodes, seconds } = forecast;
  const pairs = [
    pair(mostPods, seen.mostPods, (pods) => count(Math.max(0, pods - replicas), "more pod")),
    pair(leastReady, seen.leastReady, (ready) => `${count(ready)} ready at least`),
    pair(addedNodes, seen.addedNodes, (nodes) => count(nodes, "more node")),
    pair(seconds, seen.seconds, timeText),
  ];
  const foretold = pairs.flatMap(([text]) => text ?? []).join(", ");
  const was = pairs.map(([, text]) => text).join(", ");
  return `${foretold === "" ? "" : `Foretold: up to ${foretold}. `}It was: ${was}.`;
}

function pair(foretold: number | undefined, was: number, words: (value: number) => string): [string | undefined, string] {
  return [foretold === undefined ? undefined : words(foretold), words(was)];
}

function timeText(seconds: number): string {
  return seconds < 90 ? count(Math.round(seconds), "second") : `${(seconds / 60).toFixed(1)} minutes`;
}
