import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LocalSlack } from "#sim/slack/local-slack.ts";
import { aSlack, CHANNEL, NINA, SIGNING_SECRET, startBolt } from "./bolt-app.ts";

let slack: LocalSlack;
let heard: Record<string, unknown>[];
let stack: AsyncDisposableStack;

const button = { type: "button", action_id: "step:cap", value: "one", text: { type: "plain_text", text: "Cap" } } as const;
const title = { type: "plain_text", text: "Cap" } as const;
const line = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } }) as const;

beforeEach(async () => {
  heard = [];
  stack = new AsyncDisposableStack();
  slack = stack.use(await aSlack());
  stack.use(
    await startBolt(slack, (app) => {
      app.action("step:cap", async ({ ack, body, client }) => {
        await ack();
        heard.push(body as never);
        const opened = await client.views.open({
          trigger_id: (body as { trigger_id: string }).trigger_id,
          view: { type: "modal", callback_id: "step", title, blocks: [line("Loading")] },
        });
        const block = {
          type: "input",
          block_id: "migrations",
          label: title,
          element: { type: "checkboxes", action_id: "confirmed", options: [{ text: title, value: "yes" }] },
        } as const;
        await client.views.update({
          view_id: opened.view!.id!,
          hash: opened.view!.hash,
          view: {
            type: "modal",
            callback_id: "step",
            title,
            submit: title,
            private_metadata: "{}",
            blocks: [line("4,000 to 95"), block],
          },
        });
      });
      app.view("step", async ({ ack, body, view }) => {
        heard.push({ ...body, values: view.state.values });
        await ack({ response_action: "update", view: { type: "modal", title, blocks: [line("On its way")] } });
      });
      app.command("/k8s-why", async ({ ack, command, respond }) => {
        heard.push({ ...command });
        await ack(`You asked about ${command.text}`);
        await respond({ text: "And later more", response_type: "ephemeral" });
      });
      app.event("app_mention", async ({ event, say, body, context }) => {
        heard.push({ ...body, retry: context.retryNum });
        await say({ text: "Here I am", thread_ts: event.ts });
      });
    }),
  );
});

afterEach(async () => await stack.disposeAsync());

async function aHeadline(): Promise<{ channel: string; ts: string }> {
  const answer = await call("chat.postMessage", {
    channel: CHANNEL,
    text: "Runaway",
    blocks: [line("Runaway"), { type: "actions", elements: [button] }],
  });
  return { channel: CHANNEL, ts: String(answer.ts) };
}

async function call(method: string, args: object): Promise<Record<string, unknown>> {
  const headers = { authorization: "Bearer xoxb-local", "content-type": "application/json" };
  const response = await fetch(slack.apiUrl + method, { method: "POST", headers, body: JSON.stringify(args) });
  return (await response.json()) as Record<string, unknown>;
}

describe("a press", () => {
  it("reaches Bolt, opens a modal, fills it, and its submission shows the closing text", async () => {
    const message = await aHeadline();

    const pressed = await slack.pressButton({ user: NINA.id, message, actionId: "step:cap" });
    await expect.poll(() => slack.views[0]?.view.submit).toBeTruthy();
    const view = slack.views[0]!.id;
    const early = await slack.submitView({ user: NINA.id, view });
    const late = await slack.submitView({ user: NINA.id, view, values: { migrations: { confirmed: ["yes"] } } });

    expect(pressed).toMatchObject({ ok: true, status: 200 });
    expect(heard[0]).toMatchObject({
      type: "block_actions",
      user: { id: NINA.id },
      container: { message_ts: message.ts },
      actions: [{ action_id: "step:cap", value: "one" }],
    });
    expect(early).toMatchObject({ kind: "errors", errors: { migrations: expect.any(String) } });
    expect(late.kind).toBe("updated");
    expect(heard[1]).toMatchObject({ values: { migrations: { confirmed: { selected_options: [{ value: "yes" }] } } } });
    expect(slack.views[0]).toMatchObject({ open: true, view: { blocks: [{ text: { text: "On its way" } }] } });
    expect(slack.views[0]!.earlier).toHaveLength(2);
  });

  it("of a button that is not there is an error of the test, not a request", async () => {
    const message = await aHeadline();

    await expect(slack.pressButton({ user: NINA.id, message, actionId: "step:none" })).rejects.toThrow("no such button");
  });

  it("that is signed with another secret or more than five minutes old is refused", async () => {
    const message = await aHeadline();

    const forged = await slack.pressButton({ user: NINA.id, message, actionId: "step:cap", signingSecret: "another" });
    const stale = await slack.pressButton({ user: NINA.id, message, actionId: "step:cap", signedAt: Date.now() - 301_000 });
    const recent = await slack.pressButton({ user: NINA.id, message, actionId: "step:cap", signedAt: Date.now() - 200_000 });

    expect([forged.status, stale.status, recent.status]).toEqual([401, 401, 200]);
    expect(SIGNING_SECRET).not.toBe("another");
  });
});

describe("a slash command", () => {
  it("shows its immediate answer and what comes by response_url to nobody else", async () => {
    const answer = await slack.slashCommand({ user: NINA.id, command: "/k8s-why", text: "api" });
    await expect.poll(() => slack.messages(CHANNEL).length).toBe(2);

    expect(answer.text).toBe("You asked about api");
    expect(slack.messages(CHANNEL).map((message) => [message.ephemeralFor, message.versions[0]!.text])).toEqual([
      [NINA.id, "You asked about api"],
      [NINA.id, "And later more"],
    ]);
  });
});

describe("an event", () => {
  it("comes when the bot is mentioned, and a repeat says that it is one", async () => {
    const { message } = await slack.say({ user: NINA.id, channel: CHANNEL, text: `<@${slack.botUser}> hello` });
    await expect.poll(() => slack.messages(CHANNEL).length).toBe(2);
    const event = { type: "app_mention", user: NINA.id, text: "again", ts: message.ts, channel: CHANNEL };
    const repeat = await slack.event({ event, eventId: "Ev1", retry: { num: 1, reason: "http_timeout" } });

    expect(repeat).toMatchObject({ ok: true, eventId: "Ev1" });
    expect(slack.messages(CHANNEL)[1]).toMatchObject({ threadTs: message.ts, user: slack.botUser });
    await expect.poll(() => heard[1]).toMatchObject({ event_id: "Ev1", retry: 1 });
  });
});
