import type { CallSlack } from "./web-client.ts";
import type { Log } from "#lib/log.ts";
import type { Incident } from "#domain/incident.ts";
import type { OutboxPort } from "#domain/ports/outbox.ts";
import type { SlackPort } from "#domain/ports/slack.ts";
import type { TellPort } from "#domain/ports/told.ts";
import type { Threads } from "./threads.ts";
import { renderClosing } from "./cards/closing.ts";
import { renderEvidence } from "./cards/evidence.ts";
import { renderHeadline } from "./cards/headline.ts";
import { renderPreviewModal } from "./cards/preview-modal.ts";
import { renderReply } from "./cards/reply.ts";
import { renderTimeline } from "./cards/timeline.ts";
import { showView } from "./show-view.ts";

/** Incidents become messages, each in the channel of its route. */
export function createSlackPort(options: {
  outbox: OutboxPort;
  tell: TellPort;
  threads: Threads;
  call: CallSlack;
  now: () => number;
  log: Log;
}): SlackPort {
  const { outbox, tell, threads, call, log } = options;
  const threadOf = async (incident: Incident) => {
    const { channel } = await tell.toldOf(incident, options.now());
    return { channel, thread: "headline" };
  };
  return {
    sayHeadline: async (incident, now) => {
      const told = await tell.toldOf(incident, now);
      // Slack calls people when a message is posted, not when it is edited: the line stays, so that they find what called them.
      const card = renderHeadline(incident, now, told);
      const ref = await outbox.say({ about: incident.id, part: "headline", channel: told.channel, card });
      if (ref) threads.remember(incident.id, ref);
    },
    sayEvidence: async (incident) => {
      await outbox.say({ about: incident.id, part: "evidence", ...(await threadOf(incident)), card: renderEvidence(incident) });
    },
    sayTimeline: async (incident) => {
      await outbox.say({ about: incident.id, part: "timeline", ...(await threadOf(incident)), card: renderTimeline(incident) });
    },
    sayReply: async (incident, part, reply) => {
      const calling = await tell.withCalls(incident, part, reply);
      if (!calling) return;
      await outbox.say({ about: incident.id, part, ...(await threadOf(incident)), card: renderReply(calling), once: true });
    },
    showPreview: (viewId, incident, step, result, viewer) =>
      showView(call, log, viewId, renderPreviewModal(incident, step, result, { now: options.now(), viewer })),
    showGone: (viewId, text) => showView(call, log, viewId, renderClosing("Step", ":information_source:", text)),
  };
}
