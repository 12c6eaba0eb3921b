import type { types } from "@slack/bolt";

/** Slack's own chart, which @slack/types does not know yet: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block */
export interface ChartBlock {
  readonly type: "data_visualization";
  readonly block_id?: string;
  /** At most 50 characters. */
  readonly title: string;
  readonly chart: {
    readonly type: "line";
    /** At most 6; each has one point for every category. */
    readonly series: readonly {
      readonly name: string;
      readonly data: readonly { readonly label: string; readonly value: number }[];
    }[];
    readonly axis_config: { readonly categories: readonly string[]; readonly x_label: string; readonly y_label: string };
  };
}

export type Block = types.KnownBlock | ChartBlock;
export type View = types.ModalView;
export type HomeView = types.HomeView;

/** A message: blocks, and the text for notifications and screen readers. */
export interface Card {
  readonly text: string;
  readonly blocks: Block[];
  /** What stands in the place of Slack's own chart where the workspace does not take it. */
  readonly insteadOfChart?: Block[];
}

/** mrkdwn; `verbatim` keeps Slack from turning plain `@here` or `#general` into mentions and links. */
export function mrkdwn(text: string): types.MrkdwnElement {
  return { type: "mrkdwn", text, verbatim: true };
}

export function plain(text: string): types.PlainTextElement {
  return { type: "plain_text", text, emoji: true };
}

/** Always shown whole: without `expand` Slack may fold a text of some lines away behind "See more". */
export function section(text: string): Block {
  return { type: "section", text: mrkdwn(text), expand: true };
}

/** A long list to look something up in: Slack may fold it. */
export function foldable(text: string): Block {
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

/** What stands in a row of things to press. */
export type Element = types.Button | types.StaticSelect;

export function actions(elements: Element[]): Block[] {
  return elements.length === 0 ? [] : [{ type: "actions", elements }];
}

export function button(options: {
  text: string;
  actionId: string;
  value: string;
  style?: "primary" | "danger" | undefined;
}): types.Button {
  const base: types.Button = { type: "button", text: plain(options.text), action_id: options.actionId, value: options.value };
  return options.style === undefined ? base : { ...base, style: options.style };
}

interface Choice {
  readonly text: string;
  readonly value: string;
}

/** Texts are cut where Slack would refuse them. */
function option({ text, value }: Choice): types.PlainTextOption {
  return { text: { type: "plain_text", text: text.slice(0, 75) }, value };
}

/** A list to pick from, in groups; an empty group is left out. */
export function groupedSelect(options: {
  readonly actionId: string;
  readonly placeholder: string;
  readonly groups: readonly { readonly label: string; readonly options: readonly Choice[] }[];
}): types.StaticSelect {
  return {
    type: "static_select",
    action_id: options.actionId,
    placeholder: plain(options.placeholder),
    option_groups: options.groups
      .filter((group) => group.options.length > 0)
      .map((group) => ({ label: plain(group.label), options: group.options.slice(0, 100).map(option) })),
  };
}

/** A list under a label of which one is picked; picking another one is told at once. */
export function choiceOf(options: {
  readonly label: string;
  readonly actionId: string;
  readonly options: readonly Choice[];
  readonly chosen: string;
}): Block {
  const given = options.options.slice(0, 100).map(option);
  const initial = given.find(({ value }) => value === options.chosen);
  return {
    type: "section",
    block_id: options.actionId,
    text: mrkdwn(options.label),
    accessory: {
      type: "static_select",
      action_id: options.actionId,
      placeholder: plain("Choose"),
      options: given,
      ...(initial && { initial_option: initial }),
    },
  };
}
