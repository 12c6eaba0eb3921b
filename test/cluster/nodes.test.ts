import { PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { aDeployment, connect, isReady, type TestCluster } from "./harness.ts";
import { patient } from "#test/real-cluster.ts";

let cluster: TestCluster;
let played = false;
const mergePatch = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

beforeAll(async () => {
  cluster = await connect();
  const { items } = await cluster.core.listNode();
  // Nodes of others are left alone; kwok's, and the simulation's, serve nobody.
  played = items.length > 0 && items.every(({ metadata }) => metadata?.annotations?.["kwok.x-k8s.io/node"] !== undefined);
});
afterAll(() => cluster[Symbol.asyncDispose]());

test("A pod that fits nowhere stays pending, and says that it is unschedulable.", async () => {
  const { namespace, core } = cluster;
  const containers = [{ name: "app", image: "registry.example/app:1", resources: { requests: { cpu: "1000" } } }];
  await core.createNamespacedPod({ namespace, body: { metadata: { name: "huge" }, spec: { containers } } });
  await vi.waitFor(async () => {
    const { items } = await core.listNamespacedPod({ namespace, fieldSelector: "status.phase=Pending,spec.nodeName=" });
    const [pod] = items;
    expect(pod?.metadata?.name).toBe("huge");
    const scheduled = pod?.status?.conditions?.find(({ type }) => type === "PodScheduled");
    expect(scheduled).toMatchObject({ status: "False", reason: "Unschedulable" });
    expect(scheduled?.message).toMatch(/^0\/\d+ nodes are available: .*Insufficient cpu/);
  }, patient);
  await vi.waitFor(async () => {
    const fieldSelector = "involvedObject.name=huge,reason=FailedScheduling,type=Warning";
    const { items } = await core.listNamespacedEvent({ namespace, fieldSelector });
    expect(items.length).toBeGreaterThan(0);
  }, patient);
  await core.deleteNamespacedPod({ name: "huge", namespace });
});

/** To a node, by hand; a pod of its own where there is none of that name. */
async function bind(name: string, node: string): Promise<{ code: number }> {
  const { namespace } = cluster;
  const containers = [{ name: "app", image: "registry.example/app:1" }];
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  await cluster.raw(pods, { method: "POST", body: { metadata: { name }, spec: { schedulerName: "nobody", containers } } });
  const body = { metadata: { name }, target: { apiVersion: "v1", kind: "Node", name: node } };
  return cluster.raw(`${pods}/${name}/binding`, { method: "POST", body });
}

test("A pod may be bound to a node by hand, once.", async (context) => {
  if (!played) context.skip();
  const { namespace, core } = cluster;
  const node = (await core.listNode()).items.at(-1)?.metadata?.name ?? "";
  expect(await bind("bound", node)).toMatchObject({ code: 201 });
  expect(await bind("bound", node)).toMatchObject({ code: 409 });
  const pod = await core.readNamespacedPod({ name: "bound", namespace });
  expect(pod.spec?.nodeName).toBe(node);
  expect(pod.status?.conditions).toEqual(
    expect.arrayContaining([expect.objectContaining({ type: "PodScheduled", status: "True" })]),
  );
  await core.deleteNamespacedPod({ name: "bound", namespace });
});

test("A node says what it holds, and that it is ready.", async (context) => {
  if (!played) context.skip();
  // It may have been born just now.
  await vi.waitFor(async () => {
    const [node] = (await cluster.core.listNode()).items;
    expect(node?.status?.conditions).toEqual(
      expect.arrayContaining([expect.objectContaining({ type: "Ready", status: "True" })]),
    );
    expect(Number(node?.status?.allocatable?.["cpu"])).toBeGreaterThan(0);
  }, patient);
});

test("A cordoned node takes no new pods; evicted ones go elsewhere.", async (context) => {
  if (!played) context.skip();
  const { namespace, core, apps } = cluster;
  const pods = async () => (await core.listNamespacedPod({ namespace, labelSelector: "app=moved" })).items;
  await apps.createNamespacedDeployment({ namespace, body: aDeployment("moved", { replicas: 3 }) });
  await vi.waitFor(async () => expect((await pods()).filter(isReady)).toHaveLength(3), patient);
  const name = (await pods())[0]?.spec?.nodeName ?? "";

  await bind("stays", name);
  const cordoned = await core.patchNode({ name, body: { spec: { unschedulable: true } } }, mergePatch);
  try {
    expect(cordoned.spec?.unschedulable).toBe(true);
    await vi.waitFor(async () => {
      expect((await core.readNode({ name })).spec?.taints).toMatchObject([
        { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" },
      ]);
    }, patient);
    const { items } = await core.listNamespacedPod({
      namespace,
      fieldSelector: `spec.nodeName=${name}`,
      labelSelector: "app=moved",
    });
    expect(items.length).toBeGreaterThan(0);
    for (const { metadata } of items) {
      const pod = { name: metadata?.name ?? "", namespace };
      await core.createNamespacedPodEviction({ ...pod, body: { metadata: pod } });
    }
    await vi.waitFor(async () => {
      const ready = (await pods()).filter(isReady);
      expect(ready).toHaveLength(3);
      expect(ready.map(({ spec }) => spec?.nodeName)).not.toContain(name);
    }, patient);
  } finally {
    await core.patchNode({ name, body: { spec: { unschedulable: null } } }, mergePatch);
  }
  await vi.waitFor(async () => expect((await core.readNode({ name })).spec?.taints ?? []).toEqual([]), patient);
});

/** The scheduler hears of a node's taint a moment after it is there: until then it may place a pod that is for that node alone. */
async function untilTaintIsKnown(node: string): Promise<void> {
  const { namespace, core } = cluster;
  const containers = [{ name: "app", image: "registry.example/app:1" }];
  const pod = { name: "probe", namespace };
  await vi.waitFor(async () => {
    const spec = { containers, nodeSelector: { "kubernetes.io/hostname": node }, terminationGracePeriodSeconds: 0 };
    await core.createNamespacedPod({ namespace, body: { metadata: { name: pod.name }, spec } });
    try {
      const scheduled = await vi.waitFor(async () => {
        const { status } = await core.readNamespacedPod(pod);
        const found = status?.conditions?.find(({ type }) => type === "PodScheduled");
        expect(found).toBeDefined();
        return found;
      }, patient);
      expect(scheduled).toMatchObject({ status: "False", message: expect.stringContaining("untolerated taint") });
    } finally {
      await core.deleteNamespacedPod(pod);
    }
  }, patient);
}

test("A node with a taint takes only pods that tolerate it.", async (context) => {
  if (!played) context.skip();
  const { namespace, core, apps } = cluster;
  const { items } = await core.listNode();
  const name = items.at(-1)?.metadata?.name ?? "";
  const taints = [{ key: "own", value: namespace, effect: "NoSchedule" }];
  await core.patchNode({ name, body: { spec: { taints } } }, mergePatch);
  try {
    if (cluster.real) await untilTaintIsKnown(name);
    const others = aDeployment("others", { replicas: 2 * items.length });
    await apps.createNamespacedDeployment({ namespace, body: others });
    const pods = async () => (await core.listNamespacedPod({ namespace, labelSelector: "app=others" })).items;
    const placed = async () => (await pods()).flatMap(({ spec }) => spec?.nodeName ?? []);
    await vi.waitFor(async () => expect(await placed()).toHaveLength(2 * items.length), patient);
    expect(await placed()).not.toContain(name);

    const tolerations = [{ key: "own", operator: "Equal", value: namespace, effect: "NoSchedule" }];
    const patch = { spec: { replicas: 4 * items.length, template: { spec: { tolerations } } } };
    await apps.patchNamespacedDeployment({ name: "others", namespace, body: patch }, mergePatch);
    await vi.waitFor(async () => expect(await placed()).toContain(name), patient);
  } finally {
    await core.patchNode({ name, body: { spec: { taints: null } } }, mergePatch);
  }
});
