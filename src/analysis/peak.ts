import type { Peak, Situation } from "#domain/incident.ts";

/** The highest of what was seen before and what is seen now. */
export function peakWith(peak: Peak, now: Situation): Peak {
  const requestsPerSecond = highest(peak.requestsPerSecond, now.requestsPerSecond);
  const latencySeconds = highest(peak.latencySeconds, now.latencySeconds);
  const costPerRequest = highest(peak.costPerRequest, now.costPerRequest);
  return {
    replicas: Math.max(peak.replicas, now.desired),
    nodes: Math.max(peak.nodes, now.nodes),
    ...(requestsPerSecond !== undefined && { requestsPerSecond }),
    ...(latencySeconds !== undefined && { latencySeconds }),
    ...(costPerRequest !== undefined && { costPerRequest }),
  };
}

function highest(before: number | undefined, now: number | undefined): number | undefined {
  if (before === undefined || now === undefined) return before ?? now;
  return Math.max(before, now);
}
