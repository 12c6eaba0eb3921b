import type { Incident } from "#domain/incident.ts";
import type { IncidentPort } from "#domain/ports/store.ts";
import { type Step, stepName } from "#domain/plan.ts";

/** A step that may be pressed, and its incident. */
export interface FoundStep {
  readonly kind: "step";
  readonly incident: Incident;
  readonly step: Step;
}

/** It, or why not; `done`: there is nothing left to do. */
export type Found = FoundStep | { readonly kind: "no"; readonly text: string; readonly done: boolean };

/** The step of an incident that somebody presses. */
export async function findStep(verbs: Pick<IncidentPort, "findIncident">, incidentId: string, stepId: string): Promise<Found> {
  const incident = await verbs.findIncident(incidentId);
  const step = incident?.plan.find((candidate) => candidate.id === stepId);
  if (!incident || !step) return { kind: "no", text: goneText(incident), done: false };
  return noStepOf(incident, step) ?? { kind: "step", incident, step };
}

/** Why a step of an incident cannot be pressed now, by anybody; undefined: it can. */
export function noStepOf(incident: Incident, step: Step): Extract<Found, { kind: "no" }> | undefined {
  if (incident.status === "settled" && step.aside !== "undo")
    return { kind: "no", text: "This incident is closed: everything is back at its usual.", done: true };
  const other = incident.plan.find(({ id, kind, state }) => id !== step.id && kind !== "verify" && state === "running");
  if (other)
    return {
      kind: "no",
      text: `"${stepName[other.kind]}" is under way: one step at a time. The thread says when it is done.`,
      done: false,
    };
  return step.state === "ready" || (step.state === "failed" && step.waitingFor === undefined) ? undefined : noOf(step);
}

/** What somebody reads who presses what is not known any more. */
export function goneText(incident: Incident | undefined): string {
  return `This ${incident ? "step is not part of the plan" : "incident is not known"} any more. Nothing was changed.`;
}

/** Why a step cannot be pressed now. */
function noOf(step: Step): Extract<Found, { kind: "no" }> {
  const texts = {
    ready: "",
    failed: `It did not work, and it cannot be pressed again now: ${step.waitingFor ?? ""}`,
    running: "Somebody has approved this step already; it is under way.",
    done: `This step is done already. ${step.outcome ?? ""}`.trim(),
    needless: `This step is not needed. ${step.summary}`,
    waiting: `Not yet: it waits for ${step.waitingFor ?? "an earlier step"}.`,
  } satisfies Record<Step["state"], string>;
  return { kind: "no", text: texts[step.state], done: step.state !== "waiting" && step.state !== "failed" };
}
