import type { Card } from "./blocks.ts";
import type { CallSlack } from "./web-client.ts";
import { type FindPerson, authorEmail } from "./people.ts";
import { type Incident, leadOf } from "#domain/incident.ts";
import type { Log } from "#lib/log.ts";
import type { Posts } from "./posts.ts";
import type { Reply, SlackPort } from "#domain/ports/slack.ts";
import type { Threads } from "./threads.ts";
import { renderHeadline } from "./cards/headline.ts";
import { renderPreviewModal } from "./cards/preview-modal.ts";
import { renderReply } from "./cards/reply.ts";
import { renderTimeline } from "./cards/timeline.ts";
import { showView } from "./show-view.ts";

/** Incidents become messages in one channel. */
export function createSlackPort(options: {
  channel: string;
  onCall: readonly string[];
  escalation: readonly string[];
  posts: Posts;
  threads: Threads;
  findPerson: FindPerson;
  findPosted: SlackPort["findPosted"];
  call: CallSlack;
  now: () => number;
  log: Log;
}): SlackPort {
  const { channel, onCall, escalation, posts, threads, findPerson, call, log } = options;
  const part = (incident: Incident, name: string) => ({ incident: incident.id, part: name });
  const headlineOf = (incident: Incident, now: number) => cardOf(incident, now, onCall, findPerson);
  return {
    postHeadline: async (incident, now) => {
      const ref = await posts.post({ channel }, await headlineOf(incident, now), part(incident, "headline"));
      threads.remember(incident.id, ref);
      return ref;
    },
    updateHeadline: async (ref, incident, now) => {
      threads.remember(incident.id, ref);
      // Slack calls people when a message is posted, not when it is edited: the line stays, so that they find what called them.
      await posts.edit(ref, await headlineOf(incident, now), part(incident, "headline"));
    },
    postTimeline: (headline, incident) =>
      posts.post({ channel: headline.channel, thread: headline.ts }, renderTimeline(incident), part(incident, "timeline")),
    updateTimeline: (ref, incident) => posts.edit(ref, renderTimeline(incident), part(incident, "timeline")),
    postReply: (headline, incident, name, reply) =>
      posts.post(
        { channel: headline.channel, thread: headline.ts },
        renderReply(withCalled(reply, onCall, escalation)),
        part(incident, name),
      ),
    findPosted: options.findPosted,
    showPreview: (viewId, incident, step, result, viewer) =>
      showView(call, log, viewId, renderPreviewModal(incident, step, result, { now: options.now(), viewer })),
  };
}

async function cardOf(incident: Incident, now: number, onCall: readonly string[], findPerson: FindPerson): Promise<Card> {
  // What can wait for the morning is said and calls nobody.
  if (leadOf(incident) === "autoscaler-ill") return renderHeadline(incident, now);
  const email = authorEmail(incident);
  const author = email === undefined ? undefined : await findPerson(email);
  return renderHeadline(incident, now, { onCall, ...(author === undefined ? {} : { author }) });
}

function withCalled(reply: Reply, onCall: readonly string[], escalation: readonly string[]): Reply {
  const next = reply.escalates ? (escalation.length > 0 ? escalation : onCall) : [];
  const called = reply.callsOnCall ? onCall : next;
  return called.length === 0 ? reply : { ...reply, mention: [...new Set([...reply.mention, ...called])] };
}
