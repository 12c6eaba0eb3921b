import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Incident } from "#domain/incident.ts";
import type { RollbackIntent } from "#domain/intent.ts";
import { noSignals } from "#domain/sample.ts";
import { type Store, connectStore } from "#store/store.ts";
import { advance } from "#workflow/advance.ts";
import { orderOf } from "#workflow/order.ts";
import { createRecordAct } from "#workflow/steps.ts";
import { silentLog } from "#lib/log.ts";
import { type Field, aDeployment, anOrder, expectPreview, openField, untilReady } from "#test/actions/harness.ts";
import { MINUTE, NOON, aDiagnosis, aPool, aState, aStep, anIncident } from "#test/builders.ts";
import { type TestRedis, startRedis } from "#test/redis.ts";

const deployments = "apps/v1/deployments";

let redis: TestRedis;
let store: Store;
let field: Field;
let incident: Incident;
beforeAll(async () => {
  redis = await startRedis();
  store = connectStore({ url: redis.url, now: () => NOON, log: silentLog });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});
beforeEach(async () => {
  field = await openField();
});
afterEach(() => field[Symbol.asyncDispose]());

const imageOf = async () => (await field.read(deployments, "web")).spec.template.spec.containers[0].image;

/** The incident of a Deployment that runs a bad revision 2, with the rollback to press. */
async function aRunaway(): Promise<void> {
  await field.create(deployments, aDeployment());
  await untilReady(field, 4);
  const containers = [{ name: "app", image: "registry.example/web:bad", resources: { requests: { cpu: "10m" } } }];
  await field.merge(deployments, "web", { spec: { template: { spec: { containers } } } });
  await untilReady(field, 4);
  const { intent } = expectPreview(await field.steps.preview(anOrder(field, { kind: "rollback", revision: 1 })));
  const { workload } = anOrder(field, { kind: "rollback" });
  const goodRevision = { revision: 1, templateHash: (intent as RollbackIntent).toTemplateHash };
  incident = anIncident({
    id: `inc-${field.namespace}`,
    workload,
    key: `prod/${field.namespace}/web`,
    diagnosis: aDiagnosis({ goodRevision }),
    plan: [aStep({ id: "rollback", kind: "rollback" })],
  });
  await store.openIncident(incident);
}

/** Shown, approved, carried out and written down, as the agent and the analyst do it. */
async function press(stepId: string, at: number) {
  const found = incident.plan.find(({ id }) => id === stepId);
  if (!found) throw new Error(`There is no step ${stepId}`);
  const order = orderOf(incident, found, { capMargin: 1.25 });
  const preview = expectPreview(await field.steps.preview(order));
  const approval = { incidentId: incident.id, stepId, by: "U1", at, intent: preview.intent };
  const result = await field.steps.act(approval, order);
  await createRecordAct({ ...store, enqueue: async () => {} }, () => at)({ approval, result });
  incident = (await store.findIncident(incident.id)) ?? incident;
  return { preview, result, intent: preview.intent as RollbackIntent };
}

/** The next look at the workload, which runs that template. */
async function look(at: number, templateHash: string): Promise<void> {
  const state = aState({ at, desired: 4, templateHash, autoscaler: undefined });
  incident = advance(incident, { at, state, pool: aPool(), signals: noSignals, capMargin: 1.25 }) ?? incident;
  await store.updateIncident(incident.id, () => incident);
}

const stateOf = (id: string) => incident.plan.find((step) => step.id === id)?.state;

describe("undo of a rollback", () => {
  it("runs what ran before again, from the first press to the last", async () => {
    await aRunaway();

    const rolled = await press("rollback", NOON);
    expect(rolled.result.kind).toBe("done");
    expect(await imageOf()).toBe("registry.example/web:1");
    await untilReady(field, 4);
    await look(NOON + MINUTE, rolled.intent.toTemplateHash);
    expect([stateOf("rollback"), stateOf("undo-rollback")]).toEqual(["done", "ready"]);

    const undone = await press("undo-rollback", NOON + 2 * MINUTE);
    expect(undone.intent).toMatchObject({
      fromTemplateHash: rolled.intent.toTemplateHash,
      toTemplateHash: rolled.intent.fromTemplateHash,
    });
    expect(undone.preview.warnings.filter((text) => text.includes("Nobody has looked"))).toEqual([]);
    expect(undone.result.kind).toBe("done");
    expect(await imageOf()).toBe("registry.example/web:bad");
    expect(stateOf("undo-rollback")).toBe("done");
  });

  it("leaves the rollback to be pressed again, and offers no undo of what is undone", async () => {
    await aRunaway();
    const rolled = await press("rollback", NOON);
    await untilReady(field, 4);

    // Somebody takes it back after it has helped.
    incident = { ...incident, status: "recovered", recoveredAt: NOON + 4 * MINUTE };
    await look(NOON + 5 * MINUTE, rolled.intent.fromTemplateHash);

    expect(incident.status).not.toBe("open");

    expect([stateOf("rollback"), stateOf("undo-rollback")]).toEqual(["ready", undefined]);
  });

  it("is not offered once somebody has rolled out something else", async () => {
    await aRunaway();
    await press("rollback", NOON);

    await look(NOON + MINUTE, "another");

    expect(stateOf("undo-rollback")).toBeUndefined();
  });
});
