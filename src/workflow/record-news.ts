import type { AuditPort } from "#domain/ports/store.ts";
import type { Incident } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";

/** Who speaks where nobody pressed anything. */
const self = "k8s-why";

/** Writes down what a look changed: a step that may be pressed now, a state that was reached or lost. */
export async function recordNews(verbs: Pick<AuditPort, "audit">, before: Incident, after: Incident, at: Instant): Promise<void> {
  const entry = { at, by: self, incidentId: after.id, on: after.key };
  for (const { id, state, summary } of after.plan.filter(({ aside }) => aside === undefined)) {
    const held = before.plan.find((step) => step.id === id);
    if (state === "ready" && held?.state !== "ready")
      await verbs.audit({ ...entry, what: "proposed", stepId: id, text: summary });
  }
  if (before.status === after.status) return;
  const { desired, ready } = after.now;
  const text = `${before.status} -> ${after.status}: ${desired} replicas wanted, ${ready} ready`;
  await verbs.audit({ ...entry, what: "checked", stepId: "-", text });
}
