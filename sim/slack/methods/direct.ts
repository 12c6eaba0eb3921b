import { asText } from "#sim/slack/json.ts";
import { SlackFailure } from "#sim/slack/failure.ts";
import { formatChannel } from "#sim/slack/format.ts";
import type { Json, SlackChannel } from "#sim/slack/types.ts";
import { directOf, type Workspace } from "#sim/slack/workspace.ts";
import { isTrue, type MethodContext } from "./method.ts";

/** The direct conversation with a user whose id stands where a channel's does; made when it is not there yet. */
export function directChannel(value: unknown, workspace: Workspace): SlackChannel | undefined {
  const user = workspace.users.get(asText(value));
  return user && directOf(workspace, user);
}

/** `conversations.open`, with one user or with the id of a direct conversation. */
export function openDirect(args: Json, { workspace }: MethodContext): Json {
  const known = args.channel ? resume(asText(args.channel), workspace) : undefined;
  const user = asText(args.users);
  const before = known ?? workspace.channels.get(`D${user.slice(1)}`);
  const channel = known ?? start(user, workspace);
  const more = isTrue(args.return_im) ? formatChannel(workspace, channel) : { id: channel.id };
  return { ...(before ? { no_op: true, already_open: true } : {}), channel: more };
}

function resume(id: string, workspace: Workspace): SlackChannel {
  const channel = workspace.channels.get(id);
  if (!channel) throw new SlackFailure("channel_not_found");
  if (!id.startsWith("D")) throw new SlackFailure("method_not_supported_for_channel_type");
  return channel;
}

function start(users: string, workspace: Workspace): SlackChannel {
  if (!users) throw new SlackFailure("users_list_not_supplied");
  const ids = users.split(",");
  if (ids.length > 8) throw new SlackFailure("too_many_users");
  const people = ids.map((id) => workspace.users.get(id.trim()));
  const [first] = people;
  if (!first || people.includes(undefined)) throw new SlackFailure("user_not_found");
  if (people.some((user) => user?.is === "deleted")) throw new SlackFailure("user_disabled");
  if (people.some((user) => user?.isBot)) throw new SlackFailure("cannot_dm_bot");
  if (people.length === 1) return directOf(workspace, first);
  throw new SlackFailure("missing_scope", { needed: "mpim:write", provided: workspace.scopes.join(",") });
}
