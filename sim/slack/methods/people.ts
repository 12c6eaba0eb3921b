import { asText } from "#sim/slack/json.ts";
import { SlackFailure } from "#sim/slack/failure.ts";
import { formatUser } from "#sim/slack/format.ts";
import type { Json } from "#sim/slack/types.ts";
import { putMessage } from "#sim/slack/workspace.ts";
import { messageOf, type Method, type MethodContext } from "./method.ts";
import { paginate } from "./paginate.ts";

function authTest(_args: Json, { workspace, baseUrl }: MethodContext): Json {
  const bot = workspace.users.get(workspace.app.botUser);
  return {
    url: `${baseUrl}/`,
    team: workspace.team.name,
    user: bot?.name,
    team_id: workspace.team.id,
    user_id: workspace.app.botUser,
    bot_id: workspace.app.botId,
    is_enterprise_install: false,
  };
}

function userInfo(args: Json, { workspace }: MethodContext): Json {
  const user = workspace.users.get(asText(args.user));
  if (!user) throw new SlackFailure("user_not_found");
  return { user: formatUser(workspace, user) };
}

function lookupByEmail(args: Json, { workspace }: MethodContext): Json {
  const wanted = asText(args.email).toLowerCase();
  const user = [...workspace.users.values()].find((each) => each.email?.toLowerCase() === wanted);
  if (!user) throw new SlackFailure("users_not_found");
  return { user: formatUser(workspace, user) };
}

function userList(args: Json, { workspace }: MethodContext): Json {
  const { page, response_metadata } = paginate([...workspace.users.values()], args, { normal: 1000, most: 1000 });
  return { members: page.map((user) => formatUser(workspace, user)), cache_ts: 0, response_metadata };
}

function userGroups(_args: Json, { workspace }: MethodContext): Json {
  return {
    usergroups: workspace.userGroups.map((group) => ({ ...group, team_id: workspace.team.id, user_count: group.users.length })),
  };
}

function userGroupUsers(args: Json, { workspace }: MethodContext): Json {
  const group = workspace.userGroups.find(({ id }) => id === asText(args.usergroup));
  if (!group) throw new SlackFailure("no_such_subteam");
  return { users: [...group.users] };
}

function addReaction(args: Json, context: MethodContext): Json {
  const name = asText(args.name).replaceAll(":", "");
  if (!name) throw new SlackFailure("invalid_name");
  const message = messageOf(args, context, "timestamp");
  if (context.workspace.channels.get(message.channel)?.isArchived) throw new SlackFailure("is_archived");
  const me = context.workspace.app.botUser;
  const existing = message.reactions.find((reaction) => reaction.name === name);
  if (existing?.users.includes(me)) throw new SlackFailure("already_reacted");
  const others = message.reactions.filter((reaction) => reaction !== existing);
  putMessage(context.workspace, { ...message, reactions: [...others, { name, users: [...(existing?.users ?? []), me] }] });
  return {};
}

/** Methods about people, and the check of the token. */
export const peopleMethods: Readonly<Record<string, Method>> = {
  "auth.test": { call: authTest },
  "users.info": { scope: "users:read", call: userInfo },
  "users.list": { scope: "users:read", call: userList },
  "users.lookupByEmail": { scope: "users:read.email", call: lookupByEmail },
  "usergroups.list": { scope: "usergroups:read", call: userGroups },
  "usergroups.users.list": { scope: "usergroups:read", call: userGroupUsers },
  "reactions.add": { scope: "reactions:write", call: addReaction },
};
