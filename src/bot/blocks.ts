import type { types } from "@slack/bolt";

export type Block = types.KnownBlock;
export type View = types.ModalView;
type Button = types.Button;

/** A message: blocks, and the text for notifications and screen readers. */
export interface Card {
  readonly text: string;
  readonly blocks: Block[];
}

/** mrkdwn; `verbatim` keeps Slack from turning plain `@here` or `#general` into mentions and links. */
export function mrkdwn(text: string): types.MrkdwnElement {
  return { type: "mrkdwn", text, verbatim: true };
}

export function plain(text: string): types.PlainTextElement {
  return { type: "plain_text", text, emoji: true };
}

export function section(text: string): Block {
  return { type: "section", text: mrkdwn(text) };
}

/** Short texts in two columns; Slack takes ten a section. */
export function columns(texts: readonly string[]): Block[] {
  return texts.length === 0 ? [] : [{ type: "section", fields: texts.slice(0, 10).map(mrkdwn) }];
}

export function context(text: string): Block {
  return { type: "context", elements: [mrkdwn(text)] };
}

export function header(text: string): Block {
  return { type: "header", text: plain(text) };
}

export function divider(): Block {
  return { type: "divider" };
}

export function buttons(elements: Button[]): Block[] {
  return elements.length === 0 ? [] : [{ type: "actions", elements }];
}

export function button(options: { text: string; actionId: string; value: string; primary: boolean }): Button {
  const base: Button = { type: "button", text: plain(options.text), action_id: options.actionId, value: options.value };
  return options.primary ? { ...base, style: "primary" } : base;
}
