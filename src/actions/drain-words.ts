import type { ActResult } from "#domain/order.ts";
import { count, counted, refused } from "./action.ts";
import type { Outcome } from "./foretell.ts";

/** `112 evictions, none blocked, about 6 minutes` */
function foretoldText({ evictions, blocked, seconds }: Outcome): string {
  const end = blocked ? `then it stops at ${blocked.pod}` : "none blocked";
  return `${counted(evictions, "eviction")}, ${end}, about ${duration(seconds)}`;
}

/** What is foretold, for the modal. */
export function foretoldEffect(foretold: Outcome, nodes: number): string {
  const { blocked } = foretold;
  if (!blocked) return `Foretold: ${foretoldText(foretold)}.`;
  const empty = `${count(foretold.nodes)} of ${counted(nodes, "node")} empty`;
  return `Foretold: ${counted(foretold.evictions, "eviction")} in about ${duration(foretold.seconds)}; then it stops at ${blocked.pod} on ${blocked.node}, with ${empty}: ${blocked.why}.`;
}

/** What came of a drain. */
export interface Ended {
  readonly foretold: Outcome;
  /** As far as it came. */
  readonly was: Outcome;
  /** Nodes that are cordoned. */
  readonly cordoned: number;
  /** Of these, such that are still there and cordoned, where it stopped. */
  readonly there: number;
  /** Of these, such that Karpenter gives back. */
  readonly claimed: number;
  /** All acts were turned off. */
  readonly stopped: boolean;
  /** Sentences about nodes that were not touched, each with a blank before it. */
  readonly aside: string;
}

/** Foretold beside seen, and where it stopped, what to do next. */
export function toResult({ foretold, was, cordoned, there, claimed, stopped, aside }: Ended): ActResult {
  const seen = `${count(was.evictions)}, ${was.blocked ? `stopped at ${was.blocked.pod}` : stopped ? "stopped by hand" : "none"}, ${duration(was.seconds)}`;
  const compared = `Foretold: ${foretoldText(foretold)}. It was: ${seen}.`;
  const { blocked } = was;
  if (!blocked && !stopped) {
    const nodes = `${counted(cordoned, "node")} cordoned and emptied; ${removal(cordoned, claimed)}.`;
    return { kind: "done", text: `${nodes}${aside} ${compared}` };
  }
  const why = blocked ? `Stopped at ${blocked.pod} on ${blocked.node}: ${blocked.why}.` : "All acts were stopped.";
  const left = `${count(was.nodes)} of ${counted(cordoned, "node")} ${was.nodes === 1 ? "was" : "were"} emptied; ${count(there)} ${there === 1 ? "is" : "are"} still there, and cordoned.`;
  const next = "Press again to go on where it stopped, or uncordon them.";
  return { ...refused(`${why} ${left} ${next}${aside} ${compared}`), partly: true };
}

function removal(cordoned: number, claimed: number): string {
  const rest = cordoned - claimed;
  if (claimed === 0) return "the node autoscaler removes them";
  const karpenter = `Karpenter has ended ${claimed === cordoned ? "them" : count(claimed)}`;
  return rest === 0 ? karpenter : `${karpenter}, the node autoscaler removes the other ${count(rest)}`;
}

/** `40 seconds`, `6 minutes` */
function duration(seconds: number): string {
  if (seconds < 10) return counted(Math.max(1, Math.round(seconds)), "second");
  return seconds < 90 ? counted(Math.round(seconds / 10) * 10, "second") : counted(Math.round(seconds / 60), "minute");
}
