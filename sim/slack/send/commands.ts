import { SlackFailure } from "#sim/slack/failure.ts";
import { respond, type ResponseTarget } from "#sim/slack/response-urls.ts";
import type { Json, SlackChannel } from "#sim/slack/types.ts";
import { channelName } from "./shortcuts.ts";
import { deliver, type Delivery, type SendOptions } from "./deliver.ts";
import { VERIFICATION_TOKEN, type SenderContext } from "./payload.ts";

/** A slash command as typed. */
export interface SlashCommand extends SendOptions {
  readonly user: string;
  /** With its slash: `/k8s-why`. */
  readonly command: string;
  readonly text?: string;
  /** Channel id; the workspace's first channel when left out. */
  readonly channel?: string;
}

/** Sends a slash command and shows its immediate answer, as Slack does, to the one who typed it. */
export async function slashCommand(context: SenderContext, typed: SlashCommand): Promise<Delivery & { refused?: string }> {
  const channel = channelOf(context, typed);
  const target = { user: typed.user, channel: channel.id };
  return show(context, target, await deliver(context.wire, formOf(context, typed, channel, target), "form", typed));
}

/** Sends a slash command whose first answer nobody sees; undefined when none comes in time. */
export async function ask(context: SenderContext, typed: SlashCommand): Promise<Json | undefined> {
  const channel = channelOf(context, typed);
  const { promise, resolve } = Promise.withResolvers<Json | undefined>();
  const form = formOf(context, typed, channel, { user: typed.user, channel: channel.id, hear: resolve });
  const delivery = await deliver(context.wire, form, "form", typed);
  if (!delivery.ok || delivery.text.trim() !== "") return delivery.body;
  const timer = setTimeout(resolve, context.wire.patienceMs, undefined);
  return await promise.finally(() => clearTimeout(timer));
}

function channelOf({ workspace }: SenderContext, typed: SlashCommand): SlackChannel {
  const channel = workspace.channels.get(typed.channel ?? "") ?? [...workspace.channels.values()][0];
  if (!channel) throw new Error(`Cannot send "${typed.command}": the workspace has no channel`);
  return channel;
}

function formOf(
  context: SenderContext,
  typed: SlashCommand,
  channel: SlackChannel,
  target: ResponseTarget,
): Record<string, string> {
  const { workspace, triggers, responseUrls } = context;
  const person = workspace.users.get(typed.user);
  if (!person) throw new Error(`Cannot send "${typed.command}" for user "${typed.user}": not in this workspace`);
  return {
    token: VERIFICATION_TOKEN,
    team_id: workspace.team.id,
    team_domain: workspace.team.domain,
    channel_id: channel.id,
    channel_name: channelName(context, channel.id),
    user_id: person.id,
    user_name: person.name,
    command: typed.command,
    text: typed.text ?? "",
    api_app_id: workspace.app.id,
    is_enterprise_install: "false",
    response_url: responseUrls.issue(target),
    trigger_id: triggers.issue({ user: typed.user }),
  };
}

function show({ workspace }: SenderContext, target: ResponseTarget, delivery: Delivery): Delivery & { refused?: string } {
  if (!delivery.ok || delivery.text.trim() === "") return delivery;
  try {
    respond(workspace, target, delivery.body ?? { text: delivery.text });
    return delivery;
  } catch (error) {
    if (!(error instanceof SlackFailure)) throw error;
    return { ...delivery, refused: `${error.error} ${JSON.stringify(error.extra)}` };
  }
}
