import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LocalSlack } from "#sim/slack/local-slack.ts";
import { aSlack, CHANNEL, NINA, startBolt } from "./bolt-app.ts";
import { callOn } from "./call.ts";

let slack: LocalSlack;
let heard: Record<string, unknown>[];
let stack: AsyncDisposableStack;

const text = (of: string) => ({ type: "plain_text" as const, text: of });
const button = { type: "button" as const, action_id: "home:show", value: "one", text: text("Show") };
const home = (of: string) => ({
  type: "home" as const,
  callback_id: "home",
  blocks: [
    { type: "section" as const, text: text(of) },
    { type: "actions" as const, elements: [button] },
  ],
});
const modal = { type: "modal" as const, title: text("Incident"), blocks: [] };

beforeEach(async () => {
  heard = [];
  stack = new AsyncDisposableStack();
  const scopes = ["chat:write", "im:write", "im:history", "channels:history", "channels:read", "reactions:write"];
  slack = stack.use(await aSlack({ scopes }));
  stack.use(
    await startBolt(slack, (app) => {
      app.event("app_home_opened", async ({ event, client }) => {
        heard.push({ ...event });
        await client.views.publish({ user_id: event.user, view: home(`For ${event.user}`) });
      });
      app.action("home:show", async ({ ack, body, client }) => {
        await ack();
        heard.push({ ...body });
        await client.views.open({ trigger_id: (body as { trigger_id: string }).trigger_id, view: modal });
      });
      app.shortcut("why", async ({ ack, shortcut, client, respond }) => {
        await ack();
        heard.push({ ...shortcut });
        await client.views.open({ trigger_id: shortcut.trigger_id, view: modal });
        if (shortcut.type === "message_action") await respond("Looking");
      });
      app.message(async ({ message }) => void heard.push({ ...message }));
    }),
  );
});
afterEach(async () => await stack.disposeAsync());

const call = (method: string, args: Record<string, unknown> = {}) => callOn(slack, method, args);

describe("the app's page", () => {
  it("is asked for when a person opens it, told with what it shows the second time, and answers presses", async () => {
    const opened = await slack.openHome({ user: NINA.id });
    await expect.poll(() => slack.home(NINA.id)?.view.blocks).toMatchObject([{ text: text(`For ${NINA.id}`) }, {}]);
    const view = slack.home(NINA.id)!.id;
    await slack.openHome({ user: NINA.id });
    await slack.pressInView({ user: NINA.id, view, actionId: "home:show" });
    await expect.poll(() => slack.views.length).toBe(1);

    expect(opened.ok).toBe(true);
    expect(heard[0]).toMatchObject({ type: "app_home_opened", user: NINA.id, tab: "home", channel: "D0NINA" });
    expect(heard[0]).not.toHaveProperty("view");
    expect(heard[1]).toMatchObject({ view: { id: view, type: "home", callback_id: "home" } });
    expect(heard[2]).toMatchObject({
      container: { type: "view", view_id: view },
      view: { type: "home" },
      actions: [{ action_id: "home:show", value: "one" }],
    });
    expect(slack.home("U0OTTO")).toBeUndefined();
  });

  it("is on one person's screen only", async () => {
    await call("views.publish", { user_id: NINA.id, view: home("mine") });
    const view = slack.home(NINA.id)!.id;

    await expect(slack.pressInView({ user: "U0OTTO", view, actionId: "home:show" })).rejects.toThrow("not open for");
  });

  it("keeps its id, and a hash guards it against races", async () => {
    const first = await call("views.publish", { user_id: NINA.id, view: home("one") });
    const second = await call("views.publish", { user_id: NINA.id, view: home("two"), hash: first.view.hash });
    const late = await call("views.publish", { user_id: NINA.id, view: home("three"), hash: first.view.hash });

    expect(second.view.id).toBe(first.view.id);
    expect(late.refused).toBe("hash_conflict");
    expect(slack.home(NINA.id)).toMatchObject({ view: { blocks: [{ text: text("two") }, {}] } });
  });

  it.each([
    [{ user_id: "U0NOBODY", view: home("x") }, "invalid_arguments"],
    [{ user_id: NINA.id, view: modal }, "invalid_arguments"],
    [{ user_id: NINA.id, view: { ...home("x"), title: text("x") } }, "invalid_arguments"],
    [{ user_id: NINA.id, view: { type: "home" } }, "invalid_arguments"],
  ])("is not published as %j", async (args, error) => {
    expect(await call("views.publish", args)).toMatchObject({ refused: error });
  });
});

describe("a direct conversation", () => {
  it("is opened once, and reached by the user's id as well", async () => {
    const first = await call("conversations.open", { users: NINA.id });
    const again = await call("conversations.open", { users: NINA.id, return_im: true });
    await call("chat.postMessage", { channel: NINA.id, text: "one" });
    await call("chat.postMessage", { channel: "D0NINA", text: "two" });

    expect(first).toMatchObject({ channel: { id: "D0NINA" } });
    expect(first).not.toHaveProperty("already_open");
    expect(again).toMatchObject({ already_open: true, channel: { id: "D0NINA", is_im: true } });
    expect(slack.messages("D0NINA").map(({ versions }) => versions[0]!.text)).toEqual(["one", "two"]);
    expect(slack.channels.map(({ id }) => id)).toEqual([CHANNEL, "D0NINA"]);
    expect((await call("conversations.history", { channel: "D0NINA" })).messages).toHaveLength(2);
  });

  it("tells the app what is said in it, where it may read that", async () => {
    await call("conversations.open", { users: NINA.id });

    await slack.say({ user: NINA.id, channel: "D0NINA", text: "why is checkout slow?" });

    await expect.poll(() => heard[0]).toMatchObject({ type: "message", channel_type: "im", text: "why is checkout slow?" });
  });

  it("is read under its own scope", async () => {
    await using bare = await aSlack({ scopes: ["channels:history", "channels:read", "im:write"] });
    await callOn(bare, "conversations.open", { users: NINA.id });

    expect(await callOn(bare, "conversations.history", { channel: "D0NINA" })).toMatchObject({ needed: "im:history" });
    expect(await callOn(bare, "conversations.info", { channel: "D0NINA" })).toMatchObject({ needed: "im:read" });
  });

  it.each([
    [{}, "users_list_not_supplied"],
    [{ users: "U0NOBODY" }, "user_not_found"],
    [{ users: "U0GONE" }, "user_disabled"],
    [{ users: Array.from({ length: 9 }, () => NINA.id).join(",") }, "too_many_users"],
    [{ channel: "D0NOBODY" }, "channel_not_found"],
    [{ channel: CHANNEL }, "method_not_supported_for_channel_type"],
  ])("is not opened with %j", async (args, error) => {
    const gone = { id: "U0GONE", name: "gone", realName: "Gone", is: "deleted" } as const;
    await using other = await aSlack({ users: [NINA, gone] });

    expect(await callOn(other, "conversations.open", args)).toMatchObject({ refused: error });
  });
});

describe("a shortcut", () => {
  it("in a message's menu brings the message, and answers to its person alone", async () => {
    const { message } = await slack.say({ user: NINA.id, channel: CHANNEL, text: "Alert: checkout is slow" });
    await slack.messageShortcut({ user: NINA.id, message, callbackId: "why" });
    await expect.poll(() => slack.views.length).toBe(1);
    await expect.poll(() => slack.messages(CHANNEL).length).toBe(2);

    expect(heard[0]).toMatchObject({
      type: "message_action",
      callback_id: "why",
      message_ts: message.ts,
      channel: { id: CHANNEL, name: "incidents" },
      message: { text: "Alert: checkout is slow", user: NINA.id },
      user: { id: NINA.id },
    });
    expect(slack.messages(CHANNEL)[1]).toMatchObject({ ephemeralFor: NINA.id, versions: [{ text: "Looking" }] });
  });

  it("of an ephemeral message is not there", async () => {
    const { message_ts: ts } = (await call("chat.postEphemeral", { channel: CHANNEL, user: NINA.id, text: "x" })) as never;

    await expect(slack.messageShortcut({ user: NINA.id, message: { channel: CHANNEL, ts }, callbackId: "why" })).rejects.toThrow(
      "with a menu",
    );
  });

  it("of the workspace names no channel", async () => {
    await slack.globalShortcut({ user: NINA.id, callbackId: "why" });
    await expect.poll(() => slack.views.length).toBe(1);

    expect(heard[0]).toMatchObject({ type: "shortcut", callback_id: "why" });
    expect(heard[0]).not.toHaveProperty("channel");
  });
});

describe("a channel", () => {
  it("that is archived takes no posts, edits or reactions, can be read, and opens again", async () => {
    const { ts } = await call("chat.postMessage", { channel: CHANNEL, text: "before" });
    slack.changeChannel(CHANNEL, { archived: true });

    const refusals = [
      await call("chat.postMessage", { channel: CHANNEL, text: "x" }),
      await call("chat.postEphemeral", { channel: CHANNEL, user: NINA.id, text: "x" }),
      await call("chat.update", { channel: CHANNEL, ts, text: "x" }),
      await call("reactions.add", { channel: CHANNEL, timestamp: ts, name: "eyes" }),
    ];
    const read = await call("conversations.history", { channel: CHANNEL });
    const told = await call("conversations.info", { channel: CHANNEL });
    slack.changeChannel(CHANNEL, { archived: false });

    expect(refusals.map(({ refused }) => refused)).toEqual(["is_archived", "is_archived", "is_inactive", "is_archived"]);
    expect(read.messages).toHaveLength(1);
    expect(told).toMatchObject({ channel: { is_archived: true } });
    expect(await call("chat.postMessage", { channel: CHANNEL, text: "after" })).toMatchObject({ ok: true });
  });

  it("that the bot was taken out of takes no posts until it is invited again", async () => {
    slack.changeChannel(CHANNEL, { bot: "removed" });
    const out = await call("chat.postMessage", { channel: CHANNEL, text: "x" });
    const told = await call("conversations.info", { channel: CHANNEL });
    slack.changeChannel(CHANNEL, { bot: "invited" });

    expect(out.refused).toBe("not_in_channel");
    expect(told).toMatchObject({ channel: { is_member: false } });
    expect(await call("chat.postMessage", { channel: CHANNEL, text: "x" })).toMatchObject({ ok: true });
  });
});
