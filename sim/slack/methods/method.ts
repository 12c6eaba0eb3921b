import { asText } from "#sim/slack/json.ts";
import { SlackFailure } from "#sim/slack/failure.ts";
import type { SocketSide } from "#sim/slack/socket.ts";
import type { Triggers } from "#sim/slack/triggers.ts";
import type { Json, Message, SlackChannel } from "#sim/slack/types.ts";
import { findMessage, membersOf, type Workspace } from "#sim/slack/workspace.ts";

/** What a method of the Web API may use. */
export interface MethodContext {
  readonly socket: SocketSide;
  readonly workspace: Workspace;
  readonly triggers: Triggers;
  readonly baseUrl: string;
}

/** A method: arguments in, the answer without `ok` out; throws SlackFailure for a no. */
export interface Method {
  /** What the app must have been granted; it may depend on the kind of channel. */
  readonly scope?: string | ((args: Json, context: MethodContext) => string);
  /** Called with the app-level token (`xapp-`) instead of the bot's. */
  readonly token?: "app";
  readonly call: (args: Json, context: MethodContext) => Json;
}

/** The channel that a call names by id or name, where the bot may act. */
export function channelOf(args: Json, { workspace }: MethodContext): SlackChannel {
  const wanted = asText(args.channel).replace(/^#/u, "");
  const channel = workspace.channels.get(wanted) ?? [...workspace.channels.values()].find((each) => each.name === wanted);
  if (!channel) throw new SlackFailure("channel_not_found");
  if (membersOf(workspace, channel).includes(workspace.app.botUser)) return channel;
  throw new SlackFailure(channel.isPrivate ? "channel_not_found" : "not_in_channel");
}

/** The channel that a call names, where the bot may post. */
export function activeChannelOf(args: Json, context: MethodContext): SlackChannel {
  const channel = channelOf(args, context);
  if (channel.isArchived) throw new SlackFailure("is_archived");
  return channel;
}

/** The scope of a family that a channel needs: `channels:`, `groups:` for private ones, `im:` for direct ones. */
export function scopeOf(family: "history" | "read"): (args: Json, context: MethodContext) => string {
  return (args, { workspace }) => {
    const id = asText(args.channel);
    if (id.startsWith("D")) return `im:${family}`;
    return `${workspace.channels.get(id)?.isPrivate ? "groups" : "channels"}:${family}`;
  };
}

/** The message that a call names by channel and ts. */
export function messageOf(args: Json, context: MethodContext, field = "ts"): Message {
  const message = findMessage(context.workspace, channelOf(args, context).id, asText(args[field]));
  if (!message || message.ephemeralFor) throw new SlackFailure("message_not_found");
  return message;
}

/** A flag that may have come as text. */
export function isTrue(value: unknown): boolean {
  return value === true || value === "true" || value === "1" || value === 1;
}
