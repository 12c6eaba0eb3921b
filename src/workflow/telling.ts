import type { IncidentPort } from "#domain/ports/store.ts";
import type { Incident } from "#domain/incident.ts";
import type { Telling, Waiting } from "#domain/quiet.ts";

type Verbs = Pick<IncidentPort, "updateIncident">;

/** Adds to how an incident is told, and answers with the incident as it stands then. */
export function writeTelling(verbs: Verbs, incidentId: string, telling: Telling): Promise<Incident | undefined> {
  return verbs.updateIncident(incidentId, (current) => ({ ...current, telling: { ...current.telling, ...telling } }));
}

/** Keeps who was told that it has opened. */
export async function noteOpened(verbs: Verbs, incidentId: string, users: readonly string[], more: Telling = {}): Promise<void> {
  await verbs.updateIncident(incidentId, (current) => {
    const openedTo = [...new Set([...(current.telling?.openedTo ?? []), ...users])];
    return { ...current, telling: { ...current.telling, ...more, ...(openedTo.length > 0 && { openedTo }) } };
  });
}

/** Keeps that its followers were told, or that it is kept for them. */
export function noteTold(verbs: Verbs, incidentId: string, what: Waiting["what"], reached: readonly string[]): Promise<void> {
  return noteOpened(verbs, incidentId, what === "opened" ? reached : [], { followers: what });
}
