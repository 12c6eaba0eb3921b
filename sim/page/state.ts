import { latest } from "#sim/slack/workspace.ts";
import { toPageFile } from "./files.ts";
import type { Json, LocalSlack, Message, SlackChannel, SlackUser, View } from "./slack.ts";

/** One number or word of the strip at the top. */
interface Fact {
  readonly label: string;
  readonly value: string;
  readonly tone?: "calm" | "warn" | "bad";
}

/** What the strip at the top shows. */
export interface PageFacts {
  /** Time of the story's clock, in ms. */
  readonly clockAt: number;
  readonly items: readonly Fact[];
}

/** Something a person does outside Slack. */
export interface ConsoleAct {
  readonly id: string;
  readonly label: string;
  /** One sentence under the button. */
  readonly hint?: string;
  /** May answer with a sentence to show. */
  run(): Promise<string | void> | string | void;
}

/** Somebody whom a person at the page may be. */
export interface Persona {
  /** Slack user id. */
  readonly user: string;
  /** A few words: "on call". */
  readonly role: string;
}

/** Something in the menu of a message, or of the workspace. */
export interface Shortcut {
  readonly type: "message" | "global";
  readonly name: string;
  readonly callbackId: string;
}

/** What can be typed after a slash. */
export interface Usage {
  /** `/k8s-why expect <workload> off`. */
  readonly type: string;
  readonly does: string;
}

/** A file as the page needs it; its bytes are at `/files/<id>`. */
export interface PageFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly size: number;
  readonly kind: "picture" | "text" | "other";
  readonly altText?: string;
  /** The beginning of a text. */
  readonly beginning?: string;
}

/** A message as the page needs it. */
export interface PageMessage {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs?: string;
  readonly user: string;
  readonly ephemeralFor?: string;
  /** Clock time of the post and of the last change, in ms. */
  readonly at: number;
  readonly changedAt: number;
  readonly edited: boolean;
  readonly text: string;
  readonly blocks: readonly Json[];
  readonly reactions: Message["reactions"];
  readonly broadcast: boolean;
  readonly files: readonly PageFile[];
}

/** A channel or a direct conversation with the app. */
export interface PageChannel {
  readonly id: string;
  readonly name: string;
  readonly topic?: string;
  /** Who is in it; everybody when left out. */
  readonly members?: readonly string[];
  readonly isArchived: boolean;
}

/** An open modal, or the app's page, as the page needs it. */
export interface PageView {
  readonly id: string;
  readonly user: string;
  readonly hash: string;
  readonly view: Json;
  readonly errors: Readonly<Record<string, string>>;
}

/** Everything that the page shows, but the facts. */
export interface PageState {
  readonly title: string;
  readonly howTo: readonly string[];
  /** What the address of each of its messages begins with. */
  readonly workspaceUrl: string;
  readonly botUser: string;
  readonly users: readonly SlackUser[];
  readonly userGroups: readonly { readonly id: string; readonly handle: string }[];
  readonly personas: readonly Persona[];
  readonly channels: readonly PageChannel[];
  readonly acts: readonly { readonly id: string; readonly label: string; readonly hint?: string }[];
  readonly messages: readonly PageMessage[];
  readonly views: readonly PageView[];
  /** What the app's page shows, by user. */
  readonly homes: Readonly<Record<string, PageView>>;
  readonly shortcuts: readonly Shortcut[];
  readonly usages: readonly Usage[];
  /** Nobody can write to the app itself. */
  readonly isAppReadOnly: boolean;
}

/** What of the page's state does not come from Slack. */
export type Fixed = Pick<PageState, "title" | "howTo" | "acts" | "personas" | "shortcuts" | "usages" | "isAppReadOnly">;

/** Reads the page's state out of a local Slack. */
export function pageState(slack: LocalSlack, fixed: Fixed): PageState {
  return {
    ...fixed,
    workspaceUrl: slack.url,
    botUser: slack.botUser,
    users: slack.users,
    userGroups: slack.userGroups.map(({ id, handle }) => ({ id, handle })),
    channels: slack.channels.map(toPageChannel),
    messages: slack.channels.flatMap((channel) => slack.messages(channel.id)).map((message) => toPageMessage(slack, message)),
    views: slack.views.filter((view) => view.open).map(toPageView),
    homes: Object.fromEntries(
      slack.users.flatMap(({ id }) => [slack.home(id) ?? []].flat().map((view) => [id, toPageView(view)])),
    ),
  };
}

function toPageChannel({ id, name, topic, members, isArchived = false }: SlackChannel): PageChannel {
  return { id, name, isArchived, ...(topic ? { topic } : {}), ...(members ? { members } : {}) };
}

function toPageMessage(slack: LocalSlack, message: Message): PageMessage {
  const { channel, ts, threadTs, user, ephemeralFor, reactions, broadcast = false } = message;
  const last = latest(message);
  return {
    channel,
    ts,
    user,
    reactions,
    broadcast,
    ...(threadTs ? { threadTs } : {}),
    ...(ephemeralFor ? { ephemeralFor } : {}),
    at: (message.versions[0] ?? last).clockAt,
    changedAt: last.clockAt,
    edited: message.edited !== undefined,
    text: last.text,
    blocks: last.blocks,
    files: (message.files ?? []).flatMap((id) => [slack.file(id) ?? []].flat()).map(toPageFile),
  };
}

function toPageView({ id, user, hash, view, errors }: View): PageView {
  return { id, user, hash, view, errors };
}
