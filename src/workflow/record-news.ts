import type { AuditPort, IncidentPort } from "#domain/ports/store.ts";
import type { AuditEntry } from "#domain/audit.ts";
import type { Incident } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import type { Step } from "#domain/plan.ts";
import { checksOf } from "#analysis/checks.ts";

/** Who speaks where nobody pressed anything. */
const self = "k8s-why";

/**
 * The incident with what has changed in it noted as still to be recorded: a step that may be pressed now, a state that was reached or lost. Written in one go
 * with the change, the note survives a crash before the record.
 */
export function withNews(before: Incident, after: Incident, at: Instant): Incident {
  const entries = newsOf(before, after, at).map((entry) => ({
    ...entry,
    key: `news/${after.id}/${before.version}/${entry.what}/${entry.stepId}`,
  }));
  return entries.length === 0 ? after : { ...after, unrecorded: [...(after.unrecorded ?? []), ...entries] };
}

/** Writes down what is still to be recorded of an incident; done twice, it is there once. */
export async function recordNews(
  verbs: Pick<AuditPort, "audit"> & Pick<IncidentPort, "updateIncident">,
  { id, unrecorded = [] }: Incident,
): Promise<void> {
  if (unrecorded.length === 0) return;
  for (const entry of unrecorded) await verbs.audit(entry);
  const recorded = new Set(unrecorded.map(({ key }) => key));
  await verbs.updateIncident(id, ({ unrecorded: held = [], ...incident }) => {
    const left = held.filter(({ key }) => !recorded.has(key));
    return left.length === 0 ? incident : { ...incident, unrecorded: left };
  });
}

function newsOf(before: Incident, after: Incident, at: Instant): AuditEntry[] {
  const entry = { at, by: self, incidentId: after.id, on: after.key };
  const steps = after.plan.flatMap((step) =>
    stepNews(
      before.plan.find(({ id }) => id === step.id),
      step,
    ).map((news) => ({ ...entry, ...news, stepId: step.id })),
  );
  if (before.status === after.status) return steps;
  return [...steps, { ...entry, what: "checked", stepId: "-", text: checked(before, after) }];
}

type News = Pick<AuditEntry, "what" | "text">;

function stepNews(was: Step | undefined, step: Step): News[] {
  return [stateNews(was?.state, step), helpNews(was?.helped, step.helped)].filter((news) => news !== undefined);
}

/** What an act came to is recorded where its answer comes in; that none came is known here. */
function stateNews(was: Step["state"] | undefined, { state, kind, summary, outcome = "" }: Step): News | undefined {
  if (state === was || kind === "verify") return undefined;
  if (state === "ready") return { what: "proposed", text: summary };
  return state === "failed" && was === "running" ? { what: "failed", text: outcome } : undefined;
}

function helpNews(was: Step["helped"], helped: Step["helped"]): News | undefined {
  if (!helped || helped.ok === was?.ok) return undefined;
  return { what: "checked", text: `${helped.ok ? "has helped" : "has not helped"}: ${helped.text}` };
}

function checked(before: Incident, after: Incident): string {
  const checks = checksOf(after).flatMap(({ what, ok }) => (ok === undefined ? [] : [`${what} ${ok ? "well" : "not well"}`]));
  const { desired, ready } = after.now;
  return `${before.status} -> ${after.status}: ${desired} replicas wanted, ${ready} ready; ${checks.join(", ")}`;
}
