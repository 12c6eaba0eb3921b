import { formatMessage } from "#sim/slack/format.ts";
import { findMessage } from "#sim/slack/workspace.ts";
import { deliver, type Delivery, type SendOptions } from "./deliver.ts";
import { asForm, envelope, type SenderContext } from "./payload.ts";

/** A shortcut picked in the menu of a message. */
export interface MessageShortcut extends SendOptions {
  readonly user: string;
  readonly message: { readonly channel: string; readonly ts: string };
  readonly callbackId: string;
}

/** A shortcut picked in the search or beside the composer. */
export interface GlobalShortcut extends SendOptions {
  readonly user: string;
  readonly callbackId: string;
}

/** Picks a shortcut in a message's menu (`message_action`); ephemeral messages have none. */
export async function messageShortcut(context: SenderContext, picked: MessageShortcut): Promise<Delivery> {
  const { workspace, triggers, responseUrls, wire } = context;
  const message = findMessage(workspace, picked.message.channel, picked.message.ts);
  if (!message || message.ephemeralFor)
    throw new Error(`Cannot pick "${picked.callbackId}": there is no message "${picked.message.ts}" with a menu`);
  const payload = {
    type: "message_action",
    ...envelope(workspace, picked.user),
    callback_id: picked.callbackId,
    action_ts: workspace.nextTs(),
    trigger_id: triggers.issue({ user: picked.user }),
    response_url: responseUrls.issue({ user: picked.user, channel: message.channel }),
    message_ts: message.ts,
    channel: { id: message.channel, name: channelName(context, message.channel) },
    message: formatMessage(workspace, message),
  };
  return await deliver(wire, asForm(payload), "form", picked);
}

/** Picks a shortcut that belongs to no message (`shortcut`); the payload names no channel. */
export async function globalShortcut(context: SenderContext, picked: GlobalShortcut): Promise<Delivery> {
  const { workspace, triggers, wire } = context;
  const payload = {
    type: "shortcut",
    ...envelope(workspace, picked.user),
    callback_id: picked.callbackId,
    action_ts: workspace.nextTs(),
    trigger_id: triggers.issue({ user: picked.user }),
  };
  return await deliver(wire, asForm(payload), "form", picked);
}

/** A channel's name as payloads give it. */
export function channelName({ workspace }: SenderContext, id: string): string {
  return id.startsWith("D") ? "directmessage" : (workspace.channels.get(id)?.name ?? "");
}
