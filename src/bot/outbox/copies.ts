import { type CallSlack, slackReason } from "#bot/web-client.ts";
import type { Identity } from "#bot/identity.ts";
import type { MessageRef } from "#domain/ports/store.ts";
import { metadataType } from "./metadata.ts";
import { z } from "zod";

const mostPages = 5;
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
  "method_not_supported_for_channel_type",
  "unknown_method",
]);

const payload = z.object({ incident: z.string(), part: z.string() });

interface Posted {
  readonly ts?: string;
  readonly bot_id?: string;
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: unknown };
}

/** Where to look for a message of ours, from which moment (wall ms) on. */
interface Wanted {
  readonly about: string;
  readonly part: string;
  readonly channel: string;
  readonly parent?: MessageRef;
  readonly since: number;
}

/** Reads a channel, or a thread, back for our messages of one key; oldest first. Undefined where reading is not allowed. */
export type FindCopies = (wanted: Wanted) => Promise<readonly MessageRef[] | undefined>;

export function createFindCopies(call: CallSlack, identity: Identity): FindCopies {
  return async (wanted) => {
    const botId = await identity.botId();
    const found: MessageRef[] = [];
    const channel = wanted.parent?.channel ?? wanted.channel;
    let cursor: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const read = await readPage(call, wanted, cursor);
      if (!read) return undefined;
      for (const message of read.messages)
        if (message.ts !== undefined && isCopy(message, wanted, botId)) found.push({ channel, ts: message.ts });
      cursor = read.next;
      if (cursor === undefined) break;
    }
    return found.toSorted((left, right) => Number(left.ts) - Number(right.ts));
  };
}

async function readPage(
  call: CallSlack,
  { channel, parent, since }: Wanted,
  cursor: string | undefined,
): Promise<{ messages: readonly Posted[]; next?: string } | undefined> {
  const oldest = (Math.max(0, since) / 1_000).toFixed(6);
  const args = { limit: perPage, include_all_metadata: true, oldest, ...(cursor === undefined ? {} : { cursor }) };
  try {
    const answer = await call("read Slack's channel back", async (client) =>
      parent === undefined
        ? await client.conversations.history({ channel, ...args })
        : await client.conversations.replies({ channel: parent.channel, ts: parent.ts, ...args }),
    );
    const next = answer.response_metadata?.next_cursor;
    return { messages: answer.messages ?? [], ...(next ? { next } : {}) };
  } catch (error) {
    if (unreadable.has(slackReason(error) ?? "")) return undefined;
    throw error;
  }
}

function isCopy(message: Posted, { about, part }: Wanted, botId: string | undefined): boolean {
  if (botId !== undefined && message.bot_id !== undefined && message.bot_id !== botId) return false;
  const read = payload.safeParse(message.metadata?.event_payload).data;
  return message.metadata?.event_type === metadataType && read?.incident === about && read.part === part;
}
