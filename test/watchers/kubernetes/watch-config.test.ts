import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { createKubeConnection } from "#clients/kubernetes/connection.ts";
import type { ConfigEdit } from "#domain/change.ts";
import { silentLog } from "#lib/log.ts";
import { createManualClock } from "#sim/clock.ts";
import { type Manifest, startSimulatedCluster } from "#sim/cluster/cluster.ts";
import { startClusterWatch } from "#watchers/kubernetes/watch.ts";
import { startConfigWatch } from "#watchers/kubernetes/watch-config.ts";
import { startFaultServer } from "#test/clients/kubernetes/fault-server.ts";

const start = Date.UTC(2026, 10, 2, 9);

/** Kinds that have fields beside metadata and spec. */
type WithFields = Manifest & Readonly<Record<string, unknown>>;

const settings = (timeout: string): WithFields => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings", namespace: "shop" },
  data: { timeout, url: "https://secret.example" },
});

const web: Manifest = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop" },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "app", image: "web:1" }], volumes: [{ name: "s", configMap: { name: "settings" } }] },
    },
  },
};

const priorityClass: WithFields = {
  apiVersion: "scheduling.k8s.io/v1",
  kind: "PriorityClass",
  metadata: { name: "first", creationTimestamp: new Date(start - 5 * 3_600_000).toISOString() },
  value: 100_000,
};

test("hears over the API what was changed in a ConfigMap, and who uses it", async () => {
  const clock = createManualClock(start);
  const cluster = await startSimulatedCluster({
    clock,
    seed: 3,
    nodes: 1,
    stepped: true,
    objects: [settings("2s"), web, priorityClass],
  });
  const folder = await mkdtemp(join(tmpdir(), "why-config-"));
  await writeFile(join(folder, "kubeconfig"), cluster.kubeconfig);
  const connection = createKubeConnection({ kubeconfigPath: join(folder, "kubeconfig") });
  const told: ConfigEdit[] = [];
  const watch = startClusterWatch({
    connection,
    cluster: "prod",
    now: () => clock.now(),
    log: silentLog,
    emit: (heard) => void (heard.kind === "change" && heard.change.kind === "config-edit" && told.push(heard.change)),
  });
  onTestFinished(async () => {
    await watch[Symbol.asyncDispose]();
    await connection.close();
    await cluster[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  await vi.waitFor(() => expect(watch.synced()).toBe(true));
  await vi.waitFor(() => expect(told.some(({ keys }) => keys.length === 0)).toBe(true));

  await vi.waitFor(() =>
    expect(told).toContainEqual(
      expect.objectContaining({ object: "PriorityClass", name: "first", what: "created", at: start - 5 * 3_600_000 }),
    ),
  );

  await clock.advance(60_000);
  cluster.apply(settings("30s"));

  await vi.waitFor(() => expect(told.at(-1)).toMatchObject({ what: "edited", keys: ["timeout"], usedBy: ["prod/shop/web"] }));
  expect(JSON.stringify(told)).not.toMatch(/30s|secret\.example/);
});

test("asks once for each kind, and is quiet, where it may list none of them", async () => {
  await using server = await startFaultServer();
  for (let kind = 0; kind < 4; kind += 1)
    server.faults.push({ on: "list", answer: (_request, response) => void response.writeHead(403).end("{}") });
  const connection = createKubeConnection({ kubeconfigPath: server.kubeconfigPath });
  onTestFinished(() => connection.close());
  const said: string[] = [];
  const log = {
    ...silentLog,
    info: (_fields: object, message: string) => void said.push(message),
    warn: () => void said.push("!"),
  };
  const watch = startConfigWatch({ connection, cluster: "prod", now: () => start, log, emit: () => {} }, [undefined]);
  await vi.waitFor(() => expect(said).toHaveLength(4));
  await watch[Symbol.asyncDispose]();
  expect(new Set(said)).toEqual(new Set(["May not be listed, and is left out"]));
  expect([server.lists.length, server.watches.length]).toEqual([4, 0]);
});
