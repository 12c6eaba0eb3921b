import type { Incident } from "#domain/incident.ts";
import type { IntentOf } from "#domain/intent.ts";
import type { Rights } from "#domain/rights.ts";
import type { ActKind, Step } from "#domain/plan.ts";

/** What the plan looks at. */
export type PlanFacts = Pick<Incident, "status" | "usual" | "now" | "peak" | "diagnosis" | "plan"> &
  Partial<Pick<Incident, "spike" | "workload" | "illnesses" | "holdingSince" | "recoveredAt">> & {
    /** A cap leaves so much room above the usual peak. */
    readonly capMargin: number;
    /** What the agent may do; unknown until it has said so. Absent: nobody asks. */
    readonly rights?: Rights | "unknown";
  };

/** What the facts say of a step that nobody has pressed. */
export type Draft = Pick<Step, "state" | "summary" | "waitingFor" | "outcome">;

/** The step of that id, as the plan has it. */
export function heldStep({ plan }: Pick<PlanFacts, "plan">, id: string): Step | undefined {
  return plan.find((step) => step.id === id);
}

/** What the step did, where it was done. */
export function didOf<K extends ActKind>(facts: Pick<PlanFacts, "plan">, id: string, kind: K): IntentOf<K> | undefined {
  const step = heldStep(facts, id);
  return step?.did?.kind === kind ? (step.did as IntentOf<K>) : undefined;
}
