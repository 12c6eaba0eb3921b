import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import * as api from "#clients/kubernetes/api.ts";
import { createKubeConnection, type KubeConnection } from "#clients/kubernetes/connection.ts";
import { evictPod } from "#clients/kubernetes/eviction.ts";
import { ConfigurationError, StaleError, TemporaryError } from "#lib/errors.ts";
import { createManualClock } from "#sim/clock.ts";
import { startSimulatedCluster, type Manifest, type SimulatedCluster } from "#sim/cluster/cluster.ts";
import { startFaultServer } from "./fault-server.ts";

let cluster: SimulatedCluster;
let connection: KubeConnection;
let folder: string;

beforeEach(async () => {
  const clock = createManualClock(Date.UTC(2026, 10, 2, 9));
  cluster = await startSimulatedCluster({ clock, seed: 1, nodes: 2, stepped: true, objects: [shop, web, budget] });
  folder = await mkdtemp(join(tmpdir(), "why-api-"));
  await writeFile(join(folder, "kubeconfig"), cluster.kubeconfig);
  connection = createKubeConnection({ kubeconfigPath: join(folder, "kubeconfig") });
});

afterEach(async () => {
  await connection.close();
  await cluster[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const shop: Manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };

const web: Manifest = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop" },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "app", image: "web:1", resources: { requests: { cpu: "10m" } } }] },
    },
  },
};

const budget: Manifest = {
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "web", namespace: "shop" },
  spec: { minAvailable: 2, selector: { matchLabels: { app: "web" } } },
};

test("reads what is there, and undefined where nothing is", async () => {
  expect((await api.readDeployment(connection, "shop", "web"))?.spec.replicas).toBe(2);
  expect(await api.readDeployment(connection, "shop", "nope")).toBeUndefined();
  expect(await api.listReplicaSets(connection, "shop", "app=web")).toHaveLength(1);
  const pods = await api.listPods(connection, "shop", "app=web");
  const node = pods[0]?.spec.nodeName ?? "";
  expect(pods).toHaveLength(2);
  expect((await api.listPodsOnNode(connection, node)).map(({ metadata }) => metadata.name)).toContain(pods[0]?.metadata.name);
  expect(await api.listNodes(connection)).toHaveLength(2);
});

test("takes a failed test of a JSON patch for stale, and a refused value for an error", async () => {
  const patch = (...operations: api.JsonPatchOperation[]) =>
    api.patchDeployment(connection, "shop", "web", { type: "json", operations });

  await expect(
    patch({ op: "test", path: "/spec/replicas", value: 3 }, { op: "replace", path: "/spec/replicas", value: 9 }),
  ).rejects.toThrow(StaleError);
  const refused = await patch({ op: "replace", path: "/spec/replicas", value: -1 }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Error);
  expect(refused).not.toBeInstanceOf(StaleError);
  await expect(
    patch({ op: "test", path: "/spec/replicas", value: 2 }, { op: "replace", path: "/spec/replicas", value: 4 }),
  ).resolves.toMatchObject({ spec: { replicas: 4 } });
});

test("stores nothing in a dry run, and names its field manager", async () => {
  const body = { spec: { replicas: 7 } };

  const shown = await api.patchDeployment(
    connection,
    "shop",
    "web",
    { type: "merge", body },
    { dryRun: true, fieldManager: "k8s-why" },
  );
  const stored = await api.readDeployment(connection, "shop", "web");
  const written = await api.patchDeployment(connection, "shop", "web", { type: "merge", body }, { fieldManager: "k8s-why" });

  expect([shown.spec.replicas, stored?.spec.replicas, written.spec.replicas]).toEqual([7, 2, 7]);
  expect(written.metadata.managedFields?.map(({ manager }) => manager)).toContain("k8s-why");
});

test("evicts as the budget allows, and no namesake", async () => {
  const [pod] = await api.listPods(connection, "shop", "app=web");
  const { name, uid } = pod!.metadata;
  const evict = (over: object = {}) => evictPod(connection, { namespace: "shop", name, uid, ...over });

  expect(await evict()).toMatchObject({
    kind: "blocked",
    byBudget: true,
    reason: expect.stringMatching(/^The disruption budget web needs/) as string,
  });
  expect(await evict({ name: "nope" })).toEqual({ kind: "gone" });
  cluster.store.delete("policy/v1/poddisruptionbudgets", "shop", "web");
  expect(await evict({ uid: "00000000-0000-4000-8000-000000000000" })).toEqual({ kind: "gone" });
  expect(await evict()).toEqual({ kind: "evicted" });
});

test("asks nothing of a pod that goes with its namespace, and takes any other no for one", async () => {
  await using server = await startFaultServer();
  await using faulty = createKubeConnection({ kubeconfigPath: server.kubeconfigPath });
  const pod = { namespace: "shop", name: "web-1" };
  const refuse = (causes: object[]) =>
    server.faults.push({
      on: "list",
      answer: (_, response) => void response.writeHead(403).end(JSON.stringify({ kind: "Status", code: 403, message: "no", details: { causes } })), // prettier-ignore
    });

  refuse([{ reason: "NamespaceTerminating", message: "namespace shop is being terminated", field: "metadata.namespace" }]);
  expect(await evictPod(faulty, pod)).toEqual({ kind: "gone" });
  refuse([]);
  await expect(evictPod(faulty, pod)).rejects.toThrow(/no$/);
});

test("takes and renews a Lease, and loses a race for it as stale", async () => {
  const lease = {
    metadata: { name: "agent" },
    spec: { holderIdentity: "a", leaseDurationSeconds: 15, renewTime: "2026-11-02T09:00:00.000000Z" },
  };

  const created = await api.createLease(connection, "shop", lease);
  await expect(api.createLease(connection, "shop", lease)).rejects.toThrow(StaleError);
  await api.replaceLease(connection, "shop", { ...created, spec: { ...created.spec, holderIdentity: "b" } });
  await expect(api.replaceLease(connection, "shop", created)).rejects.toThrow(StaleError);

  expect((await api.readLease(connection, "shop", "agent"))?.spec?.holderIdentity).toBe("b");
});

test("asks what it may do", async () => {
  expect(
    await api.accessReview(connection, { verb: "patch", group: "apps", resource: "deployments", namespace: "shop" }),
  ).toMatchObject({ allowed: true });
});

test("takes a busy server and a broken socket for temporary, and says how long to wait", async () => {
  await using server = await startFaultServer();
  await using faulty = createKubeConnection({ kubeconfigPath: server.kubeconfigPath });
  server.faults.push({
    on: "list",
    answer: (_, response) => void response.writeHead(503, { "retry-after": "3" }).end("<html>busy</html>"),
  });
  server.faults.push({ on: "list", answer: (request) => void request.socket.destroy() });

  const busy = await api.readDeployment(faulty, "shop", "web").catch((error: unknown) => error);
  const broken = await api.readDeployment(faulty, "shop", "web").catch((error: unknown) => error);

  expect(busy).toBeInstanceOf(TemporaryError);
  expect(busy).toMatchObject({ retryAfterMs: 3000 });
  expect(broken).toBeInstanceOf(TemporaryError);
});

test("keeps its connections for calls one after the other", async () => {
  await using server = await startFaultServer();
  await using kept = createKubeConnection({ kubeconfigPath: server.kubeconfigPath });

  for (let i = 0; i < 30; i++) await api.listNodes(kept);

  // A second one opens when a call begins before the last answer is done with.
  expect(server.connections()).toBeLessThanOrEqual(2);
  expect(kept.namespace).toBe("home");
});

test("says which kubeconfig cannot be read", () => {
  expect(() => createKubeConnection({ kubeconfigPath: "/nowhere/kubeconfig" })).toThrow(ConfigurationError);
  expect(() => createKubeConnection({ kubeconfigPath: "/nowhere/kubeconfig" })).toThrow(/"\/nowhere\/kubeconfig"/);
});
