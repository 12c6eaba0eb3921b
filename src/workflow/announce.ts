import type { IncidentPort, SamplePort } from "#domain/ports/store.ts";
import type { Instant } from "#domain/workload.ts";
import type { SlackPort } from "#domain/ports/slack.ts";
import { repliesOf } from "./replies.ts";

export interface AnnounceOptions {
  readonly verbs: Pick<IncidentPort, "findIncident"> &
    Pick<SamplePort, "samples"> &
    Pick<SlackPort, "sayHeadline" | "sayEvidence" | "sayTimeline" | "sayReply">;
  readonly now: () => Instant;
}

/** Says how an incident is now: one headline, edited in place, its timeline, and each reply once. */
export function createAnnounce({ verbs, now }: AnnounceOptions): (incidentId: string) => Promise<void> {
  return async (incidentId) => {
    const incident = await verbs.findIncident(incidentId);
    if (!incident?.diagnosis) return;
    await verbs.sayHeadline(incident, now(), await verbs.samples(incidentId));
    await verbs.sayEvidence(incident);
    await verbs.sayTimeline(incident);
    for (const { part, reply } of repliesOf(incident)) await verbs.sayReply(incident, part, reply);
  };
}
