import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import type { Block } from "#bot/blocks.ts";
import { fitCard } from "#bot/limits/card.ts";
import { fitView } from "#bot/limits/view.ts";
import { refuseBlocks, refuseView } from "#sim/slack/blocks/validate.ts";

// Two validators that share no line: ours, which cuts, and local Slack's, which refuses. Lengths are drawn around the limits.

const around = (...limits: number[]) =>
  fc.oneof(
    ...limits.map((limit) => fc.integer({ min: Math.max(0, limit - 1), max: limit + 1 })),
    fc.integer({ min: 1, max: 20 }),
  );
const words = (...limits: number[]) => around(...limits).map((length) => "x".repeat(length));
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined, freq: 3 });
const record = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(fields).map((made) => Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)));
const is = fc.constant;

const plain = (max: number) =>
  record({ type: fc.constantFrom("plain_text", "plain_text", "plain_text", "mrkdwn"), text: words(max) });
const text = (max: number) => record({ type: fc.constantFrom("plain_text", "mrkdwn"), text: words(max) });
const url = maybe(words(3_000));
const option = record({ text: text(75), value: words(150), description: maybe(text(75)) });
const options = (max: number) =>
  fc.oneof(
    fc.array(option, { maxLength: 3 }),
    around(max).map((length) =>
      Array.from({ length }, (_, index) => ({ text: { type: "plain_text", text: "x" }, value: String(index) })),
    ),
  );
const actionId = maybe(fc.oneof(words(255), fc.string({ minLength: 1, maxLength: 8 })));
const confirm = maybe(record({ title: plain(100), text: text(300), confirm: plain(30), deny: plain(30) }));
const style = maybe(fc.constantFrom("primary", "danger", "warning"));
const button = record({
  type: is("button"),
  text: plain(75),
  action_id: actionId,
  value: maybe(words(2_000)),
  url,
  style,
  confirm,
});
const checkboxes = record({ type: is("checkboxes"), action_id: actionId, options: options(10) });
const overflow = record({ type: is("overflow"), action_id: actionId, options: options(5) });
const select = fc
  .tuple(
    record({ type: is("static_select"), action_id: actionId, placeholder: maybe(plain(150)), options: options(100) }),
    fc.integer({ min: 0, max: 3 }),
  )
  .map(([menu, chosen]) => ({
    ...menu,
    ...(chosen === 3
      ? {}
      : { initial_option: (menu["options"] as unknown[])[chosen] ?? { text: { type: "plain_text", text: "?" }, value: "?" } }),
  }));
const groups = record({
  type: is("static_select"),
  option_groups: fc.array(record({ label: plain(75), options: options(100) }), { minLength: 0, maxLength: 3 }),
});
const slackFile = maybe(fc.constantFrom({ id: "F0123456789" }, { id: "F0123456789" }, { id: "F1" }, { url: "https://x" }, {}));
const image = record({ type: is("image"), image_url: url, slack_file: slackFile, alt_text: maybe(words(2_000)) });
const element = fc.oneof(button, button, checkboxes, overflow, select, groups, record({ type: is("unheard_of") }));
const blockId = maybe(fc.oneof(words(255), fc.constantFrom("one", "two")));

const segment = record({ label: words(20), value: maybe(fc.constantFrom(1, 2.5, 1, 0, -1)) });
const pie = record({ type: is("pie"), segments: maybe(fc.array(segment, { maxLength: 7 })) });
/** Mostly as it should be: points of one series for the categories of another make most charts none. */
const lines = fc
  .tuple(around(20), around(6), fc.constantFrom("line", "bar", "area", "radar"), fc.integer({ min: 0, max: 9 }), maybe(words(50)))
  .map(([points, series, type, twist, x_label]) => {
    const categories = Array.from({ length: points }, (_, index) => (twist === 1 ? "same" : `c${index}`));
    const data = categories.slice(twist === 2 ? 1 : 0).map((label) => ({ label, value: twist === 3 ? "1" : 1 }));
    const names = Array.from({ length: series }, (_, index) => (twist === 4 ? "same" : `s${index}`));
    const all = names.map((name) => ({ name, data, ...(twist === 5 && { colour: "red" }) }));
    return { type, series: all, ...(twist !== 6 && { axis_config: { categories, ...(x_label !== undefined && { x_label }) } }) };
  });
const chart = fc.oneof(pie, lines, lines);

const block = fc.oneof(
  record({
    type: is("section"),
    block_id: blockId,
    text: maybe(text(3_000)),
    fields: maybe(fc.array(text(2_000), { maxLength: 12 })),
    accessory: maybe(fc.oneof(element, image)),
  }),
  record({ type: is("header"), block_id: blockId, text: maybe(plain(150)), colour: maybe(is("red")) }),
  record({ type: is("divider"), block_id: blockId }),
  record({ type: is("context"), elements: maybe(fc.array(fc.oneof(text(3_000), image), { maxLength: 12 })) }),
  record({ type: is("actions"), elements: maybe(fc.array(element, { maxLength: 27 })) }),
  record({
    type: is("image"),
    image_url: url,
    slack_file: slackFile,
    alt_text: maybe(words(2_000)),
    title: maybe(plain(2_000)),
  }),
  record({ type: is("markdown"), text: words(100) }),
  record({ type: is("rich_text"), elements: maybe(fc.array(is({ type: "rich_text_section", elements: [] }), { maxLength: 3 })) }),
  record({
    type: is("input"),
    label: maybe(plain(2_000)),
    element: maybe(
      fc.oneof(
        checkboxes,
        select,
        record({ type: is("plain_text_input"), initial_value: maybe(words(3_000)), placeholder: maybe(plain(150)) }),
      ),
    ),
  }),
  record({ type: is("data_visualization"), block_id: blockId, title: maybe(words(50)), chart: maybe(chart) }),
  record({ type: is("unheard_of") }),
);
const many = fc.oneof(
  fc.array(block, { maxLength: 8 }),
  around(50, 100).map((length) => Array.from({ length }, () => ({ type: "divider" }))),
);
const asBlocks = (blocks: readonly unknown[]) => blocks as Block[];

describe("our limits and local Slack's", () => {
  test("refuse the same blocks, and what ours have cut local Slack takes", () => {
    let refused = 0;
    fc.assert(
      fc.property(many, (blocks) => {
        const { card, problems } = fitCard({ text: "x", blocks: asBlocks(blocks) });
        const refusal = refuseBlocks(blocks);
        expect({ problems: problems.length > 0, blocks }).toEqual({ problems: refusal !== undefined, blocks });
        expect(refuseBlocks(card.blocks)).toBeUndefined();
        refused += refusal ? 1 : 0;
      }),
      { numRuns: 3_000, seed: 7 },
    );
    expect(refused).toBeGreaterThan(1_000);
    expect(refused).toBeLessThan(2_500);
  });

  test("refuse the same modals and homes, and what ours have cut local Slack takes", () => {
    const modal = record({
      type: is("modal"),
      title: plain(24),
      submit: maybe(plain(24)),
      close: maybe(plain(24)),
      private_metadata: maybe(words(3_000)),
      callback_id: maybe(words(255)),
      blocks: many.map((blocks) => blocks.filter(({ type }) => type !== "markdown")),
    });
    const home = record({
      type: is("home"),
      callback_id: maybe(words(255)),
      title: maybe(plain(24)),
      blocks: modal.map(({ blocks }) => blocks),
    });
    fc.assert(
      fc.property(fc.oneof(modal, modal, home), (view) => {
        const type = view["type"] === "home" ? "home" : "modal";
        const { view: fit, problems } = fitView(view as unknown as Parameters<typeof fitView>[0]);
        expect({ problems: problems.length > 0, view }).toEqual({ problems: refuseView(view, type) !== undefined, view });
        // Without a title there is no modal.
        if (problems.length > 0 && fit === (view as unknown)) return;
        expect(refuseView(fit, type)).toBeUndefined();
      }),
      { numRuns: 1_500, seed: 7 },
    );
  });
});
