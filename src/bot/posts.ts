import type { Card } from "./blocks.ts";
import type { Gate } from "./gate.ts";
import type { Log } from "#lib/log.ts";
import type { MessageRef } from "#domain/ports/store.ts";
import { TemporaryError } from "#lib/errors.ts";
import { type CallSlack, postMessage, slackReason } from "./web-client.ts";

/** Which part of which incident a message shows; it travels as the message's metadata. */
interface Part {
  readonly incident: string;
  readonly part: string;
}

/** Writes cards to channels, at Slack's pace. */
export interface Posts {
  post(to: { channel: string; thread?: string }, card: Card, part: Part): Promise<MessageRef>;
  edit(ref: MessageRef, card: Card, part: Part): Promise<void>;
}

/** The event type of our messages' metadata. */
export const metadataType = "k8s_why";

export function createPosts(options: { call: CallSlack; posting: Gate; editing: Gate; log: Log }): Posts {
  const { call, posting, editing, log } = options;
  return {
    post: async ({ channel, thread }, card, part) => {
      const answer = await paced(posting, channel, () =>
        plainIfRefused(card, log, ({ text, blocks }) =>
          call(`post to Slack channel "${channel}"`, (client) =>
            postMessage(client, {
              channel,
              text,
              blocks,
              metadata: toMetadata(part),
              unfurl_links: false,
              unfurl_media: false,
              ...(thread === undefined ? {} : { thread_ts: thread }),
            }),
          ),
        ),
      );
      if (answer.ts === undefined) throw new Error(`Cannot post to Slack channel "${channel}": the answer names no message`);
      return { channel: answer.channel ?? channel, ts: answer.ts };
    },
    edit: async ({ channel, ts }, card, part) => {
      const edit = () =>
        plainIfRefused(card, log, ({ text, blocks }) =>
          call(`edit a message in Slack channel "${channel}"`, (client) =>
            client.chat.update({ channel, ts, text, blocks, metadata: toMetadata(part) }),
          ),
        );
      try {
        await paced(editing, channel, edit);
      } catch (error) {
        if (slackReason(error) !== "message_not_found") throw error;
        // Somebody deleted it. That is their word on it: nothing is posted in its place, and the rest of the thread goes on.
        log.warn({ channel, ts, part: part.part }, "A message that was deleted is not edited any more");
      }
    },
  };
}

function toMetadata({ incident, part }: Part) {
  return { event_type: metadataType, event_payload: { incident, part } };
}

/** Waits for its turn; after Slack's "later" the whole channel waits. */
async function paced<T>(gate: Gate, channel: string, run: () => Promise<T>): Promise<T> {
  await gate.pass(channel);
  try {
    return await run();
  } catch (error) {
    if (error instanceof TemporaryError && error.retryAfterMs !== undefined) gate.block(channel, error.retryAfterMs);
    throw error;
  }
}

const refusals = new Set(["invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"]);

/** A plain sentence that arrives is worth more than a card that does not. Slack posted nothing when it answers with these words. */
async function plainIfRefused<T>(card: Card, log: Log, run: (card: Card) => Promise<T>): Promise<T> {
  try {
    return await run(card);
  } catch (error) {
    const reason = slackReason(error);
    if (reason === undefined || !refusals.has(reason)) throw error;
    log.error({ reason: error instanceof Error ? error.message : reason }, "Slack refused a card; its text was sent alone");
    return run({ text: card.text, blocks: [] });
  }
}
