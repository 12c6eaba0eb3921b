import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Approval, StepOrder } from "#domain/order.ts";
import { plan } from "#analysis/plan.ts";
import { silentLog } from "#lib/log.ts";
import { type Store, connectStore } from "#store/store.ts";
import { orderOf } from "#workflow/order.ts";
import { createRecordAct, createRemediate } from "#workflow/steps.ts";
import { type Yard, openYard } from "#test/actions/yard.ts";
import { aSituation, aSpike, aStep, aUsual, anIncident } from "#test/builders.ts";
import { APPROVAL_MS } from "#domain/signed-step.ts";
import { aPolicy, peopleOf } from "./people.ts";
import { anyNonce, anyPerson, noIdentities, signing, verify } from "./signing.ts";
import { startRedis } from "#test/redis.ts";

const id = "inc-1";
const people = peopleOf({});

let stack = new AsyncDisposableStack();
let yard: Yard;
let store: Store;
beforeEach(async () => {
  const redis = stack.use(await startRedis());
  store = stack.use(connectStore({ url: redis.url, now: Date.now, log: silentLog }));
  yard = stack.use(await openYard());
  const workload = { cluster: "prod", namespace: yard.namespace, kind: "Deployment", name: "web" } as const;
  const spike = { ...aSpike(), startedAt: yard.bornSince };
  const drain = aStep({ id: "drain", kind: "drain" });
  const situation = { ...aSituation(), desired: 12, nodes: 5 };
  await store.openIncident(
    anIncident({
      id,
      workload,
      key: `prod/${yard.namespace}/web`,
      status: "recovered",
      spike,
      plan: [drain],
      now: situation,
      usual: { ...aUsual(), replicas: 12, nodes: 1 },
    }),
  );
});
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

/** As the plan has it now. */
async function stepOf(stepId: string) {
  const incident = (await store.findIncident(id))!;
  const steps = plan(incident, 1.25);
  return { incident, step: steps.find((one) => one.id === stepId) };
}

/** Previewed, approved, carried out and written down, as the workflow does it. */
async function press(stepId: string): Promise<void> {
  const { incident, step } = await stepOf(stepId);
  if (!step) throw new Error(`Expected a step "${stepId}" in the plan`);
  const order: StepOrder = orderOf(incident, step, { capMargin: 1.25 });
  const approval: Approval = { ...(await yard.approve(order)), by: "U1", second: "U2", at: Date.now() };
  await store.updateIncident(id, (held) => ({
    ...held,
    plan: [...held.plan.filter((one) => one.id !== stepId), { ...step, state: "running", at: approval.at }],
  }));
  const jobs: unknown[] = [];
  const enqueue = async (_name: string, data: unknown) => void jobs.push(data);
  const document = {
    cluster: "prod",
    approval,
    order,
    approvers: [await people.person("U1"), await people.person("U2")],
    expiresAt: approval.at + APPROVAL_MS,
    nonce: signing.nonce(),
  };
  const act = createRemediate({
    verbs: { ...store, ...yard.steps, ...anyNonce, verify, whyPersonMayNot: anyPerson, enqueue },
    cluster: "prod",
    identities: noIdentities,
    policy: aPolicy(["U1", "U2"]),
    now: Date.now,
  });
  await act({ signed: { document, signature: signing.sign(document) } });
  await createRecordAct({ ...store, enqueue }, Date.now)(jobs[0] as Parameters<ReturnType<typeof createRecordAct>>[0]);
}

const both = () => [yard.nodeName("new-a"), yard.nodeName("new-b")];

describe("a drain", { timeout: 60_000 }, () => {
  it("is undone: the nodes that it cordoned take pods again", async () => {
    await yard.spread();
    const before = (await stepOf("uncordon")).step;

    await press("drain");
    const drained = (await stepOf("drain")).step;
    const offered = (await stepOf("uncordon")).step;
    const cordoned = await yard.cordoned();
    await press("uncordon");

    expect(before).toBeUndefined();
    expect(drained).toMatchObject({
      state: "done",
      outcome: expect.stringMatching(/Foretold: \d+ evictions, none blocked, about .* It was: \d+, none, /),
    });
    expect(offered).toMatchObject({ aside: "undo", state: "ready" });
    expect(cordoned.length).toBeGreaterThan(0);
    expect(await yard.cordoned()).toEqual([]);
    expect((await stepOf("uncordon")).step).toMatchObject({ state: "done" });
  });

  it("that stopped half way is undone as well, and its step may be pressed again", async () => {
    await yard.spread();
    await yard.guard("web", { maxUnavailable: 0 }, { disruptionsAllowed: 0, expectedPods: 12 });

    await press("drain");
    const stopped = (await stepOf("drain")).step;
    const cordoned = await yard.cordoned();
    await press("uncordon");

    expect(stopped).toMatchObject({ state: "failed", did: { kind: "drain" }, outcome: expect.stringMatching(/^Stopped at /) });
    expect(cordoned).toEqual(both());
    expect(await yard.cordoned()).toEqual([]);
    expect((await yard.podsOn("new-a")).length).toBeGreaterThan(0);
  });
});
