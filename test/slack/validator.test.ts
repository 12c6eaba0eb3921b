import { describe, expect, it } from "vitest";
import { refuseBlocks, refuseView } from "#sim/slack/blocks/validate.ts";

const plain = (length: number) => ({ type: "plain_text", text: "x".repeat(length) });
const mrkdwn = (length: number) => ({ type: "mrkdwn", text: "x".repeat(length) });
const section = (length: number) => ({ type: "section", text: mrkdwn(length) });
const button = (more: object = {}) => ({ type: "button", text: plain(5), action_id: "a", ...more });
const actions = (...elements: object[]) => ({ type: "actions", elements });
const option = (more: object = {}) => ({ text: plain(5), value: "v", ...more });
const table = (rows: number, cells: number) => ({
  type: "table",
  column_settings: [{ align: "right", is_wrapped: true }],
  rows: many(rows, () => many(cells, () => ({ type: "raw_text", text: "x" }))),
});
const modal = (more: object = {}) => ({ type: "modal", title: plain(24), blocks: [section(10)], ...more });
const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
const element = { type: "plain_text_input", action_id: "a" };
const chart = (more: object = {}) => ({ ...lines({}), ...more });
const pie = (segments: number, value = 1) => ({
  type: "data_visualization",
  title: "Shares",
  chart: { type: "pie", segments: many(segments, (i) => ({ label: `s${i}`, value })) },
});

/** A chart of some series over some points; `left` of them have no value. */
function lines({ type = "line", series = 1, points = 2, name = "n", left = 0 }) {
  const categories = many(points, (i) => `c${i}`);
  const data = categories.slice(left).map((label) => ({ label, value: 1 }));
  return {
    type: "data_visualization",
    title: "Replicas",
    chart: { type, series: many(series, (i) => ({ name: i === 0 ? name : `${name}${i}`, data })), axis_config: { categories } },
  };
}

describe("blocks of a message", () => {
  it.each([
    ["50 blocks", many(50, () => section(10)), many(51, () => section(10))],
    ["3,000 characters in a section", [section(3000)], [section(3001)]],
    ["a section with text", [section(1)], [{ type: "section" }]],
    ["text that is not empty", [section(1)], [section(0)]],
    ["150 characters in a header", [{ type: "header", text: plain(150) }], [{ type: "header", text: plain(151) }]],
    ["plain text in a header", [{ type: "header", text: plain(1) }], [{ type: "header", text: mrkdwn(1) }]],
    [
      "10 fields",
      [{ type: "section", fields: many(10, () => mrkdwn(9)) }],
      [{ type: "section", fields: many(11, () => mrkdwn(9)) }],
    ],
    ["2,000 characters in a field", [{ type: "section", fields: [mrkdwn(2000)] }], [{ type: "section", fields: [mrkdwn(2001)] }]],
    [
      "10 elements in a context",
      [{ type: "context", elements: many(10, () => mrkdwn(9)) }],
      [{ type: "context", elements: many(11, () => mrkdwn(9)) }],
    ],
    [
      "25 elements in actions",
      [actions(...many(25, (i) => button({ action_id: `a${i}` })))],
      [actions(...many(26, (i) => button({ action_id: `a${i}` })))],
    ],
    ["100 rows in a table", [table(100, 20)], [table(101, 1)]],
    ["20 cells in a row of a table", [table(1, 20)], [table(1, 21)]],
    ["cells of a table that are not empty", [table(1, 1)], [{ type: "table", rows: [[{ type: "raw_text", text: "" }]] }]],
    ["one table", [table(1, 1)], [table(1, 1), table(1, 1)]],
    ["cells of raw text", [table(1, 1)], [{ type: "table", rows: [[{ type: "mrkdwn", text: "a" }]] }]],
    ["75 characters on a button", [actions(button({ text: plain(75) }))], [actions(button({ text: plain(76) }))]],
    ["2,000 characters of value", [actions(button({ value: "v".repeat(2000) }))], [actions(button({ value: "v".repeat(2001) }))]],
    [
      "255 characters of action_id",
      [actions(button({ action_id: "a".repeat(255) }))],
      [actions(button({ action_id: "a".repeat(256) }))],
    ],
    ["action_id once in a block", [actions(button(), button({ action_id: "b" }))], [actions(button(), button())]],
    [
      "block_id once",
      [
        { ...section(1), block_id: "a" },
        { ...section(1), block_id: "b" },
      ],
      [
        { ...section(1), block_id: "a" },
        { ...section(1), block_id: "a" },
      ],
    ],
    [
      "255 characters of block_id",
      [{ ...section(1), block_id: "b".repeat(255) }],
      [{ ...section(1), block_id: "b".repeat(256) }],
    ],
    ["known styles", [actions(button({ style: "danger" }))], [actions(button({ style: "warning" }))]],
    ["known fields", [actions(button())], [actions(button({ colour: "red" }))]],
    ["known blocks", [{ type: "divider" }], [{ type: "chart" }]],
    [
      "10 options of checkboxes",
      [actions({ type: "checkboxes", options: many(10, (i) => option({ value: `${i}` })) })],
      [actions({ type: "checkboxes", options: many(11, (i) => option({ value: `${i}` })) })],
    ],
    [
      "75 characters of an option",
      [actions({ type: "checkboxes", options: [option({ text: plain(75) })] })],
      [actions({ type: "checkboxes", options: [option({ text: plain(76) })] })],
    ],
    [
      "initial options that are offered",
      [actions({ type: "checkboxes", options: [option()], initial_options: [option()] })],
      [actions({ type: "checkboxes", options: [option()], initial_options: [option({ value: "w" })] })],
    ],
    [
      "alt text of an image",
      [{ type: "image", image_url: "https://x", alt_text: "x" }],
      [{ type: "image", image_url: "https://x" }],
    ],
    [
      "a file's id",
      [{ type: "image", slack_file: { id: "F012345678" }, alt_text: "x" }],
      [{ type: "image", slack_file: { id: "https://x" }, alt_text: "x" }],
    ],
    ["two charts", many(2, () => chart()), many(3, () => chart())],
    ["50 characters over a chart", [chart({ title: "t".repeat(50) })], [chart({ title: "t".repeat(51) })]],
    ["6 series", [lines({ series: 6 })], [lines({ series: 7 })]],
    ["20 points", [lines({ points: 20 })], [lines({ points: 21 })]],
    ["20 characters of a series' name", [lines({ name: "n".repeat(20) })], [lines({ name: "n".repeat(21) })]],
    ["a point for every category", [lines({})], [lines({ left: 1 })]],
    ["known charts", [lines({ type: "area" })], [lines({ type: "scatter" })]],
    ["6 segments", [pie(6)], [pie(7)]],
    ["segments above zero", [pie(1)], [pie(1, 0)]],
  ])("may have %s and no more", (_limit, good, bad) => {
    expect(refuseBlocks(good)).toBeUndefined();
    expect(refuseBlocks(bad)).toMatchObject({
      error: "invalid_blocks",
      messages: [expect.stringContaining("json-pointer:/blocks")],
    });
  });

  it("may have 13,200 characters over all blocks and no more", () => {
    expect(refuseBlocks(many(4, () => section(3000)))).toBeUndefined();
    expect(refuseBlocks(many(5, () => section(3000)))).toEqual({ error: "msg_blocks_too_long", messages: [] });
  });
});

describe("a modal", () => {
  const input = { type: "input", label: plain(5), element };

  it.each([
    ["24 characters of title", modal(), modal({ title: plain(25) })],
    ["24 characters on submit", modal({ submit: plain(24) }), modal({ submit: plain(25) })],
    ["24 characters on close", modal({ close: plain(24) }), modal({ close: plain(25) })],
    [
      "3,000 characters of private_metadata",
      modal({ private_metadata: "m".repeat(3000) }),
      modal({ private_metadata: "m".repeat(3001) }),
    ],
    ["255 characters of callback_id", modal({ callback_id: "c".repeat(255) }), modal({ callback_id: "c".repeat(256) })],
    ["100 blocks", modal({ blocks: many(100, () => section(1)) }), modal({ blocks: many(101, () => section(1)) })],
    ["inputs with a submit button", modal({ blocks: [input], submit: plain(3) }), modal({ blocks: [input] })],
  ])("may have %s and no more", (_limit, good, bad) => {
    expect(refuseView(good)).toBeUndefined();
    expect(refuseView(bad)).toMatchObject({
      error: "invalid_arguments",
      messages: [expect.stringContaining("json-pointer:/view")],
    });
  });
});

describe("a view of the app's page", () => {
  const home = (more: object = {}) => ({ type: "home", blocks: [section(10)], ...more });

  it.each([
    ["100 blocks", home({ blocks: many(100, () => section(1)) }), home({ blocks: many(101, () => section(1)) })],
    ["no title", home(), home({ title: plain(3) })],
    ["no chart", home(), home({ blocks: [chart()] })],
    ["inputs without a submit button", home({ blocks: [{ type: "input", label: plain(5), element }] }), modal()],
  ])("may have %s", (_what, good, bad) => {
    expect(refuseView(good, "home")).toBeUndefined();
    expect(refuseView(bad, "home")).toMatchObject({ error: "invalid_arguments" });
  });
});
