import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { WebClient } from "@slack/web-api";
import { createEmulator } from "emulate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aSlack, BOT_TOKEN, NINA, quiet, startBolt, type ApiAnswer } from "./bolt-app.ts";

/** The same calls, by Slack's own client, against ours and against an independent Slack: what we rely on must look the same on both. */
interface Rival extends AsyncDisposable {
  readonly apiUrl: string;
  readonly channel: string;
  readonly person: { id: string; email: string };
  trigger(): Promise<string>;
}

const SCOPES = [
  "channels:history",
  "channels:read",
  "chat:write",
  "commands",
  "files:read",
  "files:write",
  "reactions:write",
  "users:read",
  "users:read.email",
];

async function ours(): Promise<Rival> {
  const stack = new AsyncDisposableStack();
  const slack = stack.use(await aSlack({ channels: [{ id: "C000000001", name: "general" }], scopes: SCOPES }));
  const triggers: string[] = [];
  stack.use(
    await startBolt(slack, (app) =>
      app.command("/k8s-why", async ({ ack, command }) => {
        triggers.push(command.trigger_id);
        await ack();
      }),
    ),
  );
  const trigger = async (): Promise<string> => {
    await slack.slashCommand({ user: NINA.id, command: "/k8s-why" });
    return triggers.at(-1)!;
  };
  return {
    apiUrl: slack.apiUrl,
    channel: "C000000001",
    person: NINA,
    trigger,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function emulated(): Promise<Rival> {
  const emulator = await createEmulator({
    service: "slack",
    port: await freePort(),
    seed: { tokens: { [BOT_TOKEN]: { login: "admin" } } },
  });
  const apiUrl = `${emulator.url}/api/`;
  const trigger = async (): Promise<string> => {
    const web = new WebClient(BOT_TOKEN, { slackApiUrl: apiUrl });
    return ((await web.apiCall("views.generateTriggerId", {})) as unknown as ApiAnswer).trigger_id;
  };
  const person = { id: "U000000001", email: "admin@emulate.dev" };
  return { apiUrl, channel: "C000000001", person, trigger, [Symbol.asyncDispose]: () => emulator.close() };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const metadata = { event_type: "k8s_why", event_payload: { incident: "i1", part: "headline" } };
const section = (text: string) => ({ type: "section", block_id: "one", text: { type: "mrkdwn", text } });
const view = (text: string) => ({
  type: "modal",
  callback_id: "step",
  private_metadata: "{}",
  title: { type: "plain_text", text: "Step" },
  blocks: [section(text)],
});
const TS = expect.stringMatching(/^\d{10}\.\d{6}$/u);

describe.each([
  ["ours", ours],
  ["emulate", emulated],
])("Slack, as %s has it,", (_name, start) => {
  let rival: Rival;
  beforeAll(async () => void (rival = await start()));
  afterAll(async () => await rival?.[Symbol.asyncDispose]());

  async function call(method: string, args: Record<string, unknown> = {}): Promise<ApiAnswer> {
    const web = new WebClient(BOT_TOKEN, { slackApiUrl: rival.apiUrl, retryConfig: { retries: 0 }, logger: quiet });
    return (await web.apiCall(method, args).catch((error) => error.data)) as ApiAnswer;
  }

  it("says who the token is", async () => {
    expect(await call("auth.test")).toMatchObject({
      ok: true,
      team_id: expect.stringMatching(/^T/u),
      user_id: expect.stringMatching(/^U/u),
      user: expect.any(String),
      url: expect.any(String),
    });
  });

  it("posts with blocks and metadata, and reads them back", async () => {
    const posted = await call("chat.postMessage", { channel: rival.channel, text: "one", blocks: [section("one")], metadata });
    const { messages } = await call("conversations.history", { channel: rival.channel, limit: 1, include_all_metadata: true });

    expect(posted).toMatchObject({
      ok: true,
      channel: rival.channel,
      ts: TS,
      message: { type: "message", text: "one", ts: posted.ts },
    });
    expect(messages).toMatchObject([
      { type: "message", user: expect.any(String), text: "one", ts: posted.ts, blocks: [section("one")], metadata },
    ]);
  });

  it("edits: blocks stay without text, and go with text alone", async () => {
    const { ts } = await call("chat.postMessage", { channel: rival.channel, text: "one", blocks: [section("one")], metadata });
    const edited = await call("chat.update", { channel: rival.channel, ts, text: "two", blocks: [section("two")] });
    await call("chat.update", { channel: rival.channel, ts, text: "three" });
    const { messages } = await call("conversations.history", {
      channel: rival.channel,
      latest: ts,
      inclusive: true,
      limit: 1,
      include_all_metadata: true,
    });

    expect(edited).toMatchObject({ ok: true, channel: rival.channel, ts, text: "two" });
    expect(messages[0]).toMatchObject({ text: "three", metadata });
    expect(messages[0]?.blocks ?? []).toEqual([]);
  });

  it("keeps a thread: parent first, replies by time, counted on the parent", async () => {
    const { ts } = await call("chat.postMessage", { channel: rival.channel, text: "parent" });
    const reply = await call("chat.postMessage", { channel: rival.channel, text: "reply", thread_ts: ts });
    const { messages } = await call("conversations.replies", { channel: rival.channel, ts });

    expect(messages).toMatchObject([
      { ts, text: "parent", reply_count: 1 },
      { ts: reply.ts, text: "reply", thread_ts: ts },
    ]);
  });

  it("deletes, links and reacts", async () => {
    const { ts } = await call("chat.postMessage", { channel: rival.channel, text: "gone soon" });

    expect(await call("chat.getPermalink", { channel: rival.channel, message_ts: ts })).toMatchObject({
      ok: true,
      permalink: expect.stringContaining(ts.replace(".", "")),
    });
    expect(await call("reactions.add", { channel: rival.channel, timestamp: ts, name: "eyes" })).toMatchObject({ ok: true });
    expect(await call("reactions.add", { channel: rival.channel, timestamp: ts, name: "eyes" })).toMatchObject({
      error: "already_reacted",
    });
    expect(await call("chat.delete", { channel: rival.channel, ts })).toMatchObject({ ok: true, ts, channel: rival.channel });
    expect(await call("chat.delete", { channel: rival.channel, ts })).toMatchObject({ ok: false, error: "message_not_found" });
  });

  it("speaks to one person only", async () => {
    const answer = await call("chat.postEphemeral", { channel: rival.channel, user: rival.person.id, text: "psst" });
    const { messages } = await call("conversations.history", { channel: rival.channel });

    expect(answer).toMatchObject({ ok: true, message_ts: TS });
    expect(messages.filter(({ text }) => text === "psst")).toEqual([]);
  });

  it("knows people and channels", async () => {
    const shape = {
      id: rival.person.id,
      name: expect.any(String),
      real_name: expect.any(String),
      is_bot: false,
      profile: { email: rival.person.email },
    };

    expect(await call("users.info", { user: rival.person.id })).toMatchObject({ ok: true, user: shape });
    expect(await call("users.lookupByEmail", { email: rival.person.email })).toMatchObject({ ok: true, user: shape });
    expect((await call("users.list")).members).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: rival.person.id })]),
    );
    expect(await call("conversations.info", { channel: rival.channel })).toMatchObject({
      channel: { id: rival.channel, name: "general", is_private: false },
    });
    expect((await call("conversations.members", { channel: rival.channel })).members).toContain(rival.person.id);
    expect((await call("conversations.list")).channels).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: rival.channel })]),
    );
  });

  it("takes a file in three steps and shares it", async () => {
    const bytes = Buffer.from("# Report");
    const { upload_url, file_id } = await call("files.getUploadURLExternal", { filename: "report.md", length: bytes.length });
    const sent = await fetch(upload_url, { method: "POST", body: new Uint8Array(bytes) });
    const files = [{ id: file_id, title: "Report" }];
    const done = await call("files.completeUploadExternal", { files, channel_id: rival.channel, initial_comment: "Here" });

    expect([file_id, sent.status]).toEqual([expect.stringMatching(/^F/u), 200]);
    expect(done).toMatchObject({ ok: true, files: [{ id: file_id, title: "Report" }] });
    const info = await call("files.info", { file: file_id });
    expect(info).toMatchObject({ file: { id: file_id, name: "report.md", title: "Report", size: bytes.length } });
    expect(await call("files.info", { file: "F0NOWHERE00" })).toMatchObject({ error: "file_not_found" });
  });

  it("publishes the app's page", async () => {
    const home = { type: "home", callback_id: "home", blocks: [section("hello")] };
    const published = await call("views.publish", { user_id: rival.person.id, view: home });

    expect(published).toMatchObject({ ok: true, view: { type: "home", callback_id: "home", blocks: [section("hello")] } });
  });

  it("opens a modal once and updates it by hash", async () => {
    const trigger_id = await rival.trigger();
    const opened = await call("views.open", { trigger_id, view: view("loading") });
    const again = await call("views.open", { trigger_id, view: view("loading") });
    const filled = await call("views.update", { view_id: opened.view.id, hash: opened.view.hash, view: view("filled") });
    const late = await call("views.update", { view_id: opened.view.id, hash: opened.view.hash, view: view("late") });

    const shape = {
      id: expect.stringMatching(/^V/u),
      type: "modal",
      callback_id: "step",
      private_metadata: "{}",
      hash: expect.any(String),
      root_view_id: opened.view.id,
      state: { values: {} },
    };
    expect(opened).toMatchObject({ ok: true, view: shape });
    expect(filled).toMatchObject({ ok: true, view: { ...shape, blocks: [section("filled")] } });
    expect([again.error, late.error]).toEqual(["exchanged_trigger_id", "hash_conflict"]);
  });

  it.each([
    ["chat.postMessage", { channel: "C0NONE", text: "x" }, "channel_not_found"],
    ["chat.postMessage", { channel: "C000000001" }, "no_text"],
    ["chat.update", { channel: "C000000001", ts: "1.000001", text: "x" }, "message_not_found"],
    ["users.info", { user: "U0NOBODY" }, "user_not_found"],
    ["users.lookupByEmail", { email: "nobody@example.com" }, "users_not_found"],
    ["views.open", { trigger_id: "none", view: view("x") }, "invalid_trigger_id"],
  ])("refuses %s %j", async (method, args, error) => {
    expect(await call(method, args)).toMatchObject({ ok: false, error });
  });
});
