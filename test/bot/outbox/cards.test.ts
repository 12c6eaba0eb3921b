import { CHANNEL, type Stage, startStage } from "#test/bot/bot-app.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Block } from "#bot/blocks.ts";
import { fitCard } from "#bot/limits/card.ts";
import { refuseBlocks } from "#sim/slack/blocks/validate.ts";
import { silentLog } from "#lib/log.ts";

let stage: Stage;
beforeEach(async () => void (stage = await startStage({ log: silentLog })));
afterEach(() => stage[Symbol.asyncDispose]());

const section = (text: string, more: object = {}): Block => ({ type: "section", text: { type: "mrkdwn", text }, ...more });
const picture: Block = { type: "image", image_url: "https://example.com/a.png", alt_text: "75 replicas" };
const say = async (blocks: Block[]) => {
  await stage.store.say({ about: "inc", part: "headline", channel: CHANNEL, card: { text: "plain words", blocks } });
  await stage.quiet();
};
const seen = () => stage.slack.messages(CHANNEL).map(({ versions }) => versions.at(-1));
const types = () => seen()[0]?.blocks.map(({ type }) => type);
const refuseOnce = (times: number) =>
  stage.slack.inject({ kind: "refusal", method: "chat.postMessage", error: "invalid_blocks", times });

describe("a card that Slack refuses", () => {
  test("is sent again without what it can do without", async () => {
    refuseOnce(1);
    await say([section("what is going on"), picture, section("a chart in words", { block_id: "optional/chart" })]);
    expect(types()).toEqual(["section"]);
    expect(seen()).toHaveLength(1);
  });

  test("and then again as its text alone", async () => {
    refuseOnce(2);
    await say([section("what is going on"), picture]);
    expect(seen().map((version) => [version?.text, version?.blocks])).toEqual([["plain words", []]]);
  });
});

describe("a card beyond Slack's limits", () => {
  test("arrives cut: its texts end in …, its buttons stay", async () => {
    const buttons = {
      type: "actions",
      elements: [{ type: "button", text: { type: "plain_text", text: "x".repeat(80) }, action_id: "a" }],
    };
    await say([section("y".repeat(4_000)), buttons as Block]);
    expect(types()).toEqual(["section", "actions"]);
    expect(stage.slack.requests.filter(({ error }) => error !== undefined)).toEqual([]);
  });

  test("loses optional blocks first, then the ends of its longest texts", () => {
    const blocks = [section("a".repeat(2_900)), picture, ...["b", "c", "d", "e"].map((sign) => section(sign.repeat(2_900)))];
    const { card } = fitCard({ text: "x", blocks });
    expect(refuseBlocks(card.blocks)).toBeUndefined();
    expect(card.blocks.map(({ type }) => type)).toEqual(["section", "section", "section", "section", "section"]);
    expect(JSON.stringify(card.blocks).length).toBeGreaterThan(10_000);
  });

  test("never ends within a link, a mention or an entity", () => {
    for (let length = 2_950; length < 3_010; length += 1) {
      const text = `${"x".repeat(length)}<https://example.com/a?b=c|to &lt;the&gt; diff> and <@U0NINA>${"y".repeat(100)}`;
      const [block] = fitCard({ text: "x", blocks: [section(text)] }).card.blocks;
      const cut = (block as { text: { text: string } }).text.text;
      expect(cut.length).toBeLessThanOrEqual(3_000);
      expect(cut.replaceAll(/<[^<>]*>/g, "")).not.toMatch(/[<>]/);
      expect(cut.replaceAll(/&(amp|lt|gt);/g, "")).not.toContain("&");
    }
  });

  test("of its tables and charts one and two stay", () => {
    const shares = { type: "pie", segments: [{ label: "a", value: 1 }] };
    const chart = (id: number) =>
      ({ type: "data_visualization", block_id: String(id), title: "x", chart: shares }) as unknown as Block;
    const table = (id: number) => ({ type: "table", block_id: `t${id}` }) as unknown as Block;
    const { card, problems } = fitCard({ text: "x", blocks: [table(1), table(2), chart(1), chart(2), chart(3)] });
    expect(card.blocks.map(({ block_id: id }) => id)).toEqual(["t1", "1", "2"]);
    expect(problems).toHaveLength(2);
  });
});
