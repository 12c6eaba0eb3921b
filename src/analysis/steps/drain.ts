import { count } from "#analysis/words.ts";
import type { Draft, PlanFacts } from "./facts.ts";

/** Nodes are given back once the count is within this of its usual: a surge of real load is well, and needs them. */
const NEAR_USUAL = 1.5;

export function drainDraft({ status, now, usual, peak }: PlanFacts): Draft {
  if (usual.nodes === undefined) return { state: "needless", summary: "How many nodes are usual is not known." };
  const added = now.nodes - usual.nodes;
  const most = Math.max(0, peak.nodes - usual.nodes);
  if (most === 0 || (added <= 0 && status !== "open"))
    return { state: "needless", summary: most === 0 ? "No node was added." : "The added nodes are gone already." };
  const summary = `Give back ${count(Math.max(added, 0), "node")} that the spike added (usual ${count(usual.nodes)}, now ${count(now.nodes)}): cordon and evict, youngest first.`;
  if (status === "open" || status === "mitigated")
    return { state: "waiting", summary, waitingFor: "recovery: draining now, the autoscaler would buy the nodes back" };
  if (now.desired > usual.replicas * NEAR_USUAL)
    return { state: "waiting", summary, waitingFor: `fewer replicas: ${count(now.desired)} still need the room` };
  return { state: "ready", summary };
}
