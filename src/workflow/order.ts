import { isPlace } from "#domain/workload.ts";
import type { Incident } from "#domain/incident.ts";
import type { Step, StepOrder } from "#domain/plan.ts";
import { capFloor } from "#analysis/plan.ts";
import { climbBegan } from "#analysis/climb.ts";

export interface OrderSettings {
  /** Cap: never below the usual peak times this. */
  readonly capMargin: number;
}

/** What a cluster's agent is asked to do for a step. Throws for an incident of a whole cluster or namespace: its plan has no step. */
export function orderOf(incident: Incident, step: Step, { capMargin }: OrderSettings): StepOrder {
  const { workload } = incident;
  if (isPlace(workload)) throw new Error(`Cannot order step "${step.id}" of incident "${incident.id}": it is about no workload`);
  const base = { incidentId: incident.id, stepId: step.id, kind: step.kind, workload };
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
