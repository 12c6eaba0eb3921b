import type { Step } from "#domain/plan.ts";
import { count } from "#analysis/words.ts";
import { type Draft, type PlanFacts, didOf, heldStep } from "./facts.ts";

/** A step beside the ordered plan, and what the facts say of it; undefined: it makes no sense now. */
export interface Aside {
  readonly id: string;
  readonly kind: Step["kind"];
  readonly aside: NonNullable<Step["aside"]>;
  readonly draft: (facts: PlanFacts) => string | undefined;
}

/** What takes back a step that was done, and other acts that an on-call may want. */
export const asides: readonly Aside[] = [
  { id: "restore", kind: "restore", aside: "undo", draft: restore },
  { id: "undo-rollback", kind: "rollback", aside: "undo", draft: undoRollback },
  { id: "undo-scale", kind: "scale", aside: "undo", draft: undoScale },
  { id: "uncordon", kind: "uncordon", aside: "undo", draft: uncordon },
  { id: "rollback-any", kind: "rollback", aside: "other", draft: rollbackAny },
  { id: "scale", kind: "scale", aside: "other", draft: scale },
  { id: "pause", kind: "pause", aside: "other", draft: pause },
  { id: "resume", kind: "resume", aside: "other", draft: resume },
  { id: "restart", kind: "restart", aside: "other", draft: restart },
  { id: "cordon", kind: "cordon", aside: "other", draft: cordon },
];

/** As a draft: what makes sense may be pressed. */
export function asideDraft(aside: Aside, facts: PlanFacts): Draft | undefined {
  const summary = aside.draft(facts);
  return summary === undefined ? undefined : { state: "ready", summary };
}

function restore(facts: PlanFacts): string | undefined {
  const from = didOf(facts, "cap", "cap")?.fromMax ?? didOf(facts, "lower", "lower")?.fromMax;
  const { ceiling } = facts.now;
  if (from === undefined || ceiling === undefined || ceiling >= from) return undefined;
  return `Give the ceiling of ${count(from)} back; it is ${count(ceiling)} now.`;
}

function undoRollback(facts: PlanFacts): string | undefined {
  const did = didOf(facts, "rollback", "rollback") ?? didOf(facts, "rollback-any", "rollback");
  if (!did || facts.now.templateHash !== did.toTemplateHash) return undefined;
  return `Run the template of revision ${did.fromRevision} again.`;
}

function undoScale(facts: PlanFacts): string | undefined {
  const did = didOf(facts, "scale", "scale");
  return did && facts.now.desired === did.to ? `Go back to ${count(did.from, "replica")}.` : undefined;
}

function uncordon(facts: PlanFacts): string | undefined {
  const did = didOf(facts, "drain", "drain") ?? didOf(facts, "cordon", "cordon");
  return did && "Let the nodes that we cordoned, and that are still there, take pods again.";
}

/** Where the plan has no rollback to press, a person may still know where to go back to. */
function rollbackAny(facts: PlanFacts): string | undefined {
  const planned = heldStep(facts, "rollback")?.state;
  if (!facts.workload || (planned !== undefined && planned !== "needless")) return undefined;
  return "Go back to a revision that you choose.";
}

function scale({ workload, now }: PlanFacts): string | undefined {
  if (!workload || workload.kind === "DaemonSet" || now.ceiling !== undefined) return undefined;
  return `Set the count, ${count(now.desired)} now, by hand: it has no autoscaler.`;
}

function pause({ workload, now }: PlanFacts): string | undefined {
  return workload?.kind === "Deployment" && now.paused !== true ? "Hold the rollout where it is." : undefined;
}

function resume({ workload, now }: PlanFacts): string | undefined {
  return workload?.kind === "Deployment" && now.paused === true ? "Let the rollout go on." : undefined;
}

function restart({ workload }: PlanFacts): string | undefined {
  return workload && "Replace all pods by new ones of the same template.";
}

function cordon({ now, usual }: PlanFacts): string | undefined {
  if (usual.nodes === undefined || now.nodes <= usual.nodes) return undefined;
  return "Let the nodes that the spike added take no more pods, and evict nothing.";
}
