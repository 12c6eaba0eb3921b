import { SlackFailure } from "#sim/slack/failure.ts";
import { respond, type ResponseTarget } from "#sim/slack/response-urls.ts";
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
  const { workspace, triggers, responseUrls, wire } = context;
  const person = workspace.users.get(typed.user);
  if (!person) throw new Error(`Cannot send "${typed.command}" for user "${typed.user}": not in this workspace`);
  const channel = workspace.channels.get(typed.channel ?? "") ?? [...workspace.channels.values()][0];
  if (!channel) throw new Error(`Cannot send "${typed.command}": the workspace has no channel`);
  const target = { user: typed.user, channel: channel.id };
  const form = {
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
  return show(context, target, await deliver(wire, form, "form", typed));
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
