import { asText } from "#sim/slack/json.ts";
import { isEmpty, readContent, toVersion, type Content } from "#sim/slack/compose.ts";
import { SlackFailure } from "#sim/slack/failure.ts";
import { formatMessage } from "#sim/slack/format.ts";
import type { Json, Message, Version } from "#sim/slack/types.ts";
import { findMessage, latest, membersOf, putMessage, removeMessage, type Workspace } from "#sim/slack/workspace.ts";
import { directChannel } from "./direct.ts";
import { activeChannelOf, isTrue, messageOf, type Method, type MethodContext } from "./method.ts";

/** `chat.update` takes less text than a post: https://docs.slack.dev/reference/methods/chat.update */
const MAX_UPDATED_TEXT = 4000;

function postMessage(args: Json, context: MethodContext): Json {
  const { workspace } = context;
  const content = readContent(args, workspace);
  if (isEmpty(content)) throw new SlackFailure("no_text");
  const channel = directChannel(args.channel, workspace) ?? activeChannelOf(args, context);
  const message: Message = {
    ...fromBot(workspace, channel.id, content),
    ...threadOf(workspace, channel.id, args.thread_ts),
    broadcast: isTrue(args.reply_broadcast),
  };
  putMessage(workspace, message);
  return { channel: channel.id, ts: message.ts, message: formatMessage(workspace, message, true) };
}

function postEphemeral(args: Json, context: MethodContext): Json {
  const { workspace } = context;
  const content = readContent(args, workspace);
  if (isEmpty(content)) throw new SlackFailure("no_text");
  const channel = activeChannelOf(args, context);
  const user = asText(args.user);
  if (!workspace.users.has(user)) throw new SlackFailure("user_not_found");
  if (!membersOf(workspace, channel).includes(user)) throw new SlackFailure("user_not_in_channel");
  const message: Message = {
    ...fromBot(workspace, channel.id, content),
    ...threadOf(workspace, channel.id, args.thread_ts),
    ephemeralFor: user,
  };
  putMessage(workspace, message);
  return { message_ts: message.ts };
}

function update(args: Json, context: MethodContext): Json {
  const { workspace } = context;
  const content = readContent(args, workspace);
  if (isEmpty(content)) throw new SlackFailure("no_text");
  if ((content.text?.length ?? 0) > MAX_UPDATED_TEXT) throw new SlackFailure("msg_too_long");
  const message = messageOf(args, context);
  if (message.botId !== workspace.app.botId) throw new SlackFailure("cant_update_message");
  if (workspace.channels.get(message.channel)?.isArchived) throw new SlackFailure("is_inactive");
  const next = rewrite(workspace, message, content);
  putMessage(workspace, next);
  const version = latest(next);
  return { channel: next.channel, ts: next.ts, text: version.text, message: formatMessage(workspace, next, true) };
}

/** A message with a new version; text without blocks takes the blocks away, metadata stays unless replaced. */
export function rewrite(workspace: Workspace, message: Message, content: Content): Message {
  const before: Version = latest(message);
  const version = toVersion(workspace, {
    text: content.text ?? before.text,
    blocks: content.blocks ?? (content.text === undefined ? before.blocks : []),
    attachments: content.attachments ?? (content.text === undefined ? before.attachments : []),
    metadata: content.metadata ?? before.metadata,
  });
  const edited = content.blocks ? message.edited : { user: message.user, ts: `${Math.floor(workspace.wallNow() / 1000)}.000000` };
  return { ...message, versions: [...message.versions, version], ...(edited ? { edited } : {}) };
}

/** A new message of the app's bot, not stored yet. */
export function fromBot(workspace: Workspace, channel: string, content: Content): Message {
  return {
    channel,
    ts: workspace.nextTs(),
    user: workspace.app.botUser,
    botId: workspace.app.botId,
    versions: [toVersion(workspace, content)],
    reactions: [],
  };
}

/** Where a reply belongs: a reply to a reply goes to the thread's first message. */
export function threadOf(workspace: Workspace, channel: string, value: unknown): { threadTs?: string } {
  if (value === undefined || value === "") return {};
  const parent = findMessage(workspace, channel, asText(value));
  if (!parent) throw new SlackFailure("cannot_reply_to_message");
  return { threadTs: parent.threadTs ?? parent.ts };
}

function remove(args: Json, context: MethodContext): Json {
  const message = messageOf(args, context);
  if (message.botId !== context.workspace.app.botId) throw new SlackFailure("cant_delete_message");
  removeMessage(context.workspace, message);
  return { channel: message.channel, ts: message.ts };
}

function getPermalink(args: Json, context: MethodContext): Json {
  const message = messageOf(args, context, "message_ts");
  const query = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${message.channel}` : "";
  const path = `archives/${message.channel}/p${message.ts.replace(".", "")}`;
  return { channel: message.channel, permalink: `https://${context.workspace.team.domain}.slack.com/${path}${query}` };
}

/** Methods that write messages. */
export const chatMethods: Readonly<Record<string, Method>> = {
  "chat.postMessage": { scope: "chat:write", call: postMessage },
  "chat.postEphemeral": { scope: "chat:write", call: postEphemeral },
  "chat.update": { scope: "chat:write", call: update },
  "chat.delete": { scope: "chat:write", call: remove },
  "chat.getPermalink": { call: getPermalink },
};
