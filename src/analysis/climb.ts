import type { Incident } from "#domain/incident.ts";
import type { Instant, NodeState } from "#domain/workload.ts";

/** When it began: the count left its normal band later than the cost began to climb, and nodes are bought in between. */
export function climbBegan({ spike, diagnosis }: Pick<Incident, "spike" | "diagnosis">): Instant {
  return diagnosis?.named ? Math.min(spike.startedAt, diagnosis.onsetAt) : spike.startedAt;
}

/** How many of the nodes were there before a moment. */
export function nodesBefore(nodes: readonly NodeState[], at: Instant): number {
  return nodes.filter((node) => node.createdAt < at).length;
}
