import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Approval, StepOrder } from "#domain/order.ts";
import { expectKube, findKube } from "#clients/kubernetes/answer.ts";
import { listNodes, listPods } from "#clients/kubernetes/api.ts";
import { createPace } from "#actions/pace.ts";
import { evictPod } from "#clients/kubernetes/eviction.ts";
import { readPodsOn } from "#actions/pods.ts";
import { type Field, aDeployment, anApproval, anOrder, expectPreview, openField, untilReady } from "#test/actions/harness.ts";

// The nodes are kwok's or the simulation's, of our own making: only pods of this test may run on them.
let field: Field;
let bornSince: number;

beforeEach(async () => {
  field = await openField();
  await createNode("old");
  // Kubernetes' times are whole seconds: the others shall be born in a later one.
  bornSince = (await bornAtOf("old")) + 1_000;
  await vi.waitUntil(() => Date.now() >= bornSince, { timeout: 5_000 });
  await createNode("new-a");
  await createNode("new-b");
  for (const name of ["old", "new-a", "new-b"]) await vi.waitUntil(() => takesPods(name), { timeout: 30_000 });
});
afterEach(async () => {
  for (const node of await ownNodes())
    await findKube(field.connection, { method: "DELETE", path: `/api/v1/nodes/${node.metadata.name}` });
  await field[Symbol.asyncDispose]();
});

const nodeName = (name: string) => `${field.namespace}-${name}`;
const ownNodes = async () =>
  (await listNodes(field.connection)).filter(({ metadata }) => metadata.name.startsWith(`${field.namespace}-`));
const cordonedNodes = async () =>
  (await ownNodes())
    .filter(({ spec }) => spec?.unschedulable)
    .map(({ metadata }) => metadata.name)
    .sort();
const bornAtOf = async (name: string) => Date.parse((await field.read("v1/nodes", nodeName(name))).metadata.creationTimestamp);

function createNode(name: string): Promise<void> {
  const offered = { cpu: "4", memory: "64Gi", pods: "110" };
  const labels = { "kubernetes.io/hostname": nodeName(name), type: "kwok", own: field.namespace };
  return field.create("v1/nodes", {
    metadata: { name: nodeName(name), labels, annotations: { "kwok.x-k8s.io/node": "fake" } },
    spec: { taints: [{ key: "own", value: field.namespace, effect: "NoSchedule" }] },
    status: {
      capacity: offered,
      allocatable: offered,
      conditions: [{ type: "Ready", status: "True", reason: "KubeletReady", message: "" }],
    },
  });
}

/** New nodes carry a taint until the controllers have seen them ready. */
async function takesPods(name: string): Promise<boolean> {
  const { spec, status } = await field.read("v1/nodes", nodeName(name));
  const ready = status?.conditions?.some(
    (condition: { type: string; status: string }) => condition.type === "Ready" && condition.status === "True",
  );
  return ready === true && spec.taints?.length === 1;
}

/** Pods that run on nodes of our own only. */
function anOwnDeployment(pod: object = {}, replicas = 12) {
  const own = {
    nodeSelector: { own: field.namespace },
    tolerations: [{ key: "own", operator: "Exists" }],
    terminationGracePeriodSeconds: 1,
  };
  return aDeployment({ replicas }, { ...own, ...pod });
}

async function podsOn(name: string): Promise<number> {
  return (await listPods(field.connection, field.namespace)).filter(({ spec }) => spec.nodeName === nodeName(name)).length;
}

function theOrder(over: Partial<StepOrder> = {}): StepOrder {
  return anOrder(field, { kind: "drain", bornSince, keepNodes: 1, ...over });
}

/** Others may be adding nodes to the same cluster: the yes is for ours only. */
async function theApproval(order: StepOrder): Promise<Approval> {
  const approval = await anApproval(field, order);
  const { intent } = approval;
  if (intent.kind !== "drain") throw new Error("Expected an intent to drain");
  return { ...approval, intent: { ...intent, nodes: intent.nodes.filter(({ name }) => name.startsWith(field.namespace)) } };
}

async function spread(pod: object = {}): Promise<void> {
  await field.create("apps/v1/deployments", anOwnDeployment(pod));
  await untilReady(field, 12);
  expect(await podsOn("new-a")).toBeGreaterThan(0);
  expect(await podsOn("new-b")).toBeGreaterThan(0);
}

describe("drain", { timeout: 120_000 }, () => {
  it("shows the nodes born in the spike and the pods that move, and does nothing", async () => {
    await spread();
    const moving = (await podsOn("new-a")) + (await podsOn("new-b"));

    const preview = expectPreview(await field.steps.preview(theOrder()));

    const { intent } = preview;
    const names = intent.kind === "drain" ? intent.nodes.map(({ name }) => name) : [];
    expect(names).toEqual(expect.arrayContaining([nodeName("new-a"), nodeName("new-b")]));
    expect(names).not.toContain(nodeName("old"));
    expect(preview.dryRun).toBe("accepted");
    expect(Number(/^(\d+) pods/.exec(preview.effects[1] ?? "")?.[1])).toBeGreaterThanOrEqual(moving);
    expect(await cordonedNodes()).toEqual([]);
  });

  it("cordons and empties them, leaves the old one alone, and finds it done the second time", async () => {
    await spread();
    const order = theOrder();
    const approval = await theApproval(order);

    const first = await field.steps.act(approval, order);

    expect(first).toMatchObject({ kind: "done", text: expect.stringContaining("2 nodes cordoned and emptied") });
    expect([await podsOn("new-a"), await podsOn("new-b")]).toEqual([0, 0]);
    expect(field.progress).toContain("2 nodes of 2 emptied.");
    await untilReady(field, 12);
    expect(await podsOn("old")).toBeGreaterThan(0);
    expect(await cordonedNodes()).not.toContain(nodeName("old"));
    expect((await field.steps.act(approval, order)).kind).toMatch(/^(done|already-done)$/);
  });

  it("lets a tenth of a workload go at once, and no more until others are ready in their place", async () => {
    await field.create("apps/v1/deployments", anOwnDeployment({}, 30));
    await untilReady(field, 30);
    for (const node of await ownNodes()) await field.merge("v1/nodes", node.metadata.name, { spec: { unschedulable: true } });
    const pods = await readPodsOn(field.connection, nodeName("new-a"));
    let now = 0;
    const pace = createPace({ connection: field.connection, clock: { now: () => now, sleep: async () => {} } });

    const asked = await Promise.all(pods.slice(0, 5).map((pod) => pace.mayGo(pod)));
    for (const pod of pods.slice(0, 3)) await evictPod(field.connection, pod);
    const ready = () => field.read("apps/v1/deployments", "web").then(({ status }) => status.readyReplicas);
    await expect.poll(ready, { timeout: 30_000 }).toBe(27);
    now += 60_000;
    const whileAway = await pace.mayGo(pods[3]!);
    for (const node of await ownNodes()) await field.merge("v1/nodes", node.metadata.name, { spec: { unschedulable: null } });
    await expect.poll(ready, { timeout: 30_000 }).toBe(30);
    now += 60_000;
    const afterwards = await pace.mayGo(pods[3]!);

    expect(asked.filter(Boolean)).toHaveLength(3);
    expect([whileAway, afterwards]).toEqual([false, true]);
  });

  it("goes on where a crash left it", async () => {
    await spread();
    const order = theOrder();
    const approval = await theApproval(order);
    await field.merge("v1/nodes", nodeName("new-b"), { spec: { unschedulable: true } });
    const [pod] = (await listPods(field.connection, field.namespace)).filter(({ spec }) => spec.nodeName === nodeName("new-b"));
    const path = `/api/v1/namespaces/${field.namespace}/pods/${pod?.metadata.name}/eviction`;
    const metadata = { name: pod?.metadata.name, namespace: field.namespace };
    await expectKube(field.connection, { method: "POST", path, body: { apiVersion: "policy/v1", kind: "Eviction", metadata } });

    const result = await field.steps.act(approval, order);

    expect(result.kind).toBe("done");
    expect([await podsOn("new-a"), await podsOn("new-b")]).toEqual([0, 0]);
  });

  it("stops short of the nodes that must be kept", async () => {
    const all = (await listNodes(field.connection)).length;

    const preview = expectPreview(await field.steps.preview(theOrder({ keepNodes: all - 1 })));

    expect(preview.intent).toMatchObject({ nodes: [expect.anything()] });
    const none = await field.steps.preview(theOrder({ keepNodes: all + 100 }));
    expect(none.kind).toBe("already-done");
    const order = theOrder();
    const result = await field.steps.act(await theApproval(order), { ...order, keepNodes: all + 100 });
    expect(result).toMatchObject({ kind: "refused", text: expect.stringContaining("No node was given back") });
    expect(await cordonedNodes()).toEqual([]);
  });

  it("leaves a node whose pods keep data there", async () => {
    await spread({ volumes: [{ name: "cache", emptyDir: {} }] });

    const result = await field.steps.preview(theOrder());

    const said = result.kind === "preview" ? result.preview.warnings.join() : result.text;
    expect(said).toContain("keeps data in an emptyDir");
    const nodes = result.kind === "preview" && result.preview.intent.kind === "drain" ? result.preview.intent.nodes : [];
    expect(nodes.filter(({ name }) => name.startsWith(field.namespace))).toEqual([]);
  });

  it("gives up after a while on what a budget protects, says so, and can be pressed again", async () => {
    await spread();
    const order = theOrder();
    await field.create("policy/v1/poddisruptionbudgets", {
      metadata: { name: "web" },
      spec: { minAvailable: 12, selector: { matchLabels: { app: "web" } } },
    });
    await expect
      .poll(async () => (await field.read("policy/v1/poddisruptionbudgets", "web")).status?.currentHealthy, { timeout: 30_000 })
      .toBe(12);
    const preview = expectPreview(await field.steps.preview(order));
    expect(preview.warnings.join("\n")).toContain(`"${field.namespace}/web" allows no eviction now`);
    const approval = await theApproval(order);

    const blocked = await field.steps.act(approval, order);
    await field.merge("policy/v1/poddisruptionbudgets", "web", { spec: { minAvailable: 1 } });
    await expect
      .poll(async () => (await field.read("policy/v1/poddisruptionbudgets", "web")).status?.disruptionsAllowed, {
        timeout: 30_000,
      })
      .toBe(11);
    const freed = await field.steps.act(approval, order);

    expect(blocked).toMatchObject({ kind: "refused", text: expect.stringContaining("Still pods on 2 cordoned nodes") });
    expect(freed.kind).toBe("done");
  });

  it("has nothing to do when no node was added, and refuses without a moment", async () => {
    const later = Date.now() + 365 * 24 * 3_600_000;

    expect((await field.steps.preview(theOrder({ bornSince: later }))).kind).toBe("already-done");
    expect((await field.steps.preview(theOrder({ bornSince: undefined }))).kind).toBe("refused");
  });
});
