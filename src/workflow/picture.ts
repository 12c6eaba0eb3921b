import type { Incident } from "#domain/incident.ts";
import { wasDone } from "#domain/plan.ts";
import type { PicturePort } from "#domain/ports/picture.ts";
import type { IncidentPort, SamplePort } from "#domain/ports/store.ts";
import type { Instant } from "#domain/workload.ts";
import type { Enqueue, JobData } from "./jobs.ts";

const minute = 60_000;

/** Has the picture drawn where there is news for it: what is asked for twice under the same words is drawn once. */
export async function askForPicture(enqueue: Enqueue, incident: Incident): Promise<void> {
  if (!incident.diagnosis) return;
  const due = dueOf(incident);
  await enqueue("draw-picture", { incidentId: incident.id, due }, { id: `picture/${incident.id}/${due}` });
}

/** What is new: the state, what was done, a suspect; and else the time, the more rarely the calmer and older it is. */
function dueOf({ status, plan, diagnosis, now, openedAt }: Incident): string {
  const acts = plan.filter((step) => wasDone(step) || step.state === "failed").length;
  const age = now.at - openedAt;
  const everyMs = age > 60 * minute ? 20 * minute : status === "open" ? 4 * minute : 8 * minute;
  const slot = status === "settled" ? "end" : `${everyMs / minute}x${Math.floor(age / everyMs)}`;
  return `${status}/${acts}/${diagnosis?.named ? "named" : "unnamed"}/${slot}`;
}

interface Verbs extends Pick<IncidentPort, "findIncident" | "updateIncident">, Pick<SamplePort, "samples">, PicturePort {
  readonly enqueue: Enqueue;
}

export interface PictureOptions {
  readonly verbs: Verbs;
  readonly now: () => Instant;
  /** So long Slack takes to look at a new file, before which no message can show it. Clock milliseconds. */
  readonly settleMs: number;
}

/** Draws an incident's picture as it is now. The headline does not wait for it: it is shown once Slack has had time to look at it. */
export function createDrawPicture({ verbs, now, settleMs }: PictureOptions) {
  return async ({ incidentId }: JobData<"draw-picture">): Promise<void> => {
    const incident = await verbs.findIncident(incidentId);
    if (!incident) return;
    const drawn = await verbs.drawPicture(incident, await verbs.samples(incidentId));
    if (!drawn) return;
    const picture = { ...drawn, drawnAt: now(), again: false };
    await verbs.enqueue("show-picture", { incidentId, picture }, { id: `show-picture/${drawn.fileId}`, delayMs: settleMs });
  };
}

/**
 * Puts a picture into the headline, and once more a while later: what Slack had not looked at yet it refuses, and says the
 * message without it. By then the picture before is shown nowhere, and is deleted.
 */
export function createShowPicture({ verbs, settleMs }: PictureOptions) {
  return async ({ incidentId, picture, drop }: JobData<"show-picture">): Promise<void> => {
    const before = (await verbs.findIncident(incidentId))?.picture;
    const isOld = (standing: Incident["picture"]) => standing !== undefined && standing.drawnAt > picture.drawnAt;
    const after = await verbs.updateIncident(incidentId, (current) =>
      isOld(current.picture) ? undefined : { ...current, picture },
    );
    await verbs.enqueue("announce", { incidentId }, { id: `announce/${incidentId}`, coalesce: true });
    if (picture.again) {
      if (drop !== undefined && after?.picture?.fileId !== drop) await verbs.dropPicture(drop);
      return;
    }
    const old = isOld(before) ? picture.fileId : before?.fileId;
    await verbs.enqueue(
      "show-picture",
      { incidentId, picture: { ...picture, again: true }, ...(old !== undefined && { drop: old }) },
      { id: `show-picture/${picture.fileId}/again`, delayMs: 8 * settleMs },
    );
  };
}
