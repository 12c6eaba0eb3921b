import { asText } from "#sim/slack/json.ts";
import { SlackFailure } from "#sim/slack/failure.ts";
import type { Json, SlackChannel } from "#sim/slack/types.ts";
import type { Workspace } from "#sim/slack/workspace.ts";
import type { MethodContext } from "./method.ts";

/** The direct conversation with a user whose id stands where a channel's does; made when it is not there yet. */
export function directChannel(value: unknown, workspace: Workspace): SlackChannel | undefined {
  const user = workspace.users.get(asText(value));
  if (!user) return undefined;
  const id = `D${user.id.slice(1)}`;
  const channel = workspace.channels.get(id) ?? {
    id,
    name: user.name,
    members: [user.id, workspace.app.botUser],
    isPrivate: true,
  };
  workspace.channels.set(id, channel);
  return channel;
}

/** `conversations.open` with one user. */
export function openDirect(args: Json, { workspace }: MethodContext): Json {
  const channel = directChannel(args.users, workspace);
  if (!channel) throw new SlackFailure("user_not_found");
  return { channel: { id: channel.id } };
}
