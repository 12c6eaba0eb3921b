import { describe, expect, it } from "vitest";
import { MINUTE, NOON, SECOND, aSituation, aStep, aUsual, shopWeb } from "#test/builders.ts";
import { courseOf, expectedAt } from "#analysis/course.ts";
import type { Intent } from "#domain/intent.ts";
import type { Step } from "#domain/plan.ts";
import { judgeHelp } from "#analysis/helped.ts";

const ceiling = { workload: shopWeb, autoscaler: "web", autoscalerUid: "u", fromMax: 4_000 };
const rollback: Intent = {
  kind: "rollback",
  workload: shopWeb,
  uid: "u",
  fromRevision: 8,
  fromTemplateHash: "hash8",
  toRevision: 7,
  toTemplateHash: "hash7",
};
const done = (did: Intent, over: Partial<Step> = {}) =>
  aStep({ id: did.kind, kind: did.kind, state: "done", at: NOON, did, ...over });
const facts = (now: object = {}, over: object = {}) => ({
  status: "mitigated" as const,
  usual: aUsual(),
  plan: [] as readonly Step[],
  now: aSituation({ desired: 95, ready: 95, updated: 95, total: 95, ceiling: 95, templateHash: "hash7", ...now }),
  ...over,
});
const after = (step: Step, ms: number, given = facts()) => judgeHelp(step, given, NOON + ms);

describe("whether an act has helped", () => {
  const cap = done({ kind: "cap", ...ceiling, toMax: 95 });

  it("is not said at once, nor of a step that was not done", () => {
    expect(after(cap, 20 * SECOND)).toBeUndefined();
    expect(after(cap, 2 * MINUTE)).toBeUndefined();
    expect(after({ ...cap, state: "failed" }, 10 * MINUTE)).toBeUndefined();
  });

  it("of a cap: the count was held, with an estimate of where it would be", () => {
    const course = { at: NOON, replicas: 95, perMinute: 10, most: 4_000 };
    expect(after(cap, 4 * MINUTE, facts({ at: NOON + 4 * MINUTE }, { course }))).toMatchObject({
      ok: true,
      text: "The count has been held, at 95 now. Estimate, had it gone on as in the 10 minutes before: 135 by now.",
    });
  });

  it.each<[string, Intent, object, string]>([
    ["a cap", { kind: "cap", ...ceiling, toMax: 95 }, { ceiling: 4_000 }, "The ceiling is 4,000 again."],
    ["a lowered ceiling", { kind: "lower", ...ceiling, toMax: 72 }, { ceiling: 73 }, "The ceiling is 73 again."],
    [
      "a ceiling given back",
      { kind: "restore", ...ceiling, fromMax: 95, toMax: 4_000 },
      { ceiling: 95 },
      "The ceiling is 95 again.",
    ],
    ["a rollback", rollback, { templateHash: "hash8" }, "The template of revision 8 runs again."],
    ["a count", { kind: "scale", workload: shopWeb, uid: "u", from: 95, to: 30 }, {}, "95 replicas are wanted again."],
    ["a held rollout", { kind: "pause", workload: shopWeb, uid: "u", templateHash: "hash7" }, {}, "The rollout goes on again."],
  ])("%s that something puts back within a minute is noticed", (_name, did, now, text) => {
    const judged = after(done(did), 45 * SECOND, facts(now));
    expect(judged).toMatchObject({ ok: false });
    expect(judged?.text).toContain(text);
  });

  it("a reading from before the act says nothing of it, however long ago that was", () => {
    const back = done(rollback);
    expect(after(back, 45 * SECOND, facts({ templateHash: "hash8", readAt: NOON - 1 }))).toBeUndefined();
    expect(after(back, 45 * SECOND, facts({ templateHash: "hash8", readAt: NOON }))).toMatchObject({ ok: false });
  });

  it("what was put back after it had helped has not helped any more", () => {
    const helped = { at: NOON, ok: true, text: "" };
    expect(after({ ...cap, helped }, 10 * MINUTE, facts({ ceiling: 4_000 }))?.ok).toBe(false);
    expect(after({ ...cap, helped }, 40 * MINUTE, facts({ ceiling: 4_000 }))?.ok).toBe(true);
  });

  it.each<[string, Intent, Partial<Step> & { readonly id: string; readonly kind: Step["kind"] }, object]>([
    ["a cap and a restore", cap.did!, { id: "restore", kind: "restore" }, { ceiling: 4_000 }],
    ["a cap and a ceiling lowered to the old one", cap.did!, { id: "lower", kind: "lower" }, { ceiling: 4_000 }],
    ["a rollback and its undo", rollback, { id: "undo-rollback", kind: "rollback" }, { templateHash: "hash8" }],
    [
      "a count and its undo",
      { kind: "scale", workload: shopWeb, uid: "u", from: 95, to: 30 },
      { id: "undo-scale", kind: "scale" },
      {},
    ],
    [
      "a held rollout that goes on",
      { kind: "pause", workload: shopWeb, uid: "u", templateHash: "hash7" },
      { id: "resume", kind: "resume" },
      {},
    ],
  ])("%s of ours are nobody's edit, also while the second is under way", (_name, did, second, now) => {
    const later = (over: Partial<Step>) => aStep({ ...second, at: NOON + MINUTE, ...over });
    const judged = (over: Partial<Step>) => after(done(did), 5 * MINUTE, facts(now, { plan: [done(did), later(over)] }));

    expect(judged({ state: "done", did })).toBeUndefined();
    expect(judged({ state: "ready", did })).toBeUndefined();
    expect(judged({ state: "running" })).toBeUndefined();
    expect(judged({ state: "failed" })).toMatchObject({ ok: false });
    expect(judged({ state: "done", did, at: NOON - MINUTE })).toMatchObject({ ok: false });
    expect(judged({ id: "restart", kind: "restart", state: "done", did })).toMatchObject({ ok: false });
  });

  it("a cap that lowered nothing cannot be put back", () => {
    expect(after(done({ kind: "cap", ...ceiling, toMax: 4_000 }), 45 * SECOND, facts({ ceiling: 4_000 }))).toBeUndefined();
  });

  it("of a rollback: when it is well again, or after its time what is not", () => {
    const back = done(rollback);
    expect(after(back, 9 * MINUTE, facts({}, { status: "recovered", recoveredAt: NOON + 8 * MINUTE }))).toMatchObject({
      ok: true,
      text: "It is well again, 8 minutes after it.",
    });
    expect(after(back, 14 * MINUTE)).toBeUndefined();
    const unready = facts({ ready: 12 });
    expect(after(back, 16 * MINUTE, unready)).toMatchObject({
      ok: false,
      text: expect.stringContaining("12 of 95 replicas are ready"),
    });
    const slow = { at: NOON, replicas: 95, seconds: 20 * 60 };
    expect(after({ ...back, forecast: slow }, 16 * MINUTE, unready)).toBeUndefined();
  });

  it("of a drain: when the nodes are gone, or after forty minutes how many are not", () => {
    const drain = done({ kind: "drain", cluster: "prod", nodes: [] });
    expect(after(drain, 10 * MINUTE, facts({ nodes: 40 }))).toBeUndefined();
    expect(after(drain, 10 * MINUTE, facts({ nodes: 11 }))).toMatchObject({ ok: true });
    expect(after(drain, 41 * MINUTE, facts({ nodes: 40 }))).toMatchObject({
      ok: false,
      text: expect.stringContaining("40 nodes are still there"),
    });
  });
});

describe("the course of a count", () => {
  const points = Array.from({ length: 41 }, (_, index) => ({ at: NOON - (40 - index) * 30 * SECOND, value: 30 + index }));

  it("is the slope of the ten minutes before the act", () => {
    expect(courseOf(points, NOON, 4_000)).toEqual({ at: NOON, replicas: 70, perMinute: 2, most: 4_000 });
  });

  it("is none where it did not rise, or nobody saw it", () => {
    expect(
      courseOf(
        [...points].map(({ at }) => ({ at, value: 30 })),
        NOON,
        4_000,
      ),
    ).toBeUndefined();
    expect(courseOf(points.slice(-1), NOON, 4_000)).toBeUndefined();
    expect(courseOf(points, NOON - 60 * MINUTE, 4_000)).toBeUndefined();
  });

  it("goes on in a straight line, no higher than it can", () => {
    const course = { at: NOON, replicas: 70, perMinute: 2, most: 100 };
    expect([0, 10, 60].map((minutes) => expectedAt(course, NOON + minutes * MINUTE))).toEqual([70, 90, 100]);
  });
});
