import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LocalSlack } from "#sim/slack/local-slack.ts";
import { aSlack, BOT_TOKEN, CHANNEL, NINA, startBolt } from "./bolt-app.ts";

let slack: LocalSlack;
let stack: AsyncDisposableStack;
let urls: string[];

beforeEach(async () => {
  urls = [];
  stack = new AsyncDisposableStack();
  slack = stack.use(await aSlack());
  stack.use(
    await startBolt(slack, (app) => {
      app.command("/k8s-why", async ({ ack, command }) => {
        urls.push(command.response_url);
        await ack();
      });
      app.action("press", async ({ ack, body }) => {
        urls.push((body as { response_url: string }).response_url);
        await ack();
      });
    }),
  );
});
afterEach(async () => await stack.disposeAsync());

async function answer(url: string | undefined, body: object): Promise<{ status: number; text: string }> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url!, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
}

async function pressedMessage(): Promise<string> {
  const button = { type: "button", action_id: "press", text: { type: "plain_text", text: "Press" } };
  const body = JSON.stringify({ channel: CHANNEL, text: "before", blocks: [{ type: "actions", elements: [button] }] });
  const headers = { authorization: `Bearer ${BOT_TOKEN}`, "content-type": "application/json" };
  const { ts } = (await (await fetch(`${slack.apiUrl}chat.postMessage`, { method: "POST", headers, body })).json()) as {
    ts: string;
  };
  await slack.pressButton({ user: NINA.id, message: { channel: CHANNEL, ts }, actionId: "press" });
  return ts;
}

describe("a response_url", () => {
  it("answers five times and no more", async () => {
    await slack.slashCommand({ user: NINA.id, command: "/k8s-why" });

    const statuses = [];
    for (let use = 0; use < 6; use += 1) statuses.push((await answer(urls[0], { text: "hello" })).status);

    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    expect(slack.messages(CHANNEL)).toHaveLength(5);
  });

  it("answers to one person, or to the channel when asked", async () => {
    await slack.slashCommand({ user: NINA.id, command: "/k8s-why" });
    await answer(urls[0], { text: "for you" });
    await answer(urls[0], { text: "for all", response_type: "in_channel" });

    expect(slack.messages(CHANNEL).map(({ ephemeralFor }) => ephemeralFor)).toEqual([NINA.id, undefined]);
  });

  it("replaces or deletes the message that was pressed", async () => {
    const ts = await pressedMessage();
    await answer(urls[0], { text: "after", replace_original: true });
    expect(slack.messages(CHANNEL)).toMatchObject([{ ts, versions: [{ text: "before" }, { text: "after", blocks: [] }] }]);

    await answer(urls[0], { delete_original: true });
    expect(slack.messages(CHANNEL)).toEqual([]);
  });

  it("refuses blocks out of bounds", async () => {
    await slack.slashCommand({ user: NINA.id, command: "/k8s-why" });

    const refused = await answer(urls[0], { blocks: [{ type: "header", text: { type: "plain_text", text: "x".repeat(151) } }] });

    expect(refused).toMatchObject({ status: 400, text: expect.stringContaining("invalid_blocks") });
  });
});
