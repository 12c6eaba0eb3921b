import { type CallSlack, slackReason } from "./web-client.ts";
import type { Identity } from "./identity.ts";
import type { MessageRef } from "#domain/ports/store.ts";
import { metadataType } from "./posts.ts";
import { z } from "zod";

const pages = 3;
const perPage = 200;
/** What "may not be read" sounds like: history is an optional scope. */
const unreadable = new Set([
  "missing_scope",
  "not_in_channel",
  "channel_not_found",
  "thread_not_found",
  "no_permission",
  "not_allowed_token_type",
  "method_not_supported",
  "unknown_method",
]);

const payload = z.object({ incident: z.string(), part: z.string() });

interface Posted {
  readonly ts?: string;
  readonly bot_id?: string;
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: unknown };
}

/** Reads the latest messages of the channel, or a thread, for the one of ours with this metadata. Undefined also where reading is not allowed. */
export function createFindPosted(options: { call: CallSlack; identity: Identity; channel: string }) {
  const { call, identity, channel } = options;
  return async (incidentId: string, part: string, headline?: MessageRef): Promise<MessageRef | undefined> => {
    const botId = await identity.botId();
    let cursor: string | undefined;
    for (let page = 0; page < pages; page += 1) {
      const read = await readPage(call, channel, headline, cursor);
      const found = read?.messages.find((message) => isPart(message, incidentId, part, botId));
      if (found?.ts !== undefined) return { channel: headline?.channel ?? channel, ts: found.ts };
      cursor = read?.next;
      if (cursor === undefined) return undefined;
    }
    return undefined;
  };
}

async function readPage(
  call: CallSlack,
  channel: string,
  headline: MessageRef | undefined,
  cursor: string | undefined,
): Promise<{ messages: readonly Posted[]; next?: string } | undefined> {
  const args = { limit: perPage, include_all_metadata: true, ...(cursor === undefined ? {} : { cursor }) };
  try {
    const answer = await call("read Slack's channel back", async (client) =>
      headline === undefined
        ? await client.conversations.history({ channel, ...args })
        : await client.conversations.replies({ channel: headline.channel, ts: headline.ts, ...args }),
    );
    const next = answer.response_metadata?.next_cursor;
    return { messages: answer.messages ?? [], ...(next ? { next } : {}) };
  } catch (error) {
    if (unreadable.has(slackReason(error) ?? "")) return undefined;
    throw error;
  }
}

function isPart(message: Posted, incident: string, part: string, botId: string | undefined): boolean {
  if (botId !== undefined && message.bot_id !== undefined && message.bot_id !== botId) return false;
  const read = payload.safeParse(message.metadata?.event_payload).data;
  return message.metadata?.event_type === metadataType && read?.incident === incident && read.part === part;
}
