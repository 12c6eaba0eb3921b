import type { Incident } from "#domain/incident.ts";
import type { Step, StepOrder } from "#domain/plan.ts";
import { capFloor } from "#analysis/plan.ts";
import { climbBegan } from "#analysis/climb.ts";

export interface OrderSettings {
  /** Cap: never below the usual peak times this. */
  readonly capMargin: number;
}

/** What a cluster's agent is asked to do for a step. */
export function orderOf(incident: Incident, step: Step, { capMargin }: OrderSettings): StepOrder {
  const base = { incidentId: incident.id, stepId: step.id, kind: step.kind, workload: incident.workload };
  switch (step.kind) {
    case "cap":
      return { ...base, capFloor: capFloor(incident.usual, capMargin) };
    case "rollback":
      return {
        ...base,
        revision: incident.diagnosis?.goodRevision?.revision,
        revisionTemplateHash: incident.diagnosis?.goodRevision?.templateHash,
      };
    case "drain":
      return { ...base, bornSince: climbBegan(incident), keepNodes: incident.usual.nodes };
  }
}
