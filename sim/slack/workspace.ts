import { createId, createTimestamps } from "./ids.ts";
import type {
  Message,
  RequestRecord,
  SlackChange,
  SlackChannel,
  SlackClock,
  SlackFile,
  SlackUser,
  SlackUserGroup,
  Version,
  View,
} from "./types.ts";

/** How many calls the log of requests keeps. */
const KEPT_REQUESTS = 20_000;

/** Everything that a workspace of Slack knows. */
export interface Workspace {
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  readonly app: { readonly id: string; readonly botId: string; readonly botUser: string };
  readonly scopes: readonly string[];
  readonly users: Map<string, SlackUser>;
  readonly channels: Map<string, SlackChannel>;
  readonly userGroups: readonly SlackUserGroup[];
  /** By channel and ts, in the order of posting. */
  readonly messages: Map<string, Message>;
  readonly views: Map<string, View>;
  /** What the app's page shows, by user. */
  readonly homes: Map<string, View>;
  readonly files: Map<string, SlackFile>;
  /** How long Slack looks at a file before it can be shown, in ms. */
  readonly fileProcessingMs: number;
  /** Slack's own chart is not there yet in a workspace where this is false. */
  takesCharts: boolean;
  readonly requests: RequestRecord[];
  readonly clock: SlackClock;
  wallNow(): number;
  nextTs(): string;
  /** Tells everyone who watches. */
  notify(change: SlackChange): void;
  onChange(listener: (change: SlackChange) => void): Disposable;
}

/** Where the messages of a workspace come from and who is in it. */
export interface WorkspaceOptions {
  readonly clock: SlackClock;
  readonly users: readonly SlackUser[];
  readonly channels: readonly SlackChannel[];
  readonly userGroups?: readonly SlackUserGroup[];
  /** The bot's name; `k8s-why` when left out. */
  readonly botName?: string;
  readonly scopes?: readonly string[];
  readonly wallNow: () => number;
  readonly fileProcessingMs?: number;
  readonly takesCharts?: boolean;
}

/** Scopes that the app was granted unless said otherwise. */
const ALL_SCOPES = [
  "app_mentions:read",
  "channels:history",
  "channels:read",
  "chat:write",
  "commands",
  "files:write",
  "im:write",
  "reactions:write",
  "usergroups:read",
  "users:read",
  "users:read.email",
];

/** Creates an empty workspace with its people, channels and one installed app. */
export function createWorkspace(options: WorkspaceOptions): Workspace {
  const listeners = new Set<(change: SlackChange) => void>();
  const name = options.botName ?? "k8s-why";
  const bot: SlackUser = options.users.find((user) => user.isBot) ?? { id: createId("U"), name, realName: name, isBot: true };
  const requests: RequestRecord[] = [];
  return {
    team: { id: createId("T"), name: "Local", domain: "local" },
    app: { id: createId("A"), botId: createId("B"), botUser: bot.id },
    scopes: options.scopes ?? ALL_SCOPES,
    users: new Map([...options.users, bot].map((user) => [user.id, user])),
    channels: new Map(options.channels.map((channel) => [channel.id, channel])),
    userGroups: options.userGroups ?? [],
    messages: new Map(),
    views: new Map(),
    homes: new Map(),
    files: new Map(),
    fileProcessingMs: options.fileProcessingMs ?? 0,
    takesCharts: options.takesCharts ?? true,
    requests,
    clock: options.clock,
    wallNow: options.wallNow,
    nextTs: createTimestamps(options.wallNow),
    notify: (change) => {
      if (change.kind === "request" && requests.push(change.request) > KEPT_REQUESTS) requests.shift();
      for (const listener of listeners) listener(change);
    },
    onChange: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}

/** What a message shows now. */
export function latest(message: Message): Version {
  const version = message.versions.at(-1);
  if (!version) throw new Error(`Message "${message.ts}" has no version`);
  return version;
}

/** Stores or replaces a message and tells those who watch. */
export function putMessage(workspace: Workspace, message: Message): void {
  workspace.messages.set(`${message.channel}/${message.ts}`, message);
  workspace.notify({ kind: "message", channel: message.channel, ts: message.ts });
}

/** The message at a ts, also an ephemeral one. */
export function findMessage(workspace: Workspace, channel: string, ts: string): Message | undefined {
  return workspace.messages.get(`${channel}/${ts}`);
}

/** Takes a message away for good. */
export function removeMessage(workspace: Workspace, message: Message): void {
  workspace.messages.delete(`${message.channel}/${message.ts}`);
  workspace.notify({ kind: "deleted", channel: message.channel, ts: message.ts });
}

/** Messages of a channel by ts, without those that only one person sees. */
export function messagesOf(workspace: Workspace, channel: string): Message[] {
  return [...workspace.messages.values()]
    .filter((message) => message.channel === channel && message.ephemeralFor === undefined)
    .sort((a, b) => compareTs(a.ts, b.ts));
}

/** Compares two ts; all have six digits after the point. */
export function compareTs(a: string, b: string): number {
  return Number(a.replace(".", "")) - Number(b.replace(".", ""));
}

/** Stores or replaces a modal and tells those who watch. */
export function putView(workspace: Workspace, view: View): void {
  workspace.views.set(view.id, view);
  workspace.notify({ kind: "view", id: view.id });
}

/** Who is in a channel; everyone, where the channel does not say. */
export function membersOf(workspace: Workspace, channel: SlackChannel): readonly string[] {
  return channel.members ?? [...workspace.users.keys()];
}

/** The app's direct conversation with a user; made when it is not there yet. */
export function directOf(workspace: Workspace, user: SlackUser): SlackChannel {
  const id = `D${user.id.slice(1)}`;
  const known = workspace.channels.get(id);
  if (known) return known;
  const channel = { id, name: user.name, members: [user.id, workspace.app.botUser], isPrivate: true };
  putChannel(workspace, channel);
  return channel;
}

/** Stores or replaces a channel and tells those who watch. */
function putChannel(workspace: Workspace, channel: SlackChannel): void {
  workspace.channels.set(channel.id, channel);
  workspace.notify({ kind: "channel", id: channel.id });
}

/** Changes a channel: archived or not, and with or without the app's bot. */
export function changeChannel(
  workspace: Workspace,
  id: string,
  change: { archived?: boolean; bot?: "removed" | "invited" },
): void {
  const channel = workspace.channels.get(id);
  if (!channel) throw new Error(`Cannot change the channel "${id}": it is not in this workspace`);
  const bot = workspace.app.botUser;
  const others = membersOf(workspace, channel).filter((member) => member !== bot);
  const members = change.bot && { members: change.bot === "removed" ? others : [...others, bot] };
  putChannel(workspace, { ...channel, isArchived: change.archived ?? channel.isArchived ?? false, ...members });
}
