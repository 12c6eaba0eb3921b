import type { Message, Version } from "#sim/slack/types.ts";

type Block = Readonly<Record<string, unknown>>;

export type State = "Open" | "Mitigated" | "Recovered" | "Settled";

/** A suspect as the headline names it. */
export interface NamedSuspect {
  readonly rank: number;
  readonly percent: number;
  /** Of the commit that it links to; absent for a rollout and for other changes. */
  readonly sha?: string;
  /** All that is said of it. */
  readonly text: string;
}

/** What a person reads in one version of a headline. */
export interface Headline {
  readonly suspects: readonly NamedSuspect[];
  readonly saysNoSuspect: boolean;
  readonly state?: State;
  /** What shows its course: Slack's own chart, or a picture. */
  readonly course: readonly ("chart" | "picture")[];
  /** Buttons that may be pressed. */
  readonly steps: readonly { readonly actionId: string; readonly value: string }[];
}

/** Headlines of a channel: messages whose metadata say so, outside threads; of those with a header, the ones about a service. */
export function findHeadlines(messages: readonly Message[], about?: { readonly name: string }): Message[] {
  const headlines = messages.filter((message) => !message.ephemeralFor && partOf(message) === "headline");
  return headlines.filter(({ versions }) => {
    const header = versions[0]?.blocks.find((block) => block["type"] === "header");
    return !about || !header || new RegExp(`(?<![a-z0-9-])${about.name}(?![a-z0-9-])`).test(textOf(header));
  });
}

/** The part that a message plays, as its first version's metadata say. */
function partOf(message: Message): string | undefined {
  const payload = message.versions.at(0)?.metadata?.["event_payload"] as Block | undefined;
  const part = payload?.["part"];
  return typeof part === "string" ? part : undefined;
}

/** Reads one version, from its blocks only. */
export function readHeadline(version: Pick<Version, "blocks">): Headline {
  const texts = version.blocks.filter((block) => block["type"] === "section").map((block) => withoutTitle(textOf(block)));
  const context = version.blocks
    .filter((block) => block["type"] === "context")
    .flatMap((block) => listOf(block["elements"]).map(textOf));
  const state = context
    .map((text) => /\*(Open|Mitigated|Recovered|Settled)\*/.exec(text)?.[1] as State | undefined)
    .find(Boolean);
  return {
    suspects: texts.flatMap(toSuspect),
    saysNoSuspect: texts.some((text) => /^\*No suspect\b/.test(text)),
    ...(state ? { state } : {}),
    course: version.blocks.flatMap(({ type }) =>
      type === "data_visualization" ? ["chart" as const] : type === "image" ? ["picture" as const] : [],
    ),
    steps: version.blocks
      .filter((block) => block["type"] === "actions")
      .flatMap((block) => listOf(block["elements"]).flatMap(toStep)),
  };
}

/** A section may begin with a title on a line of its own. */
function withoutTitle(text: string): string {
  return text.replace(/^\*What [a-z ]+\*\n/, "");
}

function toSuspect(text: string): NamedSuspect[] {
  const found = /^\*(\d+)\.\s*[<≈~]?\s*(\d+(?:\.\d+)?)\s*%\*/.exec(text);
  if (!found) return [];
  const sha = /<https?:\/\/[^|>]*\/commit\/([0-9a-f]{40})[|>]/.exec(text)?.[1];
  return [{ rank: Number(found[1]), percent: Number(found[2]), ...(sha ? { sha } : {}), text }];
}

function toStep(element: Block): { actionId: string; value: string }[] {
  const { action_id: actionId, value } = element;
  return typeof actionId === "string" && actionId.startsWith("step:")
    ? [{ actionId, value: typeof value === "string" ? value : "" }]
    : [];
}

function textOf(block: Block): string {
  const text = block["text"];
  if (typeof text === "string") return text;
  const inner = typeof text === "object" && text !== null ? (text as Block)["text"] : undefined;
  return typeof inner === "string" ? inner : "";
}

function listOf(value: unknown): Block[] {
  return Array.isArray(value) ? (value as Block[]) : [];
}
