import type { V1Eviction } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { aDeployment, connect, isReady, refusal, type TestCluster } from "./harness.ts";
import { patient } from "#test/real-cluster.ts";

let cluster: TestCluster;
const app = "guarded";

beforeAll(async () => {
  cluster = await connect();
  await cluster.apps.createNamespacedDeployment({ namespace: cluster.namespace, body: aDeployment(app, { replicas: 3 }) });
  await untilReady();
});
afterAll(() => cluster[Symbol.asyncDispose]());

async function readyPods(): Promise<{ name: string; uid: string }[]> {
  const { items } = await cluster.core.listNamespacedPod({ namespace: cluster.namespace, labelSelector: `app=${app}` });
  return items.filter(isReady).map(({ metadata }) => ({ name: metadata?.name ?? "", uid: metadata?.uid ?? "" }));
}

async function untilReady(): Promise<void> {
  await vi.waitUntil(async () => (await readyPods()).length === 3, patient);
}

function evict(name: string, deleteOptions: V1Eviction["deleteOptions"] = {}): Promise<unknown> {
  const { namespace } = cluster;
  return cluster.core.createNamespacedPodEviction({ name, namespace, body: { metadata: { name, namespace }, deleteOptions } });
}

async function aBudget(name: string, minAvailable: number | string): Promise<void> {
  const { namespace } = cluster;
  const spec = { minAvailable, selector: { matchLabels: { app } } };
  await cluster.policy.createNamespacedPodDisruptionBudget({ namespace, body: { metadata: { name }, spec } });
}

async function budgetSays(name: string, status: object): Promise<unknown> {
  const { namespace } = cluster;
  const found = () => cluster.policy.readNamespacedPodDisruptionBudget({ name, namespace });
  return vi.waitFor(async () => {
    const { status: said } = await found();
    expect(said).toMatchObject(status);
    return said;
  }, patient);
}

const dropBudget = (name: string) => cluster.policy.deleteNamespacedPodDisruptionBudget({ name, namespace: cluster.namespace });

test("A budget counts the pods that it guards.", async () => {
  await aBudget("counts", "34%");
  const said = await budgetSays("counts", { expectedPods: 3, currentHealthy: 3, desiredHealthy: 2, disruptionsAllowed: 1 });
  await dropBudget("counts");
  expect(said).toMatchObject({
    observedGeneration: 1,
    conditions: [{ type: "DisruptionAllowed", status: "True", reason: "SufficientPods" }],
  });
});

test("A budget that needs them all says not now: 429, with the cause.", async () => {
  await aBudget("all", 3);
  await budgetSays("all", { currentHealthy: 3, desiredHealthy: 3, disruptionsAllowed: 0 });
  const [pod] = await readyPods();
  const answer = await refusal(evict(pod!.name));
  const dry = await refusal(evict(pod!.name, { dryRun: ["All"] }));
  await dropBudget("all");

  expect(answer).toMatchObject({ code: 429, reason: "TooManyRequests", causes: [{ reason: "DisruptionBudget" }] });
  expect(dry.code).toBe(429);
  expect((await readyPods()).map(({ uid }) => uid)).toContain(pod!.uid);
});

test("Two budgets over one pod are an error of 500.", async () => {
  await Promise.all([aBudget("one", 1), aBudget("two", 1)]);
  await Promise.all([budgetSays("one", { disruptionsAllowed: 2 }), budgetSays("two", { disruptionsAllowed: 2 })]);
  const [pod] = await readyPods();
  expect(await refusal(evict(pod!.name))).toMatchObject({ code: 500 });
  await Promise.all([dropBudget("one"), dropBudget("two")]);
});

test("A budget with room lets one pod go, then none until another is ready.", async () => {
  await aBudget("room", 2);
  await budgetSays("room", { disruptionsAllowed: 1 });
  const [first, second] = await readyPods();
  await evict(first!.name);
  expect(await refusal(evict(second!.name))).toMatchObject({ code: 429 });

  await budgetSays("room", { currentHealthy: 3, disruptionsAllowed: 1 });
  const uids = (await readyPods()).map(({ uid }) => uid);
  expect(uids).toHaveLength(3);
  expect(uids).not.toContain(first!.uid);
  await dropBudget("room");
});

test("An eviction is bound to a uid and a name, and may be tried without effect.", async () => {
  const { namespace } = cluster;
  const [pod] = await readyPods();
  const other = await refusal(evict(pod!.name, { preconditions: { uid: "other" } }));
  const gone = await refusal(evict("nobody"));
  const path = `/api/v1/namespaces/${namespace}/pods/${pod!.name}/eviction`;
  const wrong = await cluster.raw(path, { method: "POST", body: { metadata: { name: "other" } } });
  await evict(pod!.name, { dryRun: ["All"] });

  expect(other).toMatchObject({ code: 409, reason: "Conflict" });
  expect(gone).toMatchObject({ code: 404 });
  expect(wrong).toMatchObject({ code: 400 });
  const found = await cluster.core.readNamespacedPod({ name: pod!.name, namespace });
  expect(found.metadata?.deletionTimestamp).toBeUndefined();
});

test("A deleted pod answers with itself as it goes, and is replaced.", async () => {
  const { namespace } = cluster;
  const [pod] = await readyPods();
  const going = await cluster.core.deleteNamespacedPod({ name: pod!.name, namespace });
  expect(going.metadata).toMatchObject({ uid: pod!.uid, deletionGracePeriodSeconds: 30 });
  await vi.waitFor(async () => {
    const uids = (await readyPods()).map(({ uid }) => uid);
    expect(uids).toHaveLength(3);
    expect(uids).not.toContain(pod!.uid);
  }, patient);
});
