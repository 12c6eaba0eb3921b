import { createId } from "#sim/slack/ids.ts";
import type { Json, Message } from "#sim/slack/types.ts";
import { putMessage, type Workspace } from "#sim/slack/workspace.ts";
import { deliver, type Delivery, type SendOptions } from "./deliver.ts";
import { VERIFICATION_TOKEN, type SenderContext } from "./payload.ts";

/** An event of the Events API. */
export interface SlackEvent extends SendOptions {
  readonly event: Json;
  /** A new one when left out; give the same to send a repeat. */
  readonly eventId?: string;
}

/** A message that a person writes. */
export interface Saying {
  readonly user: string;
  readonly channel: string;
  readonly text: string;
  readonly threadTs?: string;
}

/** Sends an event to the program in Slack's envelope. */
export async function sendEvent(context: SenderContext, sent: SlackEvent): Promise<Delivery & { eventId: string }> {
  const { workspace, wire } = context;
  const eventId = sent.eventId ?? createId("Ev");
  const payload = {
    token: VERIFICATION_TOKEN,
    team_id: workspace.team.id,
    context_team_id: workspace.team.id,
    api_app_id: workspace.app.id,
    event: sent.event,
    type: "event_callback",
    event_id: eventId,
    event_time: Math.floor(workspace.wallNow() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: workspace.team.id,
        user_id: workspace.app.botUser,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${eventId}`,
  };
  return { ...(await deliver(wire, payload, "json", sent)), eventId };
}

/** Lets a person write in a channel; the program hears of it when it is mentioned, or in its direct conversations where it may read those. */
export async function say(context: SenderContext, saying: Saying): Promise<{ message: Message; delivery?: Delivery }> {
  const { workspace } = context;
  const message: Message = {
    channel: saying.channel,
    ts: workspace.nextTs(),
    ...(saying.threadTs ? { threadTs: saying.threadTs } : {}),
    user: saying.user,
    versions: [{ wallAt: workspace.wallNow(), clockAt: workspace.clock.now(), text: saying.text, blocks: [], attachments: [] }],
    reactions: [],
  };
  putMessage(workspace, message);
  const heardAs = hearing(workspace, saying);
  if (!heardAs) return { message };
  const event = {
    ...heardAs,
    client_msg_id: crypto.randomUUID(),
    user: saying.user,
    text: saying.text,
    ts: message.ts,
    team: workspace.team.id,
    channel: saying.channel,
    event_ts: message.ts,
    ...(saying.threadTs ? { thread_ts: saying.threadTs } : {}),
  };
  return { message, delivery: await sendEvent(context, { event }) };
}

/** As what kind of event the program hears of something said; Slack sends no mention from a direct conversation. */
function hearing(workspace: Workspace, { channel, text }: Saying): Json | undefined {
  if (channel.startsWith("D"))
    return workspace.scopes.includes("im:history") ? { type: "message", channel_type: "im" } : undefined;
  return text.includes(`<@${workspace.app.botUser}>`) ? { type: "app_mention" } : undefined;
}
