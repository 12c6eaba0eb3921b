import { describe, expect, test } from "vitest";
import type { LaneItem, LaneState } from "#domain/ports/outbox.ts";
import { nextOf } from "#bot/outbox/next.ts";
import { slackPace } from "#bot/outbox/pace.ts";

const now = 1_000_000_000;
const well: LaneState = { postsAt: 0, editsAt: 0 };
let seq = 0;
const anItem = (over: Partial<LaneItem> = {}): LaneItem => ({
  kind: "message",
  about: `inc-${++seq}`,
  part: "headline",
  seq,
  at: now,
  tried: false,
  attempts: 0,
  notBefore: 0,
  ...over,
});
const taken = (items: readonly LaneItem[], state = well) => {
  const next = nextOf(items, state, slackPace, now);
  return next.kind === "wait" ? next : next.item;
};

test("Slack's own pace: about a post a second, and one message is edited once in 1.5 s", () => {
  expect(slackPace).toMatchObject({ postEveryMs: 1_000, sameMessageMs: 1_500 });
  // `chat.update` is tier 3: 50 a minute and more, bursts included.
  const { editEveryMs, editBurst } = slackPace;
  expect(60_000 / editEveryMs).toBeLessThanOrEqual(50);
  expect(editBurst).toBeLessThanOrEqual(10);
});

describe("the next item of a lane", () => {
  test("is a new message before a reply, a reply before an edit, an edit before a sweep", () => {
    const edit = anItem({ shownAt: 0 });
    const reply = anItem({ about: edit.about, part: "timeline", thread: "headline" });
    const first = anItem();
    const second = anItem();
    const sweep = anItem({ kind: "sweep" });
    expect(taken([sweep, edit, reply, second, first])).toBe(first);
    expect(taken([sweep, edit, reply])).toBe(reply);
    expect(taken([sweep, edit])).toBe(edit);
  });

  test("is no reply to what is not posted yet, in whatever order they were said", () => {
    const reply = anItem({ about: "inc", part: "timeline", thread: "headline" });
    const headline = anItem({ about: "inc", notBefore: now + 700 });
    expect(taken([reply, headline])).toEqual({ kind: "wait", until: now + 700 });
    expect(taken([reply, anItem({ about: "other", notBefore: now + 700 })])).toBe(reply);
  });

  test("waits for its bucket: a blocked post lets an edit go, and a blocked edit a post", () => {
    const post = anItem();
    const edit = anItem({ shownAt: 0 });
    const later = now + 60_000;
    expect(taken([post, edit], { postsAt: later + 10_000, editsAt: 0 })).toBe(edit);
    expect(taken([post, edit], { postsAt: 0, editsAt: later + 10_000 })).toBe(post);
    expect(taken([post], { postsAt: later + (slackPace.postBurst - 1) * slackPace.postEveryMs, editsAt: 0 })).toEqual({
      kind: "wait",
      until: later,
    });
  });

  test("is no edit of a message that was edited just now", () => {
    expect(taken([anItem({ shownAt: now - 400 })])).toEqual({ kind: "wait", until: now + slackPace.sameMessageMs - 400 });
  });

  test("is nothing before a channel that takes nothing is tried again", () => {
    const ill = { reason: "is_archived", since: now, probes: 1, probeAt: now + 30_000 };
    expect(taken([anItem(), anItem({ shownAt: 0 })], { ...well, ill })).toEqual({ kind: "wait", until: now + 30_000 });
  });

  test("after a day is given up", () => {
    const old = anItem({ at: now - 25 * 3_600_000 });
    expect(nextOf([anItem(), old], well, slackPace, now)).toEqual({ kind: "expire", item: old });
  });

  test("of an empty lane is nothing, and the lane is kept until its buckets are full", () => {
    expect(nextOf([], well, slackPace, now)).toEqual({ kind: "wait" });
    expect(nextOf([], { postsAt: now + 5, editsAt: 0 }, slackPace, now)).toEqual({ kind: "wait", until: now + 5 });
  });
});
