import { latest } from "#sim/slack/workspace.ts";
import type { Json, LocalSlack, Message, SlackUser, View } from "./slack.ts";

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
}

/** An open modal as the page needs it. */
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
  readonly botUser: string;
  readonly users: readonly SlackUser[];
  readonly personas: readonly Persona[];
  readonly channels: readonly { readonly id: string; readonly name: string; readonly topic?: string }[];
  readonly acts: readonly { readonly id: string; readonly label: string; readonly hint?: string }[];
  readonly messages: readonly PageMessage[];
  readonly views: readonly PageView[];
}

/** Reads the page's state out of a local Slack. */
export function pageState(slack: LocalSlack, fixed: Pick<PageState, "title" | "howTo" | "acts" | "personas">): PageState {
  return {
    ...fixed,
    botUser: slack.botUser,
    users: slack.users,
    channels: slack.channels.map(({ id, name, topic }) => ({ id, name, ...(topic ? { topic } : {}) })),
    messages: slack.channels.flatMap((channel) => slack.messages(channel.id)).map(toPageMessage),
    views: slack.views.filter((view) => view.open).map(toPageView),
  };
}

function toPageMessage(message: Message): PageMessage {
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
  };
}

function toPageView({ id, user, hash, view, errors }: View): PageView {
  return { id, user, hash, view, errors };
}
