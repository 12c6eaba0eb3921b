import type { ClaimPort, IncidentPort, MessagePort, MessageRef } from "#domain/ports/store.ts";
import type { Incident } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import type { Reply, SlackPort } from "#domain/ports/slack.ts";
import { repliesOf } from "./replies.ts";

type Verbs = Pick<IncidentPort, "findIncident"> & Pick<ClaimPort, "claim"> & MessagePort & Omit<SlackPort, "showPreview">;

export interface AnnounceOptions {
  readonly verbs: Verbs;
  readonly now: () => Instant;
  /** Waits between two rounds of one incident, so that edits stay within Slack's limits. */
  readonly pause: () => Promise<void>;
}

const dayMs = 24 * 3_600_000;

/** Brings an incident's message and thread up to date: one headline, edited in place, and each reply once. */
export function createAnnounce({ verbs, now, pause }: AnnounceOptions): (incidentId: string) => Promise<void> {
  return async (incidentId) => {
    const incident = await verbs.findIncident(incidentId);
    if (!incident?.diagnosis) return;
    const at = now();
    const headline = await once(verbs, incident, "headline", {
      post: () => verbs.postHeadline(incident, at),
      edit: (ref) => verbs.updateHeadline(ref, incident, at),
    });
    await once(verbs, incident, "timeline", {
      post: () => verbs.postTimeline(headline, incident, at),
      edit: (ref) => verbs.updateTimeline(ref, incident, at),
      headline,
    });
    for (const { part, reply } of repliesOf(incident)) await replyOnce(verbs, incident, headline, part, reply);
    await pause();
  };
}

function replyOnce(verbs: Verbs, incident: Incident, headline: MessageRef, part: string, reply: Reply): Promise<MessageRef> {
  return once(verbs, incident, part, { post: () => verbs.postReply(headline, incident, part, reply), headline });
}

interface Part {
  readonly post: () => Promise<MessageRef>;
  readonly edit?: (ref: MessageRef) => Promise<void>;
  readonly headline?: MessageRef;
}

/**
 * Slack's posts are not exactly once. So a post is claimed before and remembered after; who finds it claimed and not
 * remembered (a crash between) reads the channel back before posting again.
 */
async function once(verbs: Verbs, incident: Incident, part: string, { post, edit, headline }: Part): Promise<MessageRef> {
  const known = await verbs.findMessage(incident.id, part);
  if (known) {
    await edit?.(known);
    return known;
  }
  const first = await verbs.claim(`post/${incident.id}/${part}`, "announce", dayMs);
  const ref = (first ? undefined : await verbs.findPosted(incident.id, part, headline)) ?? (await post());
  await verbs.rememberMessage(incident.id, part, ref);
  return ref;
}
