import type { Card } from "#bot/blocks.ts";
import { type CallSlack, postMessage } from "#bot/web-client.ts";
import type { MessageRef } from "#domain/ports/store.ts";
import { TemporaryError } from "#lib/errors.ts";
import { type Charts, chartIfTaken } from "./chart-if-taken.ts";
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

export function createWrite(call: CallSlack, charts: Charts): Write {
  return {
    post: async ({ channel, thread }, card, key) => {
      const answer = await chartIfTaken(card, charts, ({ text, blocks }) =>
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
      await chartIfTaken(card, charts, ({ text, blocks }) =>
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
