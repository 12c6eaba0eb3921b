import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { anyPerson, noIdentities, signing } from "#test/workflow/signing.ts";
import { MINUTE, NOON, aDiagnosis, aPool, aSpike, aState, aStep, anIncident, shopWeb } from "#test/builders.ts";
import type { AuditEntry, AuditRecord } from "#domain/audit.ts";
import type { Intent } from "#domain/intent.ts";
import type { Incident } from "#domain/incident.ts";
import type { Enqueue, JobData } from "#workflow/jobs.ts";
import type { PeoplePort } from "#domain/ports/slack.ts";
import { type PressOptions, createPress } from "#workflow/press.ts";
import { type Store, connectStore } from "#store/store.ts";
import { type TestRedis, startRedis } from "#test/redis.ts";
import { TemporaryError } from "#lib/errors.ts";
import { anyNonce, verify } from "./signing.ts";
import { aPolicy, peopleOf } from "./people.ts";
import { createOpen } from "#workflow/open.ts";
import { createRecordAct, createRemediate } from "#workflow/steps.ts";
import { createReportInterruption } from "#workflow/report-interruption.ts";
import { createShowPreview } from "#workflow/show-preview.ts";
import { createTick } from "#workflow/tick.ts";
import { digestOf } from "#lib/digest.ts";
import { noSignals } from "#domain/sample.ts";
import { recordNews, withNews } from "#workflow/record-news.ts";
import { silentLog } from "#lib/log.ts";

const cap: Intent = { kind: "cap", workload: shopWeb, autoscaler: "web", autoscalerUid: "u", fromMax: 4_000, toMax: 96 };
const drain: Intent = { kind: "drain", cluster: "prod", nodes: [{ name: "a", uid: "a" }] };
const key = "prod/shop/web";
const diagnosis = aDiagnosis();

let redis: TestRedis;
let store: Store;
let now = NOON;
let serial = 0;
let id = "";

beforeAll(async () => void (redis = await startRedis()));
afterAll(() => redis[Symbol.asyncDispose]());
beforeEach(async () => {
  now = NOON;
  id = `inc-audit${++serial}`;
  store = connectStore({ url: redis.url, prefix: `{audit-${serial}}`, now: () => now, log: silentLog });
  const plan = [aStep(), aStep({ id: "drain", kind: "drain" }), aStep({ id: "late", kind: "drain", state: "waiting" })];
  await store.openIncident(anIncident({ id, key, diagnosis, plan }));
  for (const intent of [cap, drain]) await store.saveIntent(digestOf(intent), intent, 60_000);
  return () => store[Symbol.asyncDispose]();
});

const enqueue = async () => {};
const slackIsAway: PeoplePort = {
  person: () => Promise.reject(new TemporaryError("Slack is away")),
  byEmail: () => Promise.reject(new TemporaryError("Slack is away")),
};
const press = (over: Partial<PressOptions> = {}) =>
  createPress({
    verbs: { ...store, enqueue, usualOf: async () => 30 },
    cluster: "prod",
    policy: aPolicy(["U1", "U2"], { breakGlass: ["U0NIGHT"] }),
    people: peopleOf({ U0GUEST: { kind: "guest" } }),
    settings: { capMargin: 1.25 },
    ...signing,
    now: () => now,
    log: silentLog,
    ...over,
  });
const decide = (user: string, intent: Intent, over: Partial<Parameters<ReturnType<typeof press>["decide"]>[0]> = {}) =>
  press().decide({ incidentId: id, stepId: intent.kind, user, intentHash: digestOf(intent), ...over });

/** What is on record, oldest first, in short. */
async function recorded(): Promise<string[]> {
  return (await records()).map(({ what, by, stepId, on = "-", text }) => `${what} ${by} ${stepId} ${on}: ${text}`);
}

async function records(): Promise<AuditRecord[]> {
  return (await store.auditNewest(100)).toReversed();
}

/** A store whose audit stream fails once. */
function failingOnce() {
  let fails = true;
  const audit = async (entry: AuditEntry) => {
    if (fails) {
      fails = false;
      throw new TemporaryError("Redis is away");
    }
    await store.audit(entry);
  };
  return { ...store, audit };
}

describe("on record is every press that was refused", () => {
  test.each(["U9", "U0GUEST"])("by the button: %s", async (user) => {
    await press().mayPress({ incidentId: id, stepId: "cap", user });
    expect(await recorded()).toEqual([expect.stringMatching(new RegExp(`^refused ${user} cap ${key}: .+`))]);
  });

  test("by the button, of somebody whom Slack does not name", async () => {
    await press({ people: slackIsAway }).mayPress({ incidentId: id, stepId: "cap", user: "U1" });
    expect(await recorded()).toEqual([expect.stringContaining(`refused U1 cap ${key}: Slack does not say who you are`)]);
  });

  test("but none of somebody who may, nor of somebody who may break the glass", async () => {
    for (const user of ["U1", "U0NIGHT"]) await press().mayPress({ incidentId: id, stepId: "cap", user });
    expect(await recorded()).toEqual([]);
  });

  test("by the modal: who may not, what is not ready, what is too old, what is done, what cannot be decided", async () => {
    await decide("U9", cap);
    await decide("U1", drain, { stepId: "late" });
    await decide("U1", cap, { intentHash: "unknown" });
    await decide("U1", cap, { stepId: "gone" });
    await expect(
      press({ people: slackIsAway }).decide({ incidentId: id, stepId: "cap", user: "U1", intentHash: digestOf(cap) }),
    ).rejects.toThrow("Slack is away");
    await decide("U1", cap);
    await decide("U2", cap);
    await store.saveStop({ by: "U1", at: NOON });
    await decide("U1", drain);
    expect(await recorded()).toEqual([
      expect.stringMatching(`^refused U9 cap ${key}: No rule`),
      expect.stringMatching(`^refused U1 late ${key}: Not yet`),
      expect.stringMatching(`^refused U1 cap ${key}: What was shown is too old`),
      expect.stringMatching(`^refused U1 gone ${key}: This step is not part of the plan any more`),
      `refused U1 cap ${key}: It could not be decided: Slack is away`,
      `approved U1 cap ${key}: ${digestOf(cap)}`,
      expect.stringMatching(`^refused U2 cap ${key}: Somebody has approved this step already`),
      expect.stringMatching(`^refused U1 drain ${key}: All acts are stopped`),
    ]);
  });

  test("of a verdict, and of a stop", async () => {
    const judged = { incidentId: id, suspectId: "s1", user: "U9" };
    expect(await press().mayJudge(judged)).toBe(false);
    expect(await press({ people: slackIsAway }).mayJudge(judged)).toBe(false);
    expect(await press().mayJudge({ ...judged, user: "U1" })).toBe(true);
    expect((await press().stop({ user: "U9", on: true, reason: "because" })).done).toBe(false);
    expect(await recorded()).toEqual([
      `refused U9 verdict/s1 ${key}: No rule allows them anything.`,
      expect.stringMatching(`^refused U9 verdict/s1 ${key}: Slack does not say`),
      "refused U9 - -: stop because",
    ]);
  });

  test("and a no stays a no where it cannot be written", async () => {
    const verbs = {
      ...store,
      enqueue,
      usualOf: async () => 30,
      audit: () => Promise.reject(new TemporaryError("Redis is away")),
    };
    expect(await press({ verbs }).mayPress({ incidentId: id, stepId: "cap", user: "U9" })).toMatchObject({ allowed: false });
    const request = { incidentId: id, stepId: "cap", user: "U9", intentHash: digestOf(cap) };
    expect(await press({ verbs }).decide(request)).toMatchObject({ kind: "refused", text: expect.stringContaining("No rule") });
  });
});

describe("on record is every yes", () => {
  test("one of two, the second, and the one behind broken glass with its reason", async () => {
    await decide("U1", drain);
    await decide("U2", drain);
    await store.updateIncident(id, (current) => ({ ...current, plan: [aStep()] }));
    await store.release(`act/${key}`, "drain/U2");
    await decide("U0NIGHT", cap, { breakGlass: "Nobody else is awake at all" });
    expect(await recorded()).toEqual([
      `approved U1 drain ${key}: the first of two`,
      `approved U2 drain ${key}: ${digestOf(drain)}, the second of two`,
      `broke-glass U0NIGHT cap ${key}: ${digestOf(cap)} against the rules: Nobody else is awake at all`,
    ]);
  });

  test("before the act is handed over: what cannot be written is not done", async () => {
    const jobs: string[] = [];
    const verbs = { ...failingOnce(), usualOf: async () => 30, enqueue: async (name: string) => void jobs.push(name) };
    const request = { incidentId: id, stepId: "cap", user: "U1", intentHash: digestOf(cap) };
    await expect(press({ verbs }).decide(request)).rejects.toThrow("Redis is away");
    expect(jobs).toEqual([]);
    expect((await press({ verbs }).decide(request)).kind).toBe("accepted");
    expect(jobs).toContain("act");
  });

  test("a stop, which the record does not hold up, and its end, which it does", async () => {
    const verbs = { ...failingOnce(), enqueue, usualOf: async () => 30 };
    await expect(press({ verbs }).stop({ user: "U1", on: true, reason: "a fire" })).rejects.toThrow("Redis is away");
    expect(await store.findStop()).toMatchObject({ by: "U1" });
    const failing = { ...failingOnce(), enqueue, usualOf: async () => 30 };
    await expect(press({ verbs: failing }).stop({ user: "U2", on: false })).rejects.toThrow("Redis is away");
    expect(await store.findStop()).toBeDefined();
    await press().stop({ user: "U1", on: true, reason: "a fire" });
    await press().stop({ user: "U2", on: false });
    await press().stop({ user: "U2", on: false });
    expect(await recorded()).toEqual(["stopped U1 - -: a fire", "resumed U2 - -: "]);
  });

  test("a verdict and its end, before they count", async () => {
    const suspectId = diagnosis.suspects[0]?.id ?? "";
    const request = { incidentId: id, suspectId, right: true, user: "U1" };
    const verbs = { ...failingOnce(), enqueue, usualOf: async () => 30 };
    await expect(press({ verbs }).judge(request)).rejects.toThrow("Redis is away");
    expect(await store.verdicts()).toEqual([]);
    expect(await press({ verbs }).judge(request)).toBe(true);
    const back = { incidentId: id, suspectId, user: "U2" };
    await expect(press({ verbs: { ...failingOnce(), enqueue, usualOf: async () => 30 } }).judge(back)).rejects.toThrow("away");
    expect(await press().judge(back)).toBe(true);
    expect(await press().judge(back)).toBe(false);
    expect(await recorded()).toEqual([
      `judged U1 verdict/${suspectId} ${key}: that was it`,
      `judged U2 verdict/${suspectId} ${key}: verdict taken back`,
    ]);
  });
});

describe("on record is what was shown and done, once, however often its job runs", () => {
  const calls = [{ method: "PATCH", path: "/apis/autoscaling/v2/hpa", status: 200, dryRun: true }];
  const preview: JobData<"show-preview">["result"] = {
    kind: "preview",
    preview: { at: NOON, intent: cap, effects: ["The ceiling goes to 96."], changes: [], warnings: [], dryRun: "accepted" },
    calls,
  };
  const viewer = { user: "U1", allowed: true, text: "", breakGlass: false };

  test("a preview, also while Slack cannot show it", async () => {
    let away = true;
    const showPreview = async () => {
      if (away) throw new TemporaryError("Slack is away");
    };
    const show = createShowPreview({ ...store, showPreview, showGone: showPreview }, () => now);
    const data = { incidentId: id, stepId: "cap", viewId: "V1", requestId: "T1", result: preview, viewer };
    await expect(show(data)).rejects.toThrow("Slack is away");
    away = false;
    now += 5_000;
    await show(data);
    await show({ ...data, requestId: "T2" });
    expect(await recorded()).toEqual(Array.from({ length: 2 }, () => `previewed U1 cap ${key}: The ceiling goes to 96.`));
    expect((await records())[0]?.calls).toEqual(calls);
  });

  test("a press on an incident that is gone", async () => {
    const show = createShowPreview({ ...store, showPreview: async () => {}, showGone: async () => {} }, () => now);
    const result = { kind: "refused", text: "This incident is not known any more." } as const;
    await show({ incidentId: "inc-gone", stepId: "cap", viewId: "V1", requestId: "T1", result, viewer });
    expect(await recorded()).toEqual(["previewed U1 cap -: This incident is not known any more."]);
  });

  test("a result, with two people's names and what was sent", async () => {
    const record = createRecordAct({ ...failingOnce(), enqueue }, () => now);
    const approval = { incidentId: id, stepId: "cap", by: "U1", second: "U2", at: NOON, intent: cap };
    const data = { approval, result: { kind: "done", text: "It is 96 now.", calls } as const };
    await expect(record(data)).rejects.toThrow("Redis is away");
    for (let run = 0; run < 3; run += 1) {
      now += 1_000;
      await record(data);
    }
    await record({ approval: { ...approval, at: NOON + 1 }, result: { kind: "stale", text: "It moved." } });
    expect(await recorded()).toEqual([`done U1, U2 cap ${key}: It is 96 now.`, `failed U1, U2 cap ${key}: It moved.`]);
    expect((await records())[0]).toMatchObject({ at: NOON + 1_000, calls });
  });

  test("a result that could not be handed on: it is handed on later, and the act is not done again", async () => {
    const results = [
      { kind: "done", text: "It is 96 now.", calls } as const,
      { kind: "already-done", text: "It is 96." } as const,
    ];
    const acted: JobData<"acted">[] = [];
    let away = true;
    let signed: JobData<"act"> | undefined;
    const keep: Enqueue = async (name, data) => void (name === "act" && (signed = data as JobData<"act">));
    const request = { incidentId: id, stepId: "cap", user: "U1", intentHash: digestOf(cap) };
    await press({ verbs: { ...store, enqueue: keep, usualOf: async () => 30 } }).decide(request);
    const give: Enqueue = async (_name, data) => {
      if (away) throw new TemporaryError("Redis is away");
      acted.push(data as JobData<"acted">);
    };
    const done = async () => results.shift() ?? ({ kind: "refused", text: "" } as const);
    const act = createRemediate({
      verbs: { ...store, ...anyNonce, verify, whyPersonMayNot: anyPerson, act: done, enqueue: give },
      cluster: "prod",
      identities: noIdentities,
      policy: aPolicy(["U1"]),
      now: () => now,
    });
    const data = signed as JobData<"act">;
    await expect(act(data)).rejects.toThrow("Redis is away");
    away = false;
    await act(data);
    expect(acted).toMatchObject([{ result: { kind: "done", calls } }]);
    await act(data);
    expect(acted).toHaveLength(2);
  });

  test("what was sent before an act was cut off; an outage in which the same is tried again and again is one record", async () => {
    const jobs = new Map<string, JobData<"interrupted">>();
    const report = createReportInterruption({
      enqueue: async (_name, data, options) => void jobs.set(options.id, data as JobData<"interrupted">),
      now: () => now,
    });
    const order = { incidentId: id, stepId: "cap", kind: "cap", workload: shopWeb } as const;
    await report(order, "U1", { calls, text: "The API server is away" });
    await report(order, "U1", { calls, text: "The API server is away" });
    await report(order, undefined, { calls, text: "The API server is away" });
    for (const { entry } of [...jobs.values(), ...jobs.values()]) await store.audit(entry);
    expect(await recorded()).toEqual([
      `interrupted U1 cap ${key}: The API server is away`,
      `interrupted k8s-why cap ${key}: The API server is away`,
    ]);
    expect((await records())[0]?.calls).toEqual(calls);
  });
});

describe("on record is what is proposed and checked", () => {
  const tick = (verbs: Store) =>
    createTick({
      verbs: {
        ...verbs,
        enqueue,
        findRights: async () => ({ at: now, missing: {} }),
        recentSignals: async () => noSignals,
        investigate: async () => ({ diagnosis, changes: [], alerts: [] }),
      },
      now: () => now,
      everyMs: 15_000,
      capMargin: 1.25,
      blindAfterMs: MINUTE,
    });
  const see = async (desired: number) => {
    await store.saveWorkloads("prod", [aState({ at: now, desired, ready: desired })]);
    await store.savePool(aPool({ at: now }));
    await store.saveSeenUntil("prod", now);
  };

  test("once, although the process dies between the change and its record", async () => {
    await store.updateIncident(id, (current) => ({ ...current, plan: [] }));
    await see(90);
    await expect(tick(failingOnce())(id)).rejects.toThrow("Redis is away");
    expect(await recorded()).toEqual([]);
    for (let look = 0; look < 3; look += 1) {
      now += 15_000;
      await see(90);
      await tick(store)(id);
    }
    const proposals = (await recorded()).filter((line) => line.startsWith("proposed k8s-why"));
    expect(proposals.filter((line) => line.startsWith(`proposed k8s-why cap ${key}: `))).toHaveLength(1);
    expect(new Set(proposals).size).toBe(proposals.length);
    expect((await store.findIncident(id))?.unrecorded).toBeUndefined();
  });

  test("a state that was reached, with its checks; also of an incident that has ended", async () => {
    const settled = { status: "settled", settledAt: NOON } as const;
    await store.updateIncident(id, (current) => withNews(current, { ...current, ...settled }, NOON));
    await tick(store)(id);
    await tick(store)(id);
    expect(await recorded()).toEqual([
      expect.stringMatching(`^checked k8s-why - ${key}: open -> settled: .* wanted, .* ready; readiness`),
    ]);
  });

  test("an incident that another one ends", async () => {
    await store.updateIncident(id, (current) => ({ ...current, status: "recovered", recoveredAt: NOON }));
    const open = createOpen({ ...store, signals: async () => noSignals, enqueue });
    now = NOON + 60 * MINUTE;
    await open({ spike: aSpike({ detectedAt: now }), state: aState({ at: now }), peakReplicas: 40 });
    expect(await recorded()).toEqual([expect.stringMatching(`^checked k8s-why - ${key}: recovered -> settled`)]);
    expect((await store.findIncident(id))?.unrecorded).toBeUndefined();
  });

  test("an act that got no answer, one that has helped, and one that has not, or not any more", async () => {
    const steps = async (change: Partial<Incident["plan"][number]>) => {
      const written = await store.updateIncident(id, (current) =>
        withNews(
          current,
          { ...current, plan: current.plan.map((step) => (step.id === "cap" ? { ...step, ...change } : step)) },
          NOON,
        ),
      );
      if (written) await recordNews(store, written);
    };
    await steps({ state: "running" });
    await steps({ state: "failed", outcome: "No answer came within two hours." });
    await steps({ state: "done", helped: { at: NOON, ok: true, text: "The count has been held." } });
    await steps({ helped: { at: NOON + 1, ok: true, text: "The count has been held still." } });
    await steps({ helped: { at: NOON + 2, ok: false, text: "The ceiling is 4,000 again." } });
    await steps({ state: "ready" });
    expect(await recorded()).toEqual([
      `failed k8s-why cap ${key}: No answer came within two hours.`,
      `checked k8s-why cap ${key}: has helped: The count has been held.`,
      `checked k8s-why cap ${key}: has not helped: The ceiling is 4,000 again.`,
      expect.stringMatching(`^proposed k8s-why cap ${key}: `),
    ]);
  });

  test("and what is written meanwhile by others stays to be written", async () => {
    const one = { at: NOON, what: "checked", by: "k8s-why", incidentId: id, stepId: "-", text: "" } as const;
    await store.updateIncident(id, (current) => ({ ...current, unrecorded: [{ ...one, key: "a" }] }));
    const seen = await store.findIncident(id);
    await store.updateIncident(id, (current) => ({
      ...current,
      unrecorded: [...(current.unrecorded ?? []), { ...one, key: "b" }],
    }));
    if (seen) await recordNews(store, seen);
    expect((await store.findIncident(id))?.unrecorded).toMatchObject([{ key: "b" }]);
  });
});
