import { WebClient } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LocalSlack } from "#sim/slack/local-slack.ts";
import { aSlack, BOT_TOKEN, CHANNEL, NINA, startBolt } from "./bolt-app.ts";
import { callOn } from "./call.ts";

let slack: LocalSlack;
let stack: AsyncDisposableStack;
const now = { wall: Date.UTC(2026, 0, 1), clock: 5_000 };
const metadata = { event_type: "k8s_why", event_payload: { incident: "i1", part: "headline" } };
const view = { type: "modal" as const, title: { type: "plain_text" as const, text: "T" }, blocks: [] };

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  slack = stack.use(await aSlack({ clock: { now: () => now.clock }, wallNow: () => now.wall, triggerLifetimeMs: 3000 }));
});
afterEach(async () => await stack.disposeAsync());

const call = (method: string, args: Record<string, unknown> = {}, token?: string) => callOn(slack, method, args, token);

describe("a call", () => {
  it.each([
    ["chat.postMessage", { channel: "C0NONE", text: "x" }, "channel_not_found"],
    ["chat.postMessage", { channel: CHANNEL }, "no_text"],
    ["chat.postMessage", { channel: CHANNEL, text: "x".repeat(40_001) }, "msg_too_long"],
    ["chat.postMessage", { channel: CHANNEL, text: "x", blocks: "no" }, "invalid_blocks_format"],
    ["chat.postMessage", { channel: CHANNEL, text: "x", blocks: [{ type: "none" }] }, "invalid_blocks"],
    ["chat.postMessage", { channel: CHANNEL, text: "x", metadata: { event_type: 1 } }, "invalid_metadata_schema"],
    ["chat.update", { channel: CHANNEL, ts: "1.000001", text: "x" }, "message_not_found"],
    ["chat.delete", { channel: CHANNEL, ts: "1.000001" }, "message_not_found"],
    ["chat.postEphemeral", { channel: CHANNEL, user: "U0NOBODY", text: "x" }, "user_not_found"],
    ["conversations.replies", { channel: CHANNEL, ts: "1.000001" }, "thread_not_found"],
    ["users.info", { user: "U0NOBODY" }, "user_not_found"],
    ["users.lookupByEmail", { email: "nobody@example.com" }, "users_not_found"],
    ["views.open", { trigger_id: "none", view }, "invalid_trigger_id"],
    ["views.update", { view_id: "V0", view }, "not_found"],
    ["views.open", { trigger_id: "none", view: { type: "modal" } }, "invalid_arguments"],
    ["no.such", {}, "unknown_method"],
  ])("%s %j is refused as Slack refuses it", async (method, args, error) => {
    expect(await call(method, args)).toMatchObject({ refused: error });
  });

  it("with no token or another one is refused", async () => {
    const response = await fetch(`${slack.apiUrl}auth.test`, { method: "POST" });

    expect(await response.json()).toMatchObject({ ok: false, error: "not_authed" });
    expect(await call("auth.test", {}, "xoxb-other")).toMatchObject({ refused: "invalid_auth" });
  });

  it("with blocks out of bounds says where", async () => {
    const blocks = [{ type: "section", text: { type: "mrkdwn", text: "x".repeat(3001) } }];

    const refusal = await call("chat.postMessage", { channel: CHANNEL, text: "x", blocks });

    expect(refusal.response_metadata.messages).toEqual([
      "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ]);
  });

  it("needs the scope that Slack needs", async () => {
    await using bare = await aSlack({ scopes: ["chat:write"] });
    const web = new WebClient(BOT_TOKEN, { slackApiUrl: bare.apiUrl });

    await expect(web.conversations.history({ channel: CHANNEL })).rejects.toMatchObject({
      data: { error: "missing_scope", needed: "channels:history" },
    });
  });

  it("can only change the bot's own messages", async () => {
    const { message } = await slack.say({ user: NINA.id, channel: CHANNEL, text: "hello" });

    expect(await call("chat.update", { channel: CHANNEL, ts: message.ts, text: "x" })).toMatchObject({
      refused: "cant_update_message",
    });
    expect(await call("chat.delete", { channel: CHANNEL, ts: message.ts })).toMatchObject({ refused: "cant_delete_message" });
  });
});

describe("messages", () => {
  it("keep every version with wall and clock time, and their metadata through an edit", async () => {
    const { ts } = await call("chat.postMessage", { channel: CHANNEL, text: "one", metadata });
    now.clock = 9_000;
    await call("chat.update", { channel: CHANNEL, ts, text: "two" });

    expect(slack.messages(CHANNEL)[0]!.versions).toMatchObject([
      { text: "one", wallAt: now.wall, clockAt: 5_000, metadata },
      { text: "two", wallAt: now.wall, clockAt: 9_000, metadata },
    ]);
    now.clock = 5_000;
  });

  it("are read back with metadata only when asked, newest first, without replies", async () => {
    const { ts } = await call("chat.postMessage", { channel: CHANNEL, text: "one", metadata });
    await call("chat.postMessage", { channel: CHANNEL, text: "reply", thread_ts: ts });
    await call("chat.postMessage", { channel: CHANNEL, text: "two" });

    const plainly = await call("conversations.history", { channel: CHANNEL });
    const fully = await call("conversations.history", {
      channel: CHANNEL,
      include_all_metadata: true,
      oldest: ts,
      inclusive: true,
    });
    const thread = await call("conversations.replies", { channel: CHANNEL, ts });

    expect(plainly.messages.map((each) => [each.text, each.metadata])).toEqual([
      ["two", undefined],
      ["one", undefined],
    ]);
    expect(fully.messages.at(-1)).toMatchObject({ text: "one", metadata, reply_count: 1 });
    expect(thread.messages.map((each) => each.text)).toEqual(["one", "reply"]);
  });

  it("come in pages", async () => {
    for (const text of ["a", "b", "c"]) await call("chat.postMessage", { channel: CHANNEL, text });

    const first = await call("conversations.history", { channel: CHANNEL, limit: 2 });
    const second = await call("conversations.history", {
      channel: CHANNEL,
      limit: 2,
      cursor: first.response_metadata.next_cursor,
    });

    expect([first.has_more, second.has_more]).toEqual([true, false]);
    expect([...first.messages, ...second.messages].map((each) => each.text)).toEqual(["c", "b", "a"]);
  });

  it("never share a ts, however fast they come", async () => {
    const posts = await Promise.all(
      Array.from({ length: 20 }, (_, index) => call("chat.postMessage", { channel: CHANNEL, text: `${index}` })),
    );

    expect(new Set(posts.map((post) => post.ts)).size).toBe(20);
  });
});

describe("a trigger", () => {
  it("opens one modal, within three seconds", async () => {
    const triggers: string[] = [];
    stack.use(
      await startBolt(slack, (app) =>
        app.command("/k8s-why", async ({ ack, command }) => (triggers.push(command.trigger_id), await ack())),
      ),
    );
    // Signed on the wall, so that Bolt takes it, while the workspace's clock stands still.
    const type = async () => await slack.slashCommand({ user: NINA.id, command: "/k8s-why", signedAt: Date.now() });
    await type();
    await type();

    expect(await call("views.open", { trigger_id: triggers[0], view })).toMatchObject({ ok: true, view: { type: "modal" } });
    expect(await call("views.open", { trigger_id: triggers[0], view })).toMatchObject({ refused: "exchanged_trigger_id" });
    now.wall += 3_001;
    expect(await call("views.open", { trigger_id: triggers[1], view })).toMatchObject({ refused: "expired_trigger_id" });
  });
});

describe("a fault", () => {
  it("limits the rate of one channel and method, as often as told", async () => {
    slack.inject({ kind: "rate-limit", method: "chat.postMessage", channel: CHANNEL, retryAfterSeconds: 7, times: 1 });

    const limited = await call("chat.postMessage", { channel: CHANNEL, text: "x" });
    const other = await call("auth.test");
    const later = await call("chat.postMessage", { channel: CHANNEL, text: "x" });

    expect(limited).toMatchObject({ refused: "slack_webapi_rate_limited_error", retryAfter: 7 });
    expect([other.ok, later.ok]).toEqual([true, true]);
  });

  it.each([
    [{ kind: "server-error", afterEffect: true } as const, 1],
    [{ kind: "server-error", afterEffect: false } as const, 0],
    [{ kind: "hang-up", afterEffect: true } as const, 1],
  ])("%j leaves %i messages", async (fault, left) => {
    slack.inject({ ...fault, times: 1 });

    const answer = await call("chat.postMessage", { channel: CHANNEL, text: "x" });

    expect(answer.ok).toBeUndefined();
    expect(slack.messages(CHANNEL)).toHaveLength(left);
  });

  it("stands in the log of requests", async () => {
    slack.inject({ kind: "refusal", error: "fatal_error", times: 1 });
    await call("auth.test");
    await call("auth.test");

    expect(slack.requests).toMatchObject([
      { method: "auth.test", error: "fatal_error", at: now.wall, clockAt: 5_000 },
      { method: "auth.test", status: 200 },
    ]);
  });
});
