import { asText } from "#sim/slack/json.ts";
import { SlackFailure } from "#sim/slack/failure.ts";
import { formatChannel, formatMessage, repliesOf } from "#sim/slack/format.ts";
import type { Json, Message } from "#sim/slack/types.ts";
import { compareTs, findMessage, membersOf, messagesOf } from "#sim/slack/workspace.ts";
import { openDirect } from "./direct.ts";
import { channelOf, isTrue, scopeOf, type Method, type MethodContext } from "./method.ts";
import { paginate } from "./paginate.ts";

function history(args: Json, context: MethodContext): Json {
  const { workspace } = context;
  const channel = channelOf(args, context);
  const shown = messagesOf(workspace, channel.id)
    .filter((message) => !message.threadTs || message.threadTs === message.ts || message.broadcast)
    .filter((message) => isWithin(message, args))
    .reverse();
  const { page, ...rest } = paginate(shown, args, { normal: 100, most: 999 });
  return {
    messages: page.map((each) => formatMessage(workspace, each, isTrue(args.include_all_metadata))),
    pin_count: 0,
    ...rest,
  };
}

function replies(args: Json, context: MethodContext): Json {
  const { workspace } = context;
  const channel = channelOf(args, context);
  const named = findMessage(workspace, channel.id, asText(args.ts));
  const parent = named && findMessage(workspace, channel.id, named.threadTs ?? named.ts);
  if (!parent) throw new SlackFailure("thread_not_found");
  const shown = [parent, ...repliesOf(workspace, parent).filter((message) => isWithin(message, args))];
  const { page, ...rest } = paginate(shown, args, { normal: 1000, most: 1000 });
  return { messages: page.map((each) => formatMessage(workspace, each, isTrue(args.include_all_metadata))), ...rest };
}

function isWithin(message: Message, args: Json): boolean {
  const inclusive = isTrue(args.inclusive) ? 0 : 1;
  if (args.oldest && Number(args.oldest) > 0 && compareTs(message.ts, padTs(args.oldest)) < inclusive) return false;
  if (args.latest && compareTs(padTs(args.latest), message.ts) < inclusive) return false;
  return true;
}

function padTs(value: unknown): string {
  const [seconds = "0", fraction = ""] = asText(value).split(".");
  return `${seconds}.${fraction.padEnd(6, "0").slice(0, 6)}`;
}

function info(args: Json, context: MethodContext): Json {
  const channel = context.workspace.channels.get(asText(args.channel));
  if (!channel) throw new SlackFailure("channel_not_found");
  return { channel: formatChannel(context.workspace, channel) };
}

function list(args: Json, { workspace }: MethodContext): Json {
  const channels = [...workspace.channels.values()].filter((channel) => !channel.id.startsWith("D"));
  const { page, ...rest } = paginate(channels, args, { normal: 100, most: 999 });
  return { channels: page.map((channel) => formatChannel(workspace, channel)), ...rest };
}

function members(args: Json, context: MethodContext): Json {
  const { page, ...rest } = paginate(membersOf(context.workspace, channelOf(args, context)), args, { normal: 100, most: 999 });
  return { members: page, ...rest };
}

/** Methods that read channels. */
export const conversationMethods: Readonly<Record<string, Method>> = {
  "conversations.history": { scope: scopeOf("history"), call: history },
  "conversations.replies": { scope: scopeOf("history"), call: replies },
  "conversations.info": { scope: scopeOf("read"), call: info },
  "conversations.list": { scope: "channels:read", call: list },
  "conversations.members": { scope: "channels:read", call: members },
  "conversations.open": { scope: "im:write", call: openDirect },
};
