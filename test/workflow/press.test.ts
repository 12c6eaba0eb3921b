import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { NOON, aDiagnosis, aStep, anIncident, shopWeb } from "#test/builders.ts";
import { type Store, connectStore } from "#store/store.ts";
import { type TestRedis, startRedis } from "#test/redis.ts";
import type { ActResult } from "#domain/order.ts";
import type { CeilingIntent, Intent } from "#domain/intent.ts";
import { createPreview, createRecordAct, createRemediate } from "#workflow/steps.ts";
import type { Enqueue, JobData } from "#workflow/jobs.ts";
import { anyNonce, anyPerson, noIdentities, signing, verify } from "./signing.ts";
import { aPolicy, peopleOf } from "./people.ts";
import { createPress } from "#workflow/press.ts";
import { digestOf } from "#lib/digest.ts";
import { silentLog } from "#lib/log.ts";

const intent: CeilingIntent = { kind: "cap", workload: shopWeb, autoscaler: "web", autoscalerUid: "u", fromMax: 4000, toMax: 96 };

describe("a press", () => {
  let redis: TestRedis;
  let store: Store;
  let serial = 0;
  let now = NOON;
  let id = "";
  let jobs: { name: string; data: unknown; id: string }[] = [];
  const enqueue: Enqueue = async (name, data, options) => void jobs.push({ name, data, id: options.id });

  beforeAll(async () => {
    redis = await startRedis();
    store = connectStore({ url: redis.url, now: () => NOON, log: silentLog });
  });
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    now = NOON;
    jobs = [];
    id = `inc-press${++serial}`;
    await store.openIncident(
      anIncident({
        id,
        key: `prod/shop/web-${serial}`,
        diagnosis: aDiagnosis(),
        plan: [aStep(), aStep({ kind: "drain", state: "waiting", waitingFor: "recovery" })],
      }),
    );
    await store.saveIntent(digestOf(intent), intent, 60_000);
  });

  const press = (verbs: Partial<Store> = {}) =>
    createPress({
      verbs: { ...store, enqueue, usualOf: async () => 30, ...verbs },
      cluster: "prod",
      policy: aPolicy(["U1", "U2"]),
      people: peopleOf({}),
      settings: { capMargin: 1.25 },
      ...signing,
      now: () => now,
      log: silentLog,
    });
  const decide = (user: string, over: object = {}) =>
    press().decide({ incidentId: id, stepId: "cap", user, intentHash: digestOf(intent), ...over });
  const acts = () => jobs.filter((job) => job.name === "act");
  const stepOf = async (stepId: string) => (await store.findIncident(id))?.plan.find((step) => step.id === stepId);

  test("of somebody who may approves what was shown, and the agent is told", async () => {
    expect((await decide("U1")).kind).toBe("accepted");
    expect(acts()).toMatchObject([
      {
        data: { signed: { document: { approval: { by: "U1", intent }, order: { kind: "cap", capFloor: expect.any(Number) } } } },
      },
    ]);
    expect(await stepOf("cap")).toMatchObject({ state: "running", by: "U1" });
  });

  test("of somebody else is refused", async () => {
    expect((await decide("U9")).kind).toBe("refused");
    expect(acts()).toEqual([]);
  });

  test("of a second person finds it under way", async () => {
    await decide("U1");
    expect((await decide("U2")).kind).toBe("already-done");
    expect(acts()).toHaveLength(1);
  });

  test("of two people at once is one act", async () => {
    const kinds = await Promise.all([decide("U1"), decide("U2"), decide("U2"), decide("U1")]);
    expect(new Set(acts().map((job) => job.id)).size).toBe(1);
    expect(kinds.some((decision) => decision.kind === "accepted")).toBe(true);
  });

  test("on two steps of a workload at once is one act, and the other has to wait", async () => {
    const hold: Intent = { kind: "pause", workload: shopWeb, uid: "u", templateHash: "hash8" };
    await store.saveIntent(digestOf(hold), hold, 60_000);
    await store.updateIncident(id, (incident) => ({
      ...incident,
      plan: [...incident.plan, aStep({ id: "pause", kind: "pause" })],
    }));

    const both = await Promise.all([decide("U1"), decide("U1", { stepId: "pause", intentHash: digestOf(hold) })]);

    expect(both.filter(({ kind }) => kind === "accepted")).toHaveLength(1);
    expect(acts()).toHaveLength(1);
    const [running] = ((await store.findIncident(id))?.plan ?? []).filter(({ state }) => state === "running");
    const other = running?.id === "cap" ? { stepId: "pause", intentHash: digestOf(hold) } : {};
    expect(await decide("U2", other)).toMatchObject({ kind: "refused", text: expect.stringContaining("one step at a time") });
  });

  test("on something that was not shown, or too long ago, is refused", async () => {
    expect((await decide("U1", { intentHash: digestOf({ ...intent, toMax: 1 }) })).kind).toBe("refused");
  });

  test("on a step whose gate is closed is refused", async () => {
    expect(await decide("U1", { stepId: "drain" })).toMatchObject({ kind: "refused", text: expect.stringContaining("recovery") });
  });

  test("a failed act can be pressed again, a done one cannot", async () => {
    await decide("U1");
    const { approval } = (acts()[0]!.data as JobData<"act">).signed.document;
    const record = createRecordAct({ ...store, enqueue }, () => NOON);
    await record({ approval, result: { kind: "stale", text: "maxReplicas is not 4,000 any more." } });
    expect(await stepOf("cap")).toMatchObject({ state: "failed", outcome: expect.stringContaining("not 4,000") });
    expect((await decide("U2")).kind).toBe("accepted");
    expect(new Set(acts().map((job) => job.id)).size).toBe(2);
    await record({ approval: { ...approval, by: "U2", at: NOON + 2_000 }, result: { kind: "done", text: "It is 96 now." } });
    expect(await stepOf("cap")).toMatchObject({ state: "done", by: "U2" });
    expect((await decide("U1")).kind).toBe("already-done");
  });

  /** Redis takes the job, and the press breaks off before the incident says so. */
  async function breakOff() {
    const updateIncident = () => Promise.reject(new Error("serve died"));
    const request = { incidentId: id, stepId: "cap", user: "U1", intentHash: digestOf(intent) };
    await expect(press({ updateIncident }).decide(request)).rejects.toThrow("serve died");
    return (acts()[0]!.data as JobData<"act">).signed.document.approval;
  }

  test("that broke off and is given again is answered by what was handed over the first time", async () => {
    const approval = await breakOff();
    now = NOON + 60_000;
    expect((await decide("U2")).kind).toBe("accepted");
    expect(new Set(acts().map((job) => job.id)).size).toBe(1);
    expect(await stepOf("cap")).toMatchObject({ state: "running", at: now });
    await createRecordAct({ ...store, enqueue }, () => now)({ approval, result: { kind: "done", text: "It is 96 now." } });
    expect(await stepOf("cap")).toMatchObject({ state: "done", by: "U1", at: NOON, did: intent, outcome: "It is 96 now." });
  });

  test("that broke off is answered too where the agent is quicker than whoever presses again", async () => {
    const approval = await breakOff();
    const record = createRecordAct({ ...store, enqueue }, () => now);
    await record({ approval, result: { kind: "refused", text: "It failed." } });
    now = NOON + 60_000;
    expect((await decide("U2")).kind).toBe("accepted");
    expect(new Set(acts().map((job) => job.id)).size).toBe(2);
    await record({ approval, result: { kind: "refused", text: "It failed." } });
    expect(await stepOf("cap")).toMatchObject({ state: "running", by: "U2" });
  });

  test("an answer that is told twice is not taken for the next act's", async () => {
    const record = createRecordAct({ ...store, enqueue }, () => now);
    const answer = (index: number, text: string) =>
      record({
        approval: (acts()[index]!.data as JobData<"act">).signed.document.approval,
        result: { kind: "refused", text },
      });
    for (const [index, text] of ["first", "second"].entries()) {
      now += 60_000;
      await decide("U1");
      await answer(index, text);
    }
    now += 60_000;
    await decide("U1");
    await answer(0, "first");
    await answer(1, "second");
    expect(await stepOf("cap")).toMatchObject({ state: "running", at: now });
    await answer(2, "third");
    expect(await stepOf("cap")).toMatchObject({ state: "failed", outcome: "third" });
  });

  test("a preview is remembered by its digest, and shown", async () => {
    const order = { incidentId: id, stepId: "cap", kind: "cap", workload: shopWeb } as const;
    const shown = { ...intent, toMax: 101 };
    const preview = createPreview(
      {
        ...store,
        whyPersonMayNot: anyPerson,
        enqueue,
        preview: async () => ({
          kind: "preview",
          preview: { at: NOON, intent: shown, effects: [], changes: [], warnings: [], dryRun: "accepted" },
        }),
      },
      noIdentities,
    );
    await preview({ order, viewId: "V1", requestId: "V1" });
    expect(await store.findIntent(digestOf(shown))).toEqual(shown);
    expect(jobs).toMatchObject([{ name: "show-preview", data: { viewId: "V1", result: { kind: "preview" } } }]);
  });

  test("an act that runs twice after a crash is recorded once", async () => {
    const results: ActResult[] = [
      { kind: "done", text: "a" },
      { kind: "already-done", text: "b" },
    ];
    const act = createRemediate({
      verbs: {
        ...store,
        ...anyNonce,
        verify,
        whyPersonMayNot: anyPerson,
        act: async () => results.shift() ?? { kind: "refused", text: "" },
        enqueue,
      },
      cluster: "prod",
      identities: noIdentities,
      policy: aPolicy(["U1"]),
      now: () => NOON,
    });
    await decide("U1");
    const data = acts()[0]?.data as Parameters<typeof act>[0];
    await act(data);
    await act(data);
    expect(new Set(jobs.filter((job) => job.name === "acted").map((job) => job.id)).size).toBe(1);
  });

  test("an act whose job runs twice at once, its lock lost, is done once, and both tell the same", async () => {
    let acted = 0;
    const { promise: done, resolve: finish } = Promise.withResolvers<ActResult>();
    const act = createRemediate({
      verbs: {
        ...store,
        beginStep: async () => "again",
        endStep: async () => {},
        verify,
        whyPersonMayNot: anyPerson,
        act: () => {
          acted += 1;
          return done;
        },
        enqueue,
      },
      cluster: "prod",
      identities: noIdentities,
      policy: aPolicy(["U1"]),
      now: () => NOON,
    });
    await decide("U1");
    const data = acts()[0]?.data as Parameters<typeof act>[0];
    const runs = [act(data), act(data)];
    await expect.poll(() => acted).toBe(1);
    finish({ kind: "done", text: "It is 96 now." });
    await Promise.all(runs);
    expect(acted).toBe(1);
    const told = jobs.filter((job) => job.name === "acted");
    expect(told.map((job) => (job.data as JobData<"acted">).result.text)).toEqual(["It is 96 now.", "It is 96 now."]);
    expect(new Set(told.map((job) => job.id)).size).toBe(1);
  });
});
