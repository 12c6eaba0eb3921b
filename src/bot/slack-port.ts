import type { Card } from "./blocks.ts";
import type { CallSlack } from "./web-client.ts";
import type { Incident } from "#domain/incident.ts";
import type { Log } from "#lib/log.ts";
import type { OutboxPort } from "#domain/ports/outbox.ts";
import type { MessagePort } from "#domain/ports/store.ts";
import type { SlackPort } from "#domain/ports/slack.ts";
import type { TellPort } from "#domain/ports/told.ts";
import type { Threads } from "./threads.ts";
import type { ChartChoice } from "./cards/course.ts";
import { renderClosing } from "./cards/closing.ts";
import { noMoreChanges, renderEvidence, renderMoreChanges } from "./cards/evidence.ts";
import { renderHeadline } from "./cards/headline.ts";
import { renderPictureReply } from "./cards/picture.ts";
import { renderPreviewModal } from "./cards/preview-modal.ts";
import { renderReply } from "./cards/reply.ts";
import { renderTimeline } from "./cards/timeline.ts";
import { showView } from "./show-view.ts";

/** Incidents become messages, each in the channel of its route. */
export function createSlackPort(options: {
  outbox: OutboxPort & Pick<MessagePort, "findMessage">;
  tell: TellPort;
  threads: Threads;
  call: CallSlack;
  chart: ChartChoice;
  now: () => number;
  log: Log;
}): SlackPort {
  const { outbox, tell, threads, call, chart, log } = options;
  const sayInThread = async (incident: Incident, part: string, card: Card, once = false) => {
    const { channel } = await tell.toldOf(incident, options.now());
    await outbox.say({ about: incident.id, part, channel, thread: "headline", card, once });
  };
  return {
    sayHeadline: async (incident, now, samples) => {
      const told = await tell.toldOf(incident, now);
      // Slack calls people when a message is posted, not when it is edited: the line stays, so that they find what called them.
      const card = renderHeadline(incident, now, told, { samples, chart });
      const ref = await outbox.say({ about: incident.id, part: "headline", channel: told.channel, card });
      if (ref) threads.remember(incident.id, ref);
    },
    sayEvidence: async (incident) => {
      await sayInThread(incident, "evidence", renderEvidence(incident));
      const more = renderMoreChanges(incident);
      for (const [index, card] of more.entries()) await sayInThread(incident, changesPart(index), card);
      // A search before may have looked at more: its messages would go on listing what is listed above, or is not looked at any more.
      for (let index = more.length; await outbox.findMessage(incident.id, changesPart(index)); index += 1)
        await sayInThread(incident, changesPart(index), noMoreChanges);
    },
    sayTimeline: (incident) => sayInThread(incident, "timeline", renderTimeline(incident)),
    sayPicture: (incident, picture) => sayInThread(incident, `picture/${picture.fileId}`, renderPictureReply(picture), true),
    sayReply: async (incident, part, reply) => {
      const calling = await tell.withCalls(incident, part, reply);
      if (calling) await sayInThread(incident, part, renderReply(calling), true);
    },
    showPreview: (viewId, incident, step, result, viewer) =>
      showView(call, log, viewId, renderPreviewModal(incident, step, result, { now: options.now(), viewer })),
    showGone: (viewId, text) => showView(call, log, viewId, renderClosing("Step", ":information_source:", text)),
  };
}

/** The first of them stands in the evidence. */
function changesPart(index: number): string {
  return `changes/${index + 2}`;
}
