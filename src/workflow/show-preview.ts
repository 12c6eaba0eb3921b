import type { AuditPort, IncidentPort } from "#domain/ports/store.ts";
import type { Instant } from "#domain/workload.ts";
import type { JobData } from "./jobs.ts";
import type { SlackPort } from "#domain/ports/slack.ts";

type Verbs = Pick<IncidentPort, "findIncident"> & Pick<SlackPort, "showPreview"> & Pick<AuditPort, "audit">;

/** Fills the modal that a press opened, and writes down who was shown what. A modal of an incident that is gone says so by itself after a while. */
export function createShowPreview(verbs: Verbs, now: () => Instant): (data: JobData<"show-preview">) => Promise<void> {
  return async ({ incidentId, stepId, viewId, result, viewer }) => {
    const incident = await verbs.findIncident(incidentId);
    const step = incident?.plan.find((candidate) => candidate.id === stepId);
    if (!incident || !step) return;
    await verbs.showPreview(viewId, incident, step, result, viewer);
    const { calls, callsInAll } = result;
    await verbs.audit({
      at: now(),
      what: "previewed",
      by: viewer?.user ?? "unknown",
      incidentId,
      stepId,
      on: incident.key,
      text: result.kind === "preview" ? result.preview.effects.join(" ").slice(0, 1_000) : result.text,
      ...(calls && { calls }),
      ...(callsInAll !== undefined && { callsInAll }),
    });
  };
}
