import { formatFile } from "./files.ts";
import type { Json, Message, SlackChannel, SlackUser, View } from "./types.ts";
import { latest, membersOf, messagesOf, type Workspace } from "./workspace.ts";

/** A message as the Web API and payloads show it. */
export function formatMessage(workspace: Workspace, message: Message, withMetadata = false): Json {
  const version = latest(message);
  return {
    type: "message",
    user: message.user,
    ts: message.ts,
    ...(message.botId ? { bot_id: message.botId, app_id: workspace.app.id } : {}),
    text: version.text,
    team: workspace.team.id,
    ...(version.blocks.length > 0 ? { blocks: version.blocks } : {}),
    ...(version.attachments.length > 0 ? { attachments: version.attachments } : {}),
    ...(message.edited ? { edited: message.edited } : {}),
    ...(message.reactions.length > 0
      ? { reactions: message.reactions.map((each) => ({ ...each, count: each.users.length })) }
      : {}),
    ...formatFiles(workspace, message),
    ...formatThread(workspace, message),
    ...(withMetadata && version.metadata ? { metadata: version.metadata } : {}),
  };
}

function formatFiles(workspace: Workspace, message: Message): Json {
  if (!message.files) return {};
  const files = message.files.map((id) => workspace.files.get(id)).filter((file) => file !== undefined);
  return { subtype: "file_share", upload: true, files: files.map((file) => formatFile(workspace, file)) };
}

function formatThread(workspace: Workspace, message: Message): Json {
  if (message.threadTs && message.threadTs !== message.ts) return { thread_ts: message.threadTs };
  const replies = repliesOf(workspace, message);
  const last = replies.at(-1);
  if (!last) return {};
  const users = [...new Set(replies.map((reply) => reply.user))];
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users_count: users.length,
    reply_users: users,
    latest_reply: last.ts,
    is_locked: false,
    subscribed: false,
  };
}

/** Replies of a thread, oldest first. */
export function repliesOf(workspace: Workspace, parent: Message): Message[] {
  return messagesOf(workspace, parent.channel).filter((message) => message.threadTs === parent.ts && message.ts !== parent.ts);
}

/** A user as `users.info` shows one. */
export function formatUser(workspace: Workspace, user: SlackUser): Json {
  return {
    id: user.id,
    team_id: user.team ?? workspace.team.id,
    name: user.name,
    deleted: user.is === "deleted",
    real_name: user.realName,
    tz: user.timeZone ?? "Europe/Berlin",
    is_bot: user.isBot ?? false,
    is_restricted: user.is === "guest" || user.is === "single-channel-guest",
    is_ultra_restricted: user.is === "single-channel-guest",
    ...(user.is === "stranger" ? { is_stranger: true } : {}),
    ...(user.email ? { is_email_confirmed: user.emailUnconfirmed !== true } : {}),
    is_app_user: false,
    updated: 0,
    profile: {
      real_name: user.realName,
      display_name: user.name,
      ...(user.email && workspace.scopes.includes("users:read.email") ? { email: user.email } : {}),
      team: workspace.team.id,
    },
  };
}

/** A channel as `conversations.info` shows one. */
export function formatChannel(workspace: Workspace, channel: SlackChannel): Json {
  const direct = channel.id.startsWith("D");
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !direct,
    is_im: direct,
    is_private: channel.isPrivate ?? direct,
    is_archived: channel.isArchived ?? false,
    is_member: membersOf(workspace, channel).includes(workspace.app.botUser),
    num_members: membersOf(workspace, channel).length,
    topic: { value: channel.topic ?? "", creator: "", last_set: 0 },
    purpose: { value: "", creator: "", last_set: 0 },
    context_team_id: workspace.team.id,
  };
}

/** A modal as `views.open` and payloads show it. */
export function formatView(workspace: Workspace, view: View, values: Json = {}): Json {
  return {
    private_metadata: "",
    callback_id: "",
    close: null,
    submit: null,
    clear_on_close: false,
    notify_on_close: false,
    external_id: "",
    ...view.view,
    id: view.id,
    team_id: workspace.team.id,
    state: { values },
    hash: view.hash,
    previous_view_id: view.previousViewId ?? null,
    root_view_id: view.rootViewId,
    app_id: workspace.app.id,
    app_installed_team_id: workspace.team.id,
    bot_id: workspace.app.botId,
  };
}
