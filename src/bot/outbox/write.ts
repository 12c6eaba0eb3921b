import type { Card } from "#bot/blocks.ts";
import { type CallSlack, postMessage, slackReason } from "#bot/web-client.ts";
import type { Log } from "#lib/log.ts";
import type { MessageRef } from "#domain/ports/store.ts";
import { TemporaryError, messageOf } from "#lib/errors.ts";
import { fittedCard } from "#bot/limits/fitted.ts";
import { isOptional } from "#bot/limits/blocks.ts";
import { isAboutCard } from "./refusals.ts";
import { toMetadata } from "./metadata.ts";

interface Key {
  readonly about: string;
  readonly part: string;
}

/** Slack's three verbs for a message of ours, each called once; who calls decides about trying again. */
export interface Write {
  post(to: { readonly channel: string; readonly thread?: string }, card: Card, key: Key): Promise<MessageRef>;
  edit(ref: MessageRef, card: Card, key: Key): Promise<void>;
  remove(ref: MessageRef): Promise<void>;
}

export function createWrite(call: CallSlack, log: Log): Write {
  return {
    post: async ({ channel, thread }, card, key) => {
      const answer = await simplerIfRefused(card, log, ({ text, blocks }) =>
        call(`post to Slack channel "${channel}"`, (client) =>
          postMessage(client, {
            channel,
            text,
            blocks,
            metadata: toMetadata(key),
            unfurl_links: false,
            unfurl_media: false,
            ...(thread === undefined ? {} : { thread_ts: thread }),
          }),
        ),
      );
      if (answer.ts === undefined)
        throw new TemporaryError(`Cannot post to Slack channel "${channel}": the answer names no message`);
      return { channel: answer.channel ?? channel, ts: answer.ts };
    },
    edit: async ({ channel, ts }, card, key) => {
      await simplerIfRefused(card, log, ({ text, blocks }) =>
        call(`edit a message in Slack channel "${channel}"`, (client) =>
          client.chat.update({ channel, ts, text, blocks, metadata: toMetadata(key) }),
        ),
      );
    },
    remove: async ({ channel, ts }) => {
      await call(`delete a second copy in Slack channel "${channel}"`, (client) => client.chat.delete({ channel, ts }));
    },
  };
}

/**
 * Sends a card within Slack's limits. Where Slack refuses it all the same, without what the message can do without; then its text
 * alone: a plain sentence that arrives is worth more than a card that does not. Slack posted nothing when it refuses a card.
 */
export async function simplerIfRefused<T>(card: Card, log: Log, run: (card: Card) => Promise<T>): Promise<T> {
  const fit = fittedCard(card, log);
  const plainer = fit.blocks.filter((block) => !isOptional(block));
  for (const blocks of plainer.length < fit.blocks.length ? [fit.blocks, plainer] : [fit.blocks]) {
    try {
      return await run({ text: fit.text, blocks });
    } catch (error) {
      if (!isAboutCard(slackReason(error))) throw error;
      log.error({ reason: messageOf(error) }, "Slack refused a card; it is sent with less in it");
    }
  }
  return run({ text: fit.text, blocks: [] });
}
