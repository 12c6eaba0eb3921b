import { CHANNEL, NINA, SECRET, type Stage, startStage } from "./bot-app.ts";
import { NOON, aDiagnosis, aStep, anIncident } from "#test/builders.ts";
import { type Mock, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { signHeaders } from "#sim/slack/send/sign.ts";
import { silentLog } from "#lib/log.ts";

/** Whatever the program asks behind the mouth, no answer comes. */
const asked: Mock = vi.fn(() => new Promise<never>(() => {}));
const silent = (): never => new Proxy({}, { get: () => asked }) as never;

let stage: Stage;
beforeEach(async () => {
  asked.mockClear();
  // As long as the real Slack waits.
  const slack = { patienceMs: 3_000, triggerLifetimeMs: 3_000 };
  stage = await startStage({ press: silent, look: silent, report: silent, home: silent }, slack);
});
afterEach(() => stage[Symbol.asyncDispose]());

const suspects = anIncident({ status: "recovered", recoveredAt: NOON, diagnosis: aDiagnosis(), plan: [aStep()] });
const press = async (incident: typeof suspects, actionId: string) => {
  const { ts } = await stage.tell(incident);
  return stage.slack.pressButton({ user: NINA.id, message: { channel: CHANNEL, ts }, actionId });
};
/** A button of an answer, as it would stand there. */
const pressAnswer = async (actionId: string) => {
  const text = { type: "plain_text", text: "x" };
  const elements = [{ type: "button", action_id: actionId, value: JSON.stringify({ ask: "incidents" }), text }];
  const card = { text: "x", blocks: [{ type: "actions", elements }] };
  await stage.store.say({ about: "answer", part: "headline", channel: CHANNEL, card });
  await stage.quiet();
  const ts = stage.slack.messages(CHANNEL).at(-1)?.ts ?? "";
  return stage.slack.pressButton({ user: NINA.id, message: { channel: CHANNEL, ts }, actionId });
};

describe("Slack hears within three seconds, while nobody answers us", () => {
  test.each<[string, () => Promise<{ readonly status: number }>]>([
    ["a command", () => stage.slack.slashCommand({ user: NINA.id, command: "/k8s-why", text: "web", channel: CHANNEL })],
    ["a step's button", () => press(suspects, "step:cap")],
    ["a verdict", () => press(suspects, "verdict:right")],
    ["a choice of workloads", () => pressAnswer("ask:0")],
    ["Share to channel", () => pressAnswer("share")],
    ["the app's page", () => stage.slack.openHome({ user: NINA.id })],
    [
      "a mention",
      () =>
        stage.slack.event({
          event: { type: "app_mention", user: NINA.id, text: "why web", ts: "5.5", channel: CHANNEL, event_ts: "5.5" },
        }),
    ],
    [
      "Why? on a message",
      async () => {
        const { message } = await stage.slack.say({ user: NINA.id, channel: CHANNEL, text: "web is slow" });
        return stage.slack.messageShortcut({
          user: NINA.id,
          message: { channel: CHANNEL, ts: message.ts },
          callbackId: "why",
        });
      },
    ],
  ])("%s", async (_door, knock) => {
    expect((await knock()).status).toBe(200);
    // It was not merely ignored.
    await vi.waitFor(() => expect(asked).toHaveBeenCalled(), { timeout: 10_000 });
  });

  test("and a modal is there before anything else is asked: a trigger lives three seconds", async () => {
    const loading = vi.fn();
    asked.mockImplementationOnce(() => {
      loading(stage.slack.views.length);
      return new Promise<never>(() => {});
    });
    await press(suspects, "step:cap");
    await vi.waitFor(() => expect(loading).toHaveBeenCalledWith(1), { timeout: 10_000 });
    expect(JSON.stringify(stage.slack.views[0]?.view)).toContain("Loading");
  });
});

test("an answer that Slack refuses at its response_url comes as its text alone", async () => {
  await stage[Symbol.asyncDispose]();
  stage = await startStage({ log: silentLog });
  const heard: { readonly text?: string; readonly blocks?: unknown }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      heard.push(JSON.parse(body));
      response.writeHead(heard.length === 1 ? 400 : 200).end(heard.length === 1 ? "invalid_blocks" : "ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const form = {
    command: "/k8s-why",
    text: "incidents",
    user_id: NINA.id,
    channel_id: CHANNEL,
    team_id: "T1",
    trigger_id: "1.1.x",
    response_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  };
  const body = new URLSearchParams(form).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded", ...signHeaders(body, SECRET, Date.now()) };
  expect((await fetch(stage.url, { method: "POST", body, headers })).status).toBe(200);
  await vi.waitFor(() => expect(heard).toHaveLength(2), { timeout: 10_000 });
  server.close();
  expect(heard[0]?.blocks).toBeDefined();
  expect(heard[1]).toMatchObject({ response_type: "ephemeral", text: "No open incident." });
  expect(heard[1]?.blocks).toBeUndefined();
});
