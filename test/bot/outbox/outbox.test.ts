import { CHANNEL, OTTO, type Stage, quickPace, startStage } from "#test/bot/bot-app.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LanePort } from "#domain/ports/outbox.ts";
import { Redis } from "ioredis";
import type { Store } from "#store/store.ts";

let stage: Stage;
afterEach(() => stage[Symbol.asyncDispose]());

const soon = { timeout: 20_000, interval: 5 };
const cardOf = (text: string) => ({ text, blocks: [{ type: "section", text: { type: "mrkdwn", text } }] });
const say = (about: string, text = about, over: object = {}) =>
  stage.store.say({ about, part: "headline", channel: CHANNEL, card: cardOf(text), ...over });
const shown = (channel = CHANNEL) =>
  stage.slack
    .messages(channel)
    .filter(({ threadTs }) => threadTs === undefined)
    .map(({ versions }) => versions.at(-1)?.text);
const calls = (method: string, channel = CHANNEL) =>
  stage.slack.requests.filter((request) => request.method === method && request.channel === channel);
describe("order and pace", () => {
  beforeEach(
    async () =>
      void (stage = await startStage({
        pace: { ...quickPace, postEveryMs: 40, editEveryMs: 60, editBurst: 1, sameMessageMs: 120 },
      })),
  );

  test("messages of a channel come in the order of saying, a burst at first and then one after the other", async () => {
    await stage[Symbol.asyncDispose]();
    const everyMs = 250;
    stage = await startStage({ pace: { ...quickPace, postEveryMs: everyMs } });
    const names = Array.from({ length: 9 }, (_, index) => `inc-${index}`);
    for (const name of names) await say(name);
    await stage.quiet();
    expect(shown()).toEqual(names);
    const at = calls("chat.postMessage").map((request) => request.at);
    const { postBurst } = quickPace;
    for (let first = 0; first < at.length; first += 1)
      for (let last = first + postBurst; last < at.length; last += 1)
        expect((at[last] ?? 0) - (at[first] ?? 0)).toBeGreaterThanOrEqual((last - first - postBurst + 1) * everyMs - 1);
  });

  test("of many edits the latest wins, and one message is not edited twice in its time", async () => {
    await say("inc", "0");
    await vi.waitFor(() => expect(shown()).toEqual(["0"]), soon);
    for (const round of ["a", "b", "c"]) {
      for (let index = 1; index <= 20; index += 1) await say("inc", `${round}${index}`);
      await vi.waitFor(() => expect(shown()).toEqual([`${round}20`]), soon);
    }
    await stage.quiet();
    const edits = calls("chat.update").map(({ at }) => at);
    expect(edits.length).toBeLessThan(60);
    for (const [index, at] of edits.slice(1).entries()) expect(at - (edits[index] ?? 0)).toBeGreaterThanOrEqual(119);
  });

  test("what is shown already is not written again", async () => {
    await say("inc");
    await stage.quiet();
    await say("inc");
    await stage.quiet();
    expect(calls("chat.update")).toEqual([]);
  });

  test("a new headline goes before the edits that wait, and a reply after what it replies to", async () => {
    const old = Array.from({ length: 30 }, (_, index) => `old-${index}`);
    for (const name of old) await say(name);
    await stage.quiet();
    for (const name of old) await say(name, `${name}, edited`);
    await vi.waitFor(() => expect(calls("chat.update").length).toBeGreaterThan(0), soon);
    await say("new", "a reply", { part: "timeline", thread: "headline" });
    await say("new");
    const before = calls("chat.update").length;
    await vi.waitFor(() => expect(shown()).toContain("new"), soon);
    const { requests } = stage.slack;
    const posts = requests.flatMap(({ method }, index) => (method === "chat.postMessage" ? [index] : []));
    const at = posts[old.length] ?? 0;
    // One may have been on its way.
    expect(requests.slice(0, at).filter(({ method }) => method === "chat.update").length).toBeLessThanOrEqual(before + 1);

    await vi.waitFor(() => expect(stage.slack.messages(CHANNEL)).toHaveLength(old.length + 2), soon);
    const [headline, reply] = stage.slack.messages(CHANNEL).slice(-2);
    expect([headline?.versions[0]?.text, reply?.versions[0]?.text, reply?.threadTs]).toEqual(["new", "a reply", headline?.ts]);
    expect(calls("chat.update").length).toBeLessThan(old.length);
    await stage.quiet();
    expect(shown().slice(0, -1)).toEqual(old.map((name) => `${name}, edited`));
  });

  test("what is said once is not edited, whatever is said again", async () => {
    await say("inc", "first", { once: true });
    await say("inc", "second", { once: true });
    await stage.quiet();
    await say("inc", "third", { once: true });
    await stage.quiet();
    expect(shown()).toEqual(["first"]);
  });
});

describe("at most one", () => {
  beforeEach(async () => void (stage = await startStage()));
  const lost = { kind: "server-error", method: "chat.postMessage", afterEffect: true, times: 1 } as const;

  test.each([
    ["answered 500 after posting", lost],
    ["broke off after posting", { ...lost, kind: "hang-up" }],
    ["said internal_error", { kind: "refusal", method: "chat.postMessage", error: "internal_error", times: 1 }],
  ] as const)("a post that %s is seen once", async (_name, fault) => {
    stage.slack.inject(fault);
    await say("inc");
    await say("inc", "a reply", { part: "act", thread: "headline", once: true });
    await stage.quiet();
    expect(shown()).toEqual(["inc"]);
    expect(stage.slack.messages(CHANNEL)).toHaveLength(2);
  });

  test("a copy that shows up later is deleted", async () => {
    stage.slack.inject(lost);
    // As if Slack had not put it there yet when the channel was read.
    stage.slack.inject({ kind: "refusal", method: "conversations.history", error: "missing_scope", times: 1 });
    await say("inc");
    await vi.waitFor(() => expect(shown()).toEqual(["inc", "inc"]), soon);
    await vi.waitFor(() => expect(shown()).toEqual(["inc"]), soon);
    await stage.quiet();
    const stays = stage.slack.messages(CHANNEL)[0]?.ts;
    expect(await stage.store.findMessage("inc", "headline")).toMatchObject({ ts: stays });
  });

  test("without history a post in doubt is repeated: rather twice than never", async () => {
    await stage[Symbol.asyncDispose]();
    stage = await startStage({}, { scopes: ["chat:write", "im:write"] });
    stage.slack.inject(lost);
    await say("inc");
    await stage.quiet();
    expect(shown()).toEqual(["inc", "inc"]);
  });

  test("a sender that dies between the post and its record leaves no second one", async () => {
    await stage[Symbol.asyncDispose]();
    let deaths = 0;
    const dying =
      (store: Store): LanePort["settle"] =>
      async (...args) => {
        if (args[2].what === "done" && deaths++ === 0) throw new Error("killed");
        return store.settle(...args);
      };
    stage = await startStage((store) => ({ outbox: { ...store, settle: dying(store) } }));
    await say("inc");
    await stage.quiet();
    expect(deaths).toBe(2);
    expect(shown()).toEqual(["inc"]);
  });

  test("two senders share the lanes: nothing is seen twice, and the order stays", async () => {
    await using other = stage.bot.startSending();
    const names = Array.from({ length: 40 }, (_, index) => `inc-${index}`);
    await Promise.all(names.map((name) => say(name)));
    await stage.quiet();
    await other[Symbol.asyncDispose]();
    expect(shown()).toEqual(names);
  });

  test("a sender that is stopped leaves the rest to the next one, in order, and with Slack's wait", async () => {
    const blocked = stage.slack.inject({ kind: "rate-limit", method: "chat.postMessage", retryAfterSeconds: 1 });
    const names = Array.from({ length: 12 }, (_, index) => `inc-${index}`);
    for (const name of names) await say(name);
    await vi.waitFor(() => expect(calls("chat.postMessage").length).toBeGreaterThan(0), soon);
    await stage.stopSending();
    blocked[Symbol.dispose]();
    expect(shown()).toEqual([]);
    await using next = stage.bot.startSending();
    await stage.quiet();
    await next[Symbol.asyncDispose]();
    expect(shown()).toEqual(names);
    const posts = calls("chat.postMessage");
    const refused = posts.findLastIndex(({ status }) => status === 429);
    expect((posts[refused + 1]?.at ?? 0) - (posts[refused]?.at ?? 0)).toBeGreaterThanOrEqual(999);
  });

  test("after a restart of Redis that lost its last second, what was posted in it is found", async () => {
    await say("inc");
    await stage.quiet();
    await stage.redis.stop();
    await stage.redis.start();
    const redis = new Redis(stage.redis.url.slice("unix://".length));
    await redis.hset("{k8s-why}:outbox:server", "id", "the one before", "since", 0);
    redis.disconnect();
    await say("inc", "inc, again");
    await stage.quiet();
    expect(shown()).toEqual(["inc, again"]);
  });
});

describe("one lane does not hold up another", () => {
  beforeEach(
    async () =>
      void (stage = await startStage(
        {},
        {
          channels: [
            { id: CHANNEL, name: "a" },
            { id: "C0OTHER", name: "b" },
          ],
        },
      )),
  );

  test("a channel that is told to wait waits as long as Slack says, the other one goes on", async () => {
    const blocked = stage.slack.inject({
      kind: "rate-limit",
      method: "chat.postMessage",
      channel: CHANNEL,
      retryAfterSeconds: 1,
    });
    for (let index = 0; index < 10; index += 1) {
      await say(`inc-${index}`);
      await say(`other-${index}`, `other-${index}`, { channel: "C0OTHER" });
    }
    await vi.waitFor(() => expect(shown("C0OTHER")).toHaveLength(10), soon);
    await vi.waitFor(() => expect(calls("chat.postMessage").length).toBeGreaterThanOrEqual(2), soon);
    expect(shown()).toEqual([]);
    blocked[Symbol.dispose]();
    await stage.quiet();
    expect(shown()).toEqual(Array.from({ length: 10 }, (_, index) => `inc-${index}`));
    const refused = calls("chat.postMessage").filter(({ status }) => status === 429);
    for (const [index, { at }] of refused.slice(1).entries()) expect(at - (refused[index]?.at ?? 0)).toBeGreaterThanOrEqual(999);
  });

  test("a message that Slack always fails to take lets the others of its channel pass", async () => {
    stage.slack.inject({ kind: "server-error", method: "chat.postMessage", afterEffect: false, times: 7 });
    await say("poison");
    await say("inc");
    await stage.quiet();
    expect(shown()).toEqual(["inc", "poison"]);
  });
});

describe("Slack takes no more", () => {
  // A lane that a busy machine lost would be told of twice; nobody takes one over here.
  const pace = { ...quickPace, holdMs: 10_000 };
  beforeEach(async () => void (stage = await startStage({ administrators: [OTTO.id], pace })));

  test.each(["is_archived", "not_in_channel", "channel_not_found", "account_inactive"])(
    "%s: an administrator is told once, /readyz says so, and it goes on when the channel is well",
    async (error) => {
      await say("before");
      await stage.quiet();
      const ill = stage.slack.inject({ kind: "refusal", channel: CHANNEL, error });
      await say("before", "before, edited");
      for (let index = 0; index < 5; index += 1) await say(`inc-${index}`);
      await vi.waitFor(
        () => expect(stage.directTexts(OTTO.id)).toEqual([expect.stringMatching(/^I cannot write in <#C0INCIDENTS>: /)]),
        soon,
      );
      expect(await stage.bot.ready()).toMatch(new RegExp(`^Cannot write to Slack channel "${CHANNEL}": .*${error}`));
      const tried = calls("chat.postMessage").length;
      await vi.waitFor(() => expect(calls("chat.postMessage").length).toBeGreaterThan(tried + 3), soon);
      expect(stage.directTexts(OTTO.id)).toHaveLength(1);

      ill[Symbol.dispose]();
      await stage.quiet();
      expect(shown()).toEqual(["before, edited", "inc-0", "inc-1", "inc-2", "inc-3", "inc-4"]);
      expect(stage.directTexts(OTTO.id)).toEqual([expect.stringContaining("again")]);
      expect(await stage.bot.ready()).toBeUndefined();
    },
  );

  test("a deleted message is not posted again, its edits end, and an administrator is told once", async () => {
    await say("inc");
    await stage.quiet();
    const { ts = "" } = stage.slack.messages(CHANNEL)[0] ?? {};
    await fetch(`${stage.slack.apiUrl}chat.delete`, {
      method: "POST",
      headers: { authorization: "Bearer xoxb-local", "content-type": "application/json" },
      body: JSON.stringify({ channel: CHANNEL, ts }),
    });
    for (let index = 0; index < 4; index += 1) {
      await say("inc", `edit ${index}`);
      await stage.quiet();
    }
    await say("inc", "a reply", { part: "timeline", thread: "headline" });
    await stage.quiet();
    expect(stage.slack.messages(CHANNEL)).toEqual([]);
    expect(calls("chat.update")).toHaveLength(1);
    expect(stage.directTexts(OTTO.id)).toEqual([expect.stringContaining("Somebody deleted my message")]);
  });

  test("a message that Slack refuses for a reason we do not know is given up, told once, and holds up nobody", async () => {
    stage.slack.inject({ kind: "refusal", channel: CHANNEL, method: "chat.postMessage", error: "as_yet_unheard_of", times: 6 });
    await say("one");
    await say("two");
    await say("three");
    await stage.quiet();
    expect(shown()).toEqual(["three"]);
    expect(stage.directTexts(OTTO.id)).toEqual([expect.stringContaining("as_yet_unheard_of")]);
  });
});
