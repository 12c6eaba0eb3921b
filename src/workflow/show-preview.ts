import type { IncidentPort } from "#domain/ports/store.ts";
import type { JobData } from "./jobs.ts";
import type { SlackPort } from "#domain/ports/slack.ts";

type Verbs = Pick<IncidentPort, "findIncident"> & Pick<SlackPort, "showPreview">;

/** Fills the modal that a press opened. A modal of an incident that is gone says so by itself after a while. */
export function createShowPreview(verbs: Verbs): (data: JobData<"show-preview">) => Promise<void> {
  return async ({ incidentId, stepId, viewId, result, viewer }) => {
    const incident = await verbs.findIncident(incidentId);
    const step = incident?.plan.find((candidate) => candidate.id === stepId);
    if (incident && step) await verbs.showPreview(viewId, incident, step, result, viewer);
  };
}
