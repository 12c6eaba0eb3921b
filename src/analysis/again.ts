import type { Incident, TimelineEntry } from "#domain/incident.ts";
import type { Spike } from "#domain/spike.ts";

/** Doublings that follow each other faster are told in the timeline only. */
const QUIET_MS = 10 * 60_000;
const TOLD = "again/";
const MORE = "more/";

/** The incident after news that its spike has doubled since it was told. */
export function withDoubling(incident: Incident, { detectedAt, reason }: Spike): Incident {
  if (incident.timeline.some(({ id, at }) => at === detectedAt && (id.startsWith(TOLD) || id.startsWith(MORE)))) return incident;
  const toldAt = Math.max(incident.openedAt, ...doublingsOf(incident).map(({ at }) => at));
  const id = `${detectedAt - toldAt >= QUIET_MS ? TOLD : MORE}${detectedAt}`;
  return { ...incident, timeline: [...incident.timeline, { id, at: detectedAt, kind: "replicas", text: reason }] };
}

/** The doublings that deserve a reply of their own in the thread. */
export function doublingsOf({ timeline }: Pick<Incident, "timeline">): TimelineEntry[] {
  return timeline.filter(({ id }) => id.startsWith(TOLD));
}
