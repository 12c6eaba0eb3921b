import type { AuditPort, IncidentPort } from "#domain/ports/store.ts";
import type { AuditEntry } from "#domain/audit.ts";
import type { Instant } from "#domain/workload.ts";
import type { JobData } from "./jobs.ts";
import type { PreviewResult } from "#domain/order.ts";
import type { SlackPort, Viewer } from "#domain/ports/slack.ts";
import type { Step } from "#domain/plan.ts";
import { goneText } from "./find-step.ts";
import { isSameIntent } from "#analysis/same-intent.ts";

type Verbs = Pick<IncidentPort, "findIncident"> & Pick<SlackPort, "showPreview" | "showGone"> & Pick<AuditPort, "audit">;

/** Writes down who asked for what, and fills the modal that the press opened. */
export function createShowPreview(verbs: Verbs, now: () => Instant): (data: JobData<"show-preview">) => Promise<void> {
  return async (data) => {
    const { incidentId, stepId, viewId, result, viewer } = data;
    const incident = await verbs.findIncident(incidentId);
    // Before it is shown: Slack may be away, and the cluster has been asked already.
    await verbs.audit(recordOf(data, incident?.key, now()));
    const step = incident?.plan.find((candidate) => candidate.id === stepId);
    if (!incident || !step) return verbs.showGone(viewId, goneText(incident));
    await verbs.showPreview(viewId, incident, step, result, viewer && withFirst(viewer, step, result));
  };
}

/** The first may have said yes to something else than what is shown now. */
function withFirst(viewer: Viewer, { firstYes }: Step, result: PreviewResult): Viewer {
  if (!firstYes || viewer.firstYes === undefined || result.kind !== "preview") return viewer;
  return { ...viewer, isOther: !isSameIntent(firstYes.intent, result.preview.intent) };
}

function recordOf(
  { incidentId, stepId, requestId, result, viewer }: JobData<"show-preview">,
  on: string | undefined,
  at: Instant,
): AuditEntry {
  const { calls, callsInAll } = result;
  return {
    ...(requestId !== undefined && { key: `previewed/${requestId}` }),
    at,
    what: "previewed",
    by: viewer?.user ?? "unknown",
    incidentId,
    stepId,
    ...(on !== undefined && { on }),
    text: result.kind === "preview" ? result.preview.effects.join(" ") : result.text,
    ...(calls && { calls }),
    ...(callsInAll !== undefined && { callsInAll }),
  };
}
