import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { patchDeployment, patchHpa } from "#clients/kubernetes/api.ts";
import { createKubeConnection, type KubeConnection } from "#clients/kubernetes/connection.ts";
import type { Change } from "#domain/change.ts";
import type { Observation } from "#domain/ports/cluster.ts";
import type { WorkloadState } from "#domain/workload.ts";
import { silentLog } from "#lib/log.ts";
import { type ClusterWatch, startClusterWatch } from "#watchers/kubernetes/watch.ts";
import { createManualClock, type ManualClock } from "#sim/clock.ts";
import { type Manifest, startSimulatedCluster, type SimulatedCluster } from "#sim/cluster/cluster.ts";

const start = Date.UTC(2026, 10, 2, 9);
const key = "prod/shop/web";

let clock: ManualClock;
let cluster: SimulatedCluster;
let connection: KubeConnection;
let watch: ClusterWatch | undefined;
let told: Observation[];
let folder: string;

beforeEach(async () => {
  clock = createManualClock(start);
  cluster = await startSimulatedCluster({
    clock,
    seed: 3,
    nodes: 3,
    stepped: true,
    objects: [web("registry.example/web:1111111"), hpa()],
  });
  folder = await mkdtemp(join(tmpdir(), "why-watch-"));
  await writeFile(join(folder, "kubeconfig"), cluster.kubeconfig);
  connection = createKubeConnection({ kubeconfigPath: join(folder, "kubeconfig") });
  told = [];
});

afterEach(async () => {
  await watch?.[Symbol.asyncDispose]();
  watch = undefined;
  await connection.close();
  await cluster[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

function web(image: string): Manifest {
  const annotations = { "load/cpu-per-request": "0.01" };
  const containers = [{ name: "app", image, resources: { requests: { cpu: "200m" } } }];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: "web",
      namespace: "shop",
      annotations: { "load/requests-per-second": "60", "k8s-why.dev/repository": "acme/shop" },
    },
    spec: {
      replicas: 5,
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web" }, annotations }, spec: { containers } },
    },
  };
}

function hpa(): Manifest {
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "web", namespace: "shop" },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      minReplicas: 2,
      maxReplicas: 400,
      metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } }],
    },
  };
}

async function listen(namespaces?: string[]): Promise<void> {
  const emit = (observation: Observation) => void told.push(observation);
  watch = startClusterWatch({ connection, cluster: "prod", namespaces, now: () => clock.now(), log: silentLog, emit });
  await vi.waitFor(() => expect(watch?.synced()).toBe(true));
}

/** Lets the cluster live for that long, on the clock. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    await clock.advance(1_000);
    cluster.step(clock.now());
  }
}

const changes = (): Change[] => told.flatMap((observation) => (observation.kind === "change" ? [observation.change] : []));
const rollouts = () => changes().filter((change) => change.kind === "rollout");
const states = (): WorkloadState[] => told.flatMap((observation) => (observation.kind === "workload" ? [observation.state] : []));

test("tells each workload complete, once, with the rollouts that its history shows", async () => {
  await listen();
  await vi.waitFor(() => expect(told.some(({ kind }) => kind === "pool")).toBe(true));

  expect(states()).toHaveLength(1);
  expect(states()[0]).toMatchObject({
    workload: { cluster: "prod", namespace: "shop", kind: "Deployment", name: "web" },
    at: start,
    desired: 5,
    ready: 5,
    revision: 1,
    images: [{ container: "app", image: "registry.example/web:1111111" }],
    autoscaler: { min: 2, max: 400, atCeiling: false },
    annotations: { "k8s-why.dev/repository": "acme/shop" },
  });
  expect(rollouts()).toHaveLength(1);
  expect(rollouts()[0]).toMatchObject({
    revision: 1,
    commit: { sha: "1111111", from: "image-tag" },
    templateHash: states()[0]?.templateHash,
  });
  expect(rollouts()[0]?.at).toBeLessThan(start);
  expect(told.findLast(({ kind }) => kind === "pool")).toMatchObject({ pool: { nodes: { length: 3 }, pendingPods: 0 } });
});

test("tells a rollout from when its ReplicaSet was created, and a way back from when it is seen", async () => {
  await listen();
  await pass(10);
  const rolledAt = clock.now();

  cluster.apply(web("registry.example/web:2222222"));
  await pass(60);
  await vi.waitFor(() => expect(states().at(-1)).toMatchObject({ revision: 2, updated: 5, total: 5, ready: 5 }));
  const backAt = clock.now();
  cluster.apply(web("registry.example/web:1111111"));
  await pass(60);
  await vi.waitFor(() => expect(rollouts()).toHaveLength(3));

  const [first, second, third] = rollouts();
  expect(second).toMatchObject({
    revision: 2,
    commit: { sha: "2222222" },
    previousCommit: { sha: "1111111" },
    previous: { revision: 1 },
  });
  expect(second?.at).toBeGreaterThanOrEqual(rolledAt);
  expect(second?.at).toBeLessThanOrEqual(rolledAt + 2_000);
  expect(third?.at).toBeGreaterThanOrEqual(backAt);
  expect(third).toMatchObject({ revision: 3, templateHash: first?.templateHash, previous: { revision: 2 } });
  expect(new Set(rollouts().map(({ id }) => id)).size).toBe(3);
});

test("finds at a start what was rolled out before, under the same ids", async () => {
  await listen();
  cluster.apply(web("registry.example/web:2222222"));
  await pass(30);
  await vi.waitFor(() => expect(rollouts()).toHaveLength(2));
  const before = rollouts().map(({ id, at }) => [id, at]);
  await watch?.[Symbol.asyncDispose]();
  told = [];

  await listen();

  expect(rollouts().map(({ id, at }) => [id, at])).toEqual(before);
});

test("tells a scaling by hand and an edit of the ceiling with the tool, and nothing that the autoscaler does", async () => {
  await listen();

  await patchDeployment(
    connection,
    "shop",
    "web",
    { type: "merge", body: { spec: { replicas: 9 } } },
    { fieldManager: "kubectl" },
  );
  await patchHpa(
    connection,
    "shop",
    "web",
    { type: "merge", body: { spec: { maxReplicas: 4000 } } },
    { fieldManager: "kubectl-edit" },
  );
  await vi.waitFor(() => expect(changes()).toHaveLength(3));
  await pass(600);
  await vi.waitFor(() => expect(states().at(-1)?.desired).not.toBe(9));

  const edits = changes().filter(({ kind }) => kind !== "rollout");
  expect(edits.toSorted((a, b) => a.kind.localeCompare(b.kind))).toMatchObject([
    { kind: "autoscaler-edit", workload: key, from: { min: 2, max: 400 }, to: { min: 2, max: 4000 }, tool: "kubectl-edit" },
    { kind: "scaling", workload: key, from: 5, to: 9, tool: "kubectl" },
  ]);
});

test("follows a runaway: replicas, nodes, pods that wait, and the node autoscaler's events", async () => {
  await listen();
  await vi.waitFor(() => expect(told.some(({ kind }) => kind === "pool")).toBe(true));
  const dear = web("registry.example/web:2222222");
  const template = (dear["spec"] as { template: { metadata: { annotations: Record<string, string> } } }).template;
  template.metadata.annotations["load/cpu-per-request"] = "1";

  cluster.apply(dear);
  await pass(300);

  await vi.waitFor(() => expect(states().at(-1)?.desired).toBeGreaterThan(60));
  await vi.waitFor(() =>
    expect(told.findLast(({ kind }) => kind === "pool")).toMatchObject({
      pool: { nodes: { length: cluster.store.count("v1/nodes") } },
    }),
  );
  expect(changes().some((change) => change.kind === "pool-change" && change.from === 3 && change.to > 3)).toBe(true);
  await vi.waitFor(() => expect(told.some((heard) => heard.kind === "event" && heard.reason === "TriggeredScaleUp")).toBe(true));
  expect(changes().filter(({ kind }) => kind === "scaling")).toEqual([]);
});

test("is not misled by resets, forgotten history and a busy server", async () => {
  await listen();
  await pass(5);

  cluster.faults.closeWatches(true);
  cluster.faults.forgetHistory();
  cluster.faults.unavailable(200, 0);
  cluster.apply(web("registry.example/web:2222222"));
  await pass(30);

  await vi.waitFor(() => expect(states().at(-1)).toMatchObject({ revision: 2, ready: 5, updated: 5 }));
  await vi.waitFor(() => expect(rollouts().map(({ revision }) => revision)).toEqual([1, 2]));
});

test("tells that a workload has gone, and keeps to its namespaces", async () => {
  cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "other" } });
  const elsewhere = web("registry.example/web:1");
  cluster.apply({ ...elsewhere, metadata: { ...elsewhere.metadata, namespace: "other" } });
  await listen(["shop"]);

  cluster.store.delete("apps/v1/deployments", "other", "web");
  cluster.store.delete("apps/v1/deployments", "shop", "web");

  await vi.waitFor(() => expect(told).toContainEqual({ kind: "workload-gone", key }));
  expect(JSON.stringify(told)).not.toContain("prod/other");
});

test("tells nothing after its end", async () => {
  await listen();
  await watch?.[Symbol.asyncDispose]();
  const count = told.length;

  cluster.apply(web("registry.example/web:2222222"));
  await pass(30);
  // A request later than all that a forgotten watch could have sent.
  await patchDeployment(connection, "shop", "web", { type: "merge", body: { metadata: { labels: { a: "b" } } } });

  expect(told).toHaveLength(count);
});
