import { PatchStrategy, setHeaderOptions, type V1Deployment, type V1ReplicaSet } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { aDeployment, connect, isReady, type TestCluster } from "./harness.ts";
import { patient } from "#test/real-cluster.ts";

let cluster: TestCluster;
const name = "rolled";
const revisionKey = "deployment.kubernetes.io/revision";
const hash = "pod-template-hash";
const jsonPatch = setHeaderOptions("Content-Type", PatchStrategy.JsonPatch);
const strategicPatch = setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch);

beforeAll(async () => {
  cluster = await connect();
});
afterAll(() => cluster[Symbol.asyncDispose]());

const read = () => cluster.apps.readNamespacedDeployment({ name, namespace: cluster.namespace });
const listPods = async () =>
  (await cluster.core.listNamespacedPod({ namespace: cluster.namespace, labelSelector: `app=${name}` })).items;
const listSets = async () =>
  (await cluster.apps.listNamespacedReplicaSet({ namespace: cluster.namespace, labelSelector: `app=${name}` })).items;
const revisionOf = ({ metadata }: V1Deployment | V1ReplicaSet) => metadata?.annotations?.[revisionKey];

async function setImage(image: string, annotations: Record<string, string> = {}): Promise<void> {
  const body = { spec: { template: { metadata: { annotations }, spec: { containers: [{ name: "app", image }] } } } };
  await cluster.apps.patchNamespacedDeployment({ name, namespace: cluster.namespace, body }, strategicPatch);
}

/**
 * The pods that a Deployment's ReplicaSets asked for together, after each of their changes in order. A Deployment's own
 * `status.replicas` may say more for a moment: it adds up statuses of different age.
 */
function askedFor(changes: V1ReplicaSet[]): number[] {
  const asked = new Map<string, number>();
  return changes.map(({ metadata, spec }) => {
    asked.set(metadata?.uid ?? "", spec?.replicas ?? 0);
    return [...asked.values()].reduce((sum, replicas) => sum + replicas, 0);
  });
}

async function rolledOut(revision: string, replicas: number): Promise<V1Deployment> {
  return vi.waitFor(async () => {
    const deployment = await read();
    expect(revisionOf(deployment)).toBe(revision);
    expect(deployment.status).toMatchObject({
      replicas,
      updatedReplicas: replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
    });
    expect(deployment.status?.observedGeneration).toBe(deployment.metadata?.generation);
    return deployment;
  }, patient);
}

test("A new Deployment becomes revision 1: one ReplicaSet, named by its hash.", async () => {
  await cluster.apps.createNamespacedDeployment({ namespace: cluster.namespace, body: aDeployment(name, { replicas: 4 }) });
  const deployment = await rolledOut("1", 4);
  const sets = await listSets();
  const label = sets[0]!.metadata!.labels![hash]!;

  expect(label).toMatch(/^[a-z0-9]+$/);
  expect(sets).toMatchObject([
    {
      metadata: {
        name: `${name}-${label}`,
        annotations: { [revisionKey]: "1" },
        ownerReferences: [{ kind: "Deployment", name, uid: deployment.metadata?.uid, controller: true }],
      },
      spec: { selector: { matchLabels: { app: name, [hash]: label } } },
    },
  ]);
});

test("Its pods are named after their ReplicaSet, owned by it, placed, running and ready.", async () => {
  const [set] = await listSets();
  const pods = await listPods();
  expect(pods).toHaveLength(4);
  for (const pod of pods) {
    expect(pod.metadata?.name).toMatch(new RegExp(`^${set!.metadata!.name}-[a-z0-9]{5}$`));
    expect(pod.metadata?.ownerReferences).toMatchObject([{ kind: "ReplicaSet", name: set?.metadata?.name, controller: true }]);
    expect(pod.spec?.nodeName).toBeTruthy();
    expect(pod.status?.phase).toBe("Running");
    expect(isReady(pod)).toBe(true);
    expect(pod.status?.conditions?.map(({ type }) => type)).toEqual(expect.arrayContaining(["PodScheduled", "Ready"]));
  }
});

test("A Deployment says that it is available and has got there.", async () => {
  await vi.waitFor(async () => {
    const conditions = (await read()).status?.conditions ?? [];
    expect(conditions).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: "Available", status: "True", reason: "MinimumReplicasAvailable" }),
        expect.objectContaining({ type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" }),
      ]),
    );
  }, patient);
});

test("A new template rolls out within its surge, and the old ReplicaSet stays, empty.", async () => {
  await using deployments = await cluster.stream(`/apis/apps/v1/namespaces/${cluster.namespace}/deployments`, {
    fieldSelector: `metadata.name=${name}`,
  });
  await using sets = await cluster.stream(`/apis/apps/v1/namespaces/${cluster.namespace}/replicasets`, {
    labelSelector: `app=${name}`,
  });
  await setImage("registry.example/app:2");
  await rolledOut("2", 4);

  const available = deployments.lines.map(({ object }) => (object as V1Deployment).status?.availableReplicas ?? 0);
  expect(Math.min(...available)).toBeGreaterThanOrEqual(3);
  expect(Math.max(...askedFor(sets.lines.map(({ object }) => object as V1ReplicaSet)))).toBe(5);
  await vi.waitFor(async () => {
    const sets = (await listSets()).sort((one, other) => Number(revisionOf(one)) - Number(revisionOf(other)));
    expect(sets.map((set) => [revisionOf(set), set.spec?.replicas, set.status?.replicas])).toEqual([
      ["1", 0, 0],
      ["2", 4, 4],
    ]);
  }, patient);
  await vi.waitFor(async () => expect(await listPods()).toHaveLength(4), patient);
});

test("Going back to an old template takes its ReplicaSet again, under a new revision.", async () => {
  const [old] = (await listSets()).filter((set) => revisionOf(set) === "1");
  const raw = await cluster.raw(`/apis/apps/v1/namespaces/${cluster.namespace}/replicasets/${old?.metadata?.name}`);
  const template = raw.body.spec.template as { metadata: { labels: Record<string, string> } };
  const { [hash]: _, ...labels } = template.metadata.labels;
  const value = { ...template, metadata: { ...template.metadata, labels } };
  const current = await cluster.raw(`/apis/apps/v1/namespaces/${cluster.namespace}/deployments/${name}`);
  const body = [
    { op: "test", path: "/metadata/annotations/deployment.kubernetes.io~1revision", value: "2" },
    { op: "test", path: "/spec/template", value: current.body.spec.template },
    { op: "replace", path: "/spec/template", value },
  ];
  await cluster.apps.patchNamespacedDeployment(
    { name, namespace: cluster.namespace, body, fieldManager: "conformance" },
    jsonPatch,
  );
  await rolledOut("3", 4);

  const sets = await listSets();
  const back = sets.find(({ metadata }) => metadata?.uid === old?.metadata?.uid);
  expect(sets).toHaveLength(2);
  expect(revisionOf(back!)).toBe("3");
  expect(back?.metadata?.annotations?.["deployment.kubernetes.io/revision-history"]).toBe("1");
});

test("A template whose pods never get ready stops half-way, and the old pods go on serving.", async () => {
  await setImage("registry.example/app:4", { "load/never-ready": "true" });
  await vi.waitFor(async () => {
    const { status } = await read();
    expect(status).toMatchObject({ replicas: 5, updatedReplicas: 2, readyReplicas: 3, unavailableReplicas: 2 });
  }, patient);
  const ready = (await listPods()).filter(isReady);
  expect(ready.map(({ spec }) => spec?.containers[0]?.image)).toEqual(Array(3).fill("registry.example/app:1"));
});

test("A paused Deployment takes a new template without rolling it out.", async () => {
  const { namespace } = cluster;
  const sets = (await listSets()).length;
  const paused = { name, namespace, body: [{ op: "add", path: "/spec/paused", value: true }] };
  await cluster.apps.patchNamespacedDeployment(paused, jsonPatch);
  await setImage("registry.example/app:5");
  await vi.waitFor(async () => {
    const deployment = await read();
    expect(deployment.status?.observedGeneration).toBe(deployment.metadata?.generation);
  }, patient);
  expect(await listSets()).toHaveLength(sets);
});

test("Deleting a Deployment takes its ReplicaSets and pods along.", async () => {
  await cluster.apps.deleteNamespacedDeployment({ name, namespace: cluster.namespace });
  await vi.waitFor(async () => {
    expect(await listSets()).toEqual([]);
    expect(await listPods()).toEqual([]);
  }, patient);
});

test("A Deployment that is deleted without its dependents leaves its ReplicaSet, ownerless.", async () => {
  const { namespace } = cluster;
  await cluster.apps.createNamespacedDeployment({ namespace, body: aDeployment("left") });
  const sets = async () => (await cluster.apps.listNamespacedReplicaSet({ namespace, labelSelector: "app=left" })).items;
  await vi.waitFor(async () => expect(await sets()).toHaveLength(1), patient);
  await cluster.apps.deleteNamespacedDeployment({ name: "left", namespace, body: { propagationPolicy: "Orphan" } });
  await vi.waitFor(async () => expect((await sets())[0]?.metadata?.ownerReferences ?? []).toEqual([]), patient);
  await vi.waitFor(async () => {
    const gone = cluster.apps.readNamespacedDeployment({ name: "left", namespace });
    await expect(gone).rejects.toMatchObject({ code: 404 });
  }, patient);
  expect(await sets()).toHaveLength(1);
});
