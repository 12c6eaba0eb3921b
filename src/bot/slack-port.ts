import type { Card } from "./blocks.ts";
import type { CallSlack } from "./web-client.ts";
import { type FindPerson, authorEmail } from "./people.ts";
import { type Incident, leadOf } from "#domain/incident.ts";
import type { Log } from "#lib/log.ts";
import type { OutboxPort } from "#domain/ports/outbox.ts";
import type { Reply, SlackPort } from "#domain/ports/slack.ts";
import type { Threads } from "./threads.ts";
import { renderEvidence } from "./cards/evidence.ts";
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
  outbox: OutboxPort;
  threads: Threads;
  findPerson: FindPerson;
  call: CallSlack;
  now: () => number;
  log: Log;
}): SlackPort {
  const { channel, onCall, escalation, outbox, threads, findPerson, call, log } = options;
  const inThread = { channel, thread: "headline" };
  return {
    sayHeadline: async (incident, now) => {
      // Slack calls people when a message is posted, not when it is edited: the line stays, so that they find what called them.
      const card = await cardOf(incident, now, onCall, findPerson);
      const ref = await outbox.say({ about: incident.id, part: "headline", channel, card });
      if (ref) threads.remember(incident.id, ref);
    },
    sayEvidence: async (incident) => {
      await outbox.say({ about: incident.id, part: "evidence", ...inThread, card: renderEvidence(incident) });
    },
    sayTimeline: async (incident) => {
      await outbox.say({ about: incident.id, part: "timeline", ...inThread, card: renderTimeline(incident) });
    },
    sayReply: async (incident, part, reply) => {
      const card = renderReply(withCalled(reply, onCall, escalation));
      await outbox.say({ about: incident.id, part, ...inThread, card, once: true });
    },
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
