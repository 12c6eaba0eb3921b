import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { MINUTE, NOON, aDiagnosis, aStep, anIncident, shopWeb } from "#test/builders.ts";
import type { FirstYes } from "#domain/plan.ts";
import type { DecideRequest, PeoplePort } from "#domain/ports/slack.ts";
import type { DrainIntent, Intent, RollbackIntent } from "#domain/intent.ts";
import { type PressOptions, createPress } from "#workflow/press.ts";
import { type Store, connectStore } from "#store/store.ts";
import { type TestRedis, startRedis } from "#test/redis.ts";
import { TemporaryError } from "#lib/errors.ts";
import { anyNonce, anyPerson, noIdentities, signing, verify } from "./signing.ts";
import { aPolicy, peopleOf } from "./people.ts";
import type { JobData } from "#workflow/jobs.ts";
import { createRemediate } from "#workflow/steps.ts";
import { digestOf } from "#lib/digest.ts";
import { plan } from "#analysis/plan.ts";
import { silentLog } from "#lib/log.ts";

const back: RollbackIntent = {
  kind: "rollback",
  workload: shopWeb,
  uid: "u",
  fromRevision: 7,
  fromTemplateHash: "bad",
  toRevision: 6,
  toTemplateHash: "good",
};
const nodes = ["a", "b", "c"].map((name) => ({ name, uid: `uid-${name}` }));
const drain: DrainIntent = { kind: "drain", cluster: "prod", nodes };
const author = { id: "U0AUTHOR", email: "ada@example.com" };

let redis: TestRedis;
let store: Store;
let now = NOON;
let serial = 0;
let id = "";
let jobs: { name: string; data: unknown; id: string }[] = [];

beforeAll(async () => {
  redis = await startRedis();
  store = connectStore({ url: redis.url, now: () => now, log: silentLog });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});
beforeEach(async () => {
  now = NOON;
  jobs = [];
  await store.forgetStop();
  id = `inc-approve${++serial}`;
  const base = aDiagnosis();
  const diagnosis = { ...base, rollbackSafety: { ...base.rollbackSafety, verdict: "unknown" as const } };
  const steps = [aStep(), aStep({ id: "rollback", kind: "rollback" }), aStep({ id: "drain", kind: "drain" })];
  await store.openIncident(anIncident({ id, key: `prod/shop/web-${serial}`, diagnosis, plan: steps }));
});

const people = peopleOf({ U0AUTHOR: { email: author.email }, U0GUEST: { kind: "guest" }, U0BOT: { kind: "bot" } });
const everybody = ["U1", "U2", "U3", "U0AUTHOR", "U0GUEST", "U0BOT"];
const press = (over: Partial<PressOptions> = {}) =>
  createPress({
    verbs: {
      ...store,
      enqueue: async (name, data, options) => void jobs.push({ name, data, id: options.id }),
      usualOf: async () => 30,
    },
    cluster: "prod",
    policy: aPolicy(everybody, { breakGlass: ["U3"] }),
    people,
    settings: { capMargin: 1.25 },
    ...signing,
    now: () => now,
    log: silentLog,
    ...over,
  });
async function decide(user: string, intent: Intent = back, over: Partial<DecideRequest & PressOptions> = {}) {
  const { breakGlass, ...options } = over;
  await store.saveIntent(digestOf(intent), intent, 60_000);
  const request = { incidentId: id, stepId: intent.kind, user, intentHash: digestOf(intent) };
  return press(options).decide({ ...request, ...(breakGlass !== undefined && { breakGlass }) });
}
const acts = () => jobs.filter(({ name }) => name === "act");
const stepOf = async (stepId: string) => (await store.findIncident(id))?.plan.find((step) => step.id === stepId);

describe("two people", () => {
  test("are needed: the first yes changes nothing, the second acts, and both are named", async () => {
    expect(await decide("U1")).toMatchObject({ kind: "accepted", text: expect.stringContaining("first of two") });
    expect(acts()).toEqual([]);
    expect(await stepOf("rollback")).toMatchObject({ state: "ready", firstYes: { by: "U1", at: NOON } });
    expect(await decide("U2")).toMatchObject({ kind: "accepted", text: expect.stringContaining("Approved.") });
    expect(acts()).toMatchObject([{ data: { signed: { document: { approval: { by: "U1", second: "U2" } } } } }]);
    const step = await stepOf("rollback");
    expect(step).toMatchObject({ state: "running", by: "U1", second: "U2" });
    expect(step?.firstYes).toBeUndefined();
  });

  test("are two: the same person twice is refused", async () => {
    await decide("U1");
    expect(await decide("U1")).toMatchObject({ kind: "refused", text: expect.stringContaining("two different people") });
    expect(acts()).toEqual([]);
  });

  test("the second has not written the suspect; the first may have", async () => {
    await decide("U1");
    const withAuthor = await store.updateIncident(id, (current) => {
      const diagnosis = current.diagnosis;
      const first = diagnosis?.suspects[0];
      if (!diagnosis || first?.subject.kind !== "landing") throw new Error("no landing is suspected");
      const landing = { ...first.subject.landing, author: { name: "Ada", email: author.email } };
      return {
        ...current,
        diagnosis: { ...diagnosis, suspects: [{ ...first, subject: { kind: "landing" as const, landing } }] },
      };
    });
    expect(withAuthor).toBeDefined();
    expect(await decide("U0AUTHOR")).toMatchObject({
      kind: "refused",
      text: expect.stringContaining("wrote the suspected change"),
    });
    expect((await decide("U2")).kind).toBe("accepted");
    expect(acts()).toHaveLength(1);
  });

  test("have fifteen minutes", async () => {
    await decide("U1");
    now = NOON + 15 * MINUTE + 1;
    expect(await decide("U2")).toMatchObject({ text: expect.stringContaining("first of two") });
    expect(acts()).toEqual([]);
    expect(await stepOf("rollback")).toMatchObject({ firstYes: { by: "U2" } });
  });

  test("say yes to the same: a template that moved makes the first yes void", async () => {
    await decide("U1");
    expect(await decide("U2", { ...back, fromTemplateHash: "another" })).toMatchObject({
      kind: "accepted",
      text: expect.stringContaining("so that one is void"),
    });
    expect(acts()).toEqual([]);
  });

  test("are not bound to counts: nodes that went by themselves void nothing, a new one does", async () => {
    await decide("U1", drain);
    expect((await decide("U2", { ...drain, nodes: nodes.slice(1) })).text).toContain("Approved.");
    expect(acts()).toHaveLength(1);
    await store.updateIncident(id, (current) => ({ ...current, plan: [aStep({ id: "drain", kind: "drain" })] }));
    await decide("U1", drain);
    expect((await decide("U2", { ...drain, nodes: [...nodes, { name: "d", uid: "uid-d" }] })).text).toContain("void");
    expect(acts()).toHaveLength(1);
  });

  test("to what somebody put in the place of what was shown is refused", async () => {
    const other = { ...back, toTemplateHash: "worse" };
    await store.saveIntent(digestOf(back), other, 60_000);
    const request = { incidentId: id, stepId: "rollback", user: "U1", intentHash: digestOf(back) };
    expect(await press().decide(request)).toMatchObject({ kind: "refused", text: expect.stringContaining("too old") });
    expect((await stepOf("rollback"))?.firstYes).toBeUndefined();
  });

  test("a first yes that somebody wrote into Redis is none", async () => {
    const forge = (firstYes: object) =>
      store.updateIncident(id, (incident) => ({
        ...incident,
        plan: incident.plan.map((step) => (step.id === "rollback" ? { ...step, firstYes: firstYes as FirstYes } : step)),
      }));
    await forge({ by: "U2", at: NOON, intent: back });
    expect((await decide("U1")).text).toContain("first of two");
    const signed = (await stepOf("rollback"))?.firstYes;
    await forge({ ...signed, by: "U2" });
    expect((await decide("U1")).text).toContain("first of two");
    expect(acts()).toEqual([]);
    expect((await decide("U2")).text).toContain("Approved.");
  });

  test("are not bound to the name of a Job, which each preview makes anew; its digest does count", async () => {
    const down = (name: string, digest = "d"): Intent => ({
      kind: "migrate",
      workload: shopWeb,
      uid: "u",
      files: ["db/migrations/0042_orders.up.sql"],
      job: { name, digest },
    });
    await store.updateIncident(id, (current) => ({ ...current, plan: [aStep({ id: "migrate", kind: "migrate" })] }));
    await decide("U1", down("k8s-why-down-a"));
    expect((await decide("U2", down("k8s-why-down-b", "another"))).text).toContain("void");
    expect((await decide("U1", down("k8s-why-down-c", "another"))).text).toContain("Approved.");
    expect(acts()).toMatchObject([
      { data: { signed: { document: { approval: { intent: { job: { name: "k8s-why-down-c" } } } } } } },
    ]);
  });

  test("the second is shown what the first said yes to, and what is suggested once that is too old", async () => {
    await decide("U1", { ...back, toTemplateHash: "chosen" });
    const viewer = { user: "U2", allowed: true, text: "", breakGlass: false };
    const shown = async (viewId: string) => {
      await press().requestPreview({ incidentId: id, stepId: "rollback", viewId, viewer });
      const asked = jobs.findLast(({ name }) => name === "preview")?.data as JobData<"preview"> | undefined;
      return asked?.order.choice;
    };
    expect(await shown("V1")).toBe("chosen");
    now = NOON + 16 * MINUTE;
    expect(await shown("V2")).toBeUndefined();
  });

  test("at the same moment are one first and one that is told", async () => {
    const answers = await Promise.all([decide("U1"), decide("U2")]);
    expect(acts().length).toBeLessThanOrEqual(1);
    const first = (await stepOf("rollback"))?.firstYes;
    expect(answers.filter(({ text }) => text.includes("first of two")).length).toBeGreaterThanOrEqual(1);
    expect(first === undefined || everybody.includes(first.by)).toBe(true);
  });

  test("a yes that waits survives a new look at the plan, and a restart, until it is too old", async () => {
    await decide("U1");
    const incident = await store.findIncident(id);
    if (!incident) throw new Error("no incident");
    const kept = (at: number) =>
      plan({ ...incident, now: { ...incident.now, at } }, 1.25).find(({ kind }) => kind === "rollback")?.firstYes;
    expect(kept(NOON + MINUTE)).toMatchObject({ by: "U1" });
    expect(kept(NOON + 16 * MINUTE)).toBeUndefined();
  });
});

describe("who it is", () => {
  test.each(["U0GUEST", "U0BOT", "U9"])("%s is refused, at every step", async (user) => {
    const cap: Intent = { kind: "cap", workload: shopWeb, autoscaler: "web", autoscalerUid: "u", fromMax: 4_000, toMax: 96 };
    for (const intent of [cap, back, drain]) expect((await decide(user, intent)).kind).toBe("refused");
    expect(acts()).toEqual([]);
    expect((await press().mayPress({ incidentId: id, stepId: "cap", user })).allowed).toBe(false);
  });

  test("cannot be told while Slack is away: nobody may", async () => {
    const away: PeoplePort = {
      person: () => Promise.reject(new TemporaryError("Slack is away")),
      byEmail: () => Promise.reject(new TemporaryError("Slack is away")),
    };
    await expect(decide("U1", back, { people: away })).rejects.toThrow("Slack is away");
    expect(acts()).toEqual([]);
    expect(await press({ people: away }).mayPress({ incidentId: id, stepId: "cap", user: "U1" })).toMatchObject({
      allowed: false,
      text: expect.stringContaining("Slack does not say who you are"),
    });
    expect(await press({ people: away }).mayJudge({ incidentId: id, suspectId: "s", user: "U1" })).toBe(false);
  });
});

describe("breaking the glass", () => {
  const only = { policy: aPolicy(["U1"], { breakGlass: ["U3", "U0GUEST"] }) };
  const reason = "The site is down and nobody else is awake";

  test("goes past the rules for whom the configuration names, with a reason that all can read", async () => {
    expect((await decide("U3", back, only)).kind).toBe("refused");
    expect((await decide("U3", back, { ...only, breakGlass: reason })).kind).toBe("accepted");
    expect(acts()).toMatchObject([{ data: { signed: { document: { approval: { by: "U3", breakGlass: reason } } } } }]);
    expect(await stepOf("rollback")).toMatchObject({ state: "running", breakGlass: reason });
  });

  test("takes a reason, a name in the configuration, and a member", async () => {
    expect((await decide("U3", back, { ...only, breakGlass: "because" })).kind).toBe("refused");
    expect((await decide("U2", back, { ...only, breakGlass: reason })).kind).toBe("refused");
    expect((await decide("U0GUEST", back, { ...only, breakGlass: reason })).kind).toBe("refused");
    expect(acts()).toEqual([]);
  });

  test("opens no protected namespace, and no stop", async () => {
    const guarded = { policy: { ...only.policy, protectedNamespaces: ["shop"] } };
    expect((await decide("U3", back, { ...guarded, breakGlass: reason })).kind).toBe("refused");
    await press().stop({ user: "U1", on: true });
    expect((await decide("U3", back, { ...only, breakGlass: reason })).text).toContain("stopped");
    expect(acts()).toEqual([]);
  });
});

describe("the stop", () => {
  test("refuses every press until somebody says go", async () => {
    expect(await press().stop({ user: "U1", on: true, reason: "we look at it by hand" })).toMatchObject({ done: true });
    expect(await decide("U1")).toMatchObject({ kind: "refused", text: expect.stringContaining("All acts are stopped") });
    expect(await press().stop({ user: "U2", on: false })).toMatchObject({ done: true });
    expect((await decide("U1")).kind).toBe("accepted");
  });

  test("is not for everybody", async () => {
    expect((await press().stop({ user: "U9", on: true })).done).toBe(false);
    expect((await press().stop({ user: "U0GUEST", on: true })).done).toBe(false);
    expect(await store.findStop()).toBeUndefined();
  });

  test("holds what was approved before it and has not begun", async () => {
    const cap: Intent = { kind: "cap", workload: shopWeb, autoscaler: "web", autoscalerUid: "u", fromMax: 4_000, toMax: 96 };
    await decide("U1", cap);
    await press().stop({ user: "U1", on: true });
    let acted = 0;
    const remediate = createRemediate({
      verbs: {
        ...store,
        ...anyNonce,
        verify,
        whyPersonMayNot: anyPerson,
        act: async () => {
          acted += 1;
          return { kind: "done", text: "" };
        },
        enqueue: async (name, data, options) => void jobs.push({ name, data, id: options.id }),
      },
      cluster: "prod",
      identities: noIdentities,
      policy: aPolicy(everybody),
      now: () => now,
    });
    await remediate(acts()[0]?.data as Parameters<typeof remediate>[0]);
    expect(acted).toBe(0);
    const text = expect.stringContaining("All acts were stopped");
    expect(jobs.at(-1)).toMatchObject({ name: "acted", data: { result: { kind: "refused", text } } });
  });
});
