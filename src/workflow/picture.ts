import type { Incident } from "#domain/incident.ts";
import { wasDone } from "#domain/plan.ts";
import type { PicturePort } from "#domain/ports/picture.ts";
import type { SlackPort } from "#domain/ports/slack.ts";
import type { IncidentPort, MessagePort, SamplePort } from "#domain/ports/store.ts";
import type { Instant } from "#domain/workload.ts";
import { TemporaryError } from "#lib/errors.ts";
import type { Enqueue, JobData } from "./jobs.ts";

const minute = 60_000;

/**
 * Has the picture drawn where there is news for it: what is asked for twice under the same words is drawn once. So not before it has a
 * headline of its own to stand in, which may wait for others: what was dropped then would not be asked for again for minutes.
 */
export async function askForPicture(enqueue: Enqueue, incident: Incident): Promise<void> {
  if (!incident.diagnosis || incident.telling?.toldAt === undefined) return;
  const due = dueOf(incident);
  await enqueue("draw-picture", { incidentId: incident.id, due }, { id: `picture/${incident.id}/${due}` });
}

/** What is new: the state, what was done, a suspect; and else the time, the more rarely the calmer and older it is. */
function dueOf({ status, plan, diagnosis, now, openedAt }: Incident): string {
  const acts = plan.filter((step) => wasDone(step) || step.state === "failed").length;
  const age = now.at - openedAt;
  const everyMs = (age > 60 * minute ? 30 : age > 20 * minute || status !== "open" ? 15 : 5) * minute;
  const slot = status === "settled" ? "end" : `${everyMs / minute}x${Math.floor(age / everyMs)}`;
  return `${status}/${acts}/${diagnosis?.named ? "named" : "unnamed"}/${slot}`;
}

interface Verbs
  extends
    Pick<IncidentPort, "findIncident" | "updateIncident">,
    Pick<SamplePort, "samples">,
    Pick<MessagePort, "findMessage">,
    Pick<SlackPort, "sayPicture">,
    PicturePort {
  readonly enqueue: Enqueue;
}

export interface PictureOptions {
  readonly verbs: Verbs;
  readonly now: () => Instant;
  /** So long Slack takes to look at a new file, before which no message can show it. Clock milliseconds. */
  readonly settleMs: number;
}

/**
 * A picture on its way, each step a job: drawn and uploaded; posted in the thread, for an edit alone would show a file that nobody
 * but us may see (docs/adr/0009-timeline-picture.md); shown in the headline; and the one before is deleted. The headline waits for none of it.
 */
export function createPictureJobs({ verbs, now, settleMs }: PictureOptions) {
  return {
    "draw-picture": async ({ incidentId }: JobData<"draw-picture">): Promise<void> => {
      const incident = await verbs.findIncident(incidentId);
      if (!incident) return;
      const drawn = await verbs.drawPicture(incident, await verbs.samples(incidentId));
      if (!drawn) return;
      const picture = { ...drawn, drawnAt: now() };
      await verbs.enqueue("share-picture", { incidentId, picture }, { id: `share-${drawn.fileId}`, delayMs: settleMs });
    },
    "share-picture": async ({ incidentId, picture }: JobData<"share-picture">): Promise<void> => {
      const incident = await verbs.findIncident(incidentId);
      // Where no headline stands (a storm is told as one message, or Slack is away) there is no place for it: the next one may have it.
      if (!incident || !(await verbs.findMessage(incidentId, "headline"))) return verbs.dropPicture(picture.fileId, undefined);
      await verbs.sayPicture(incident, picture);
      await verbs.enqueue("show-picture", { incidentId, picture }, { id: `show-${picture.fileId}`, delayMs: settleMs });
    },
    "show-picture": (data: JobData<"show-picture">) => show(verbs, data, settleMs),
    "drop-picture": async ({ incidentId, fileId }: JobData<"drop-picture">): Promise<void> => {
      await verbs.dropPicture(fileId, await verbs.findMessage(incidentId, picturePart(fileId)));
    },
  };
}

/** The part that a picture's post plays among an incident's messages. */
function picturePart(fileId: string): string {
  return `picture/${fileId}`;
}

async function show(verbs: Verbs, { incidentId, picture }: JobData<"show-picture">, settleMs: number): Promise<void> {
  const { fileId } = picture;
  if (!(await verbs.findMessage(incidentId, picturePart(fileId))))
    throw new TemporaryError(`Cannot show picture "${fileId}": its post in the thread is still on its way`);
  const before = (await verbs.findIncident(incidentId))?.picture;
  const isLate = before !== undefined && before.drawnAt > picture.drawnAt;
  const old = isLate ? fileId : before?.fileId;
  // After that time the headline is edited: nobody sees a hole in it.
  if (old !== undefined && (isLate || old !== fileId))
    await verbs.enqueue("drop-picture", { incidentId, fileId: old }, { id: `drop-${old}`, delayMs: 8 * settleMs });
  if (isLate) return;
  await verbs.updateIncident(incidentId, (current) => ({ ...current, picture }));
  await verbs.enqueue("announce", { incidentId }, { id: `announce/${incidentId}`, coalesce: true });
}
