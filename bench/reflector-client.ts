import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppsV1Api, KubeConfig, makeInformer } from "@kubernetes/client-node";
import { createKubeConnection } from "#clients/kubernetes/connection.ts";
import type { KubeDeployment } from "#clients/kubernetes/objects.ts";
import { startReflector } from "#clients/kubernetes/reflector.ts";
import { createLog } from "#lib/log.ts";
import { toDeploymentState } from "#watchers/kubernetes/deployment-state.ts";

/*
 * A process of its own: watches all Deployments in one of two ways, then takes a burst of changes. Prints what it cost as JSON.
 *   node --expose-gc bench/reflector-client.ts <reflector|informer> <port> <count> <changes>
 */
const [way, port, count = 0, changes = 0] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const path = "/apis/apps/v1/deployments";
const server = `http://127.0.0.1:${port}`;
const kubeconfig = JSON.stringify({
  clusters: [{ name: "c", cluster: { server, "insecure-skip-tls-verify": true } }],
  users: [{ name: "u", user: {} }],
  contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
  "current-context": "c",
});

let listed = 0;
let changed = 0;
const all = Promise.withResolvers<void>();
const taken = Promise.withResolvers<void>();
const onItem = () => {
  if (++listed === count) all.resolve();
};
const onChange = () => {
  if (++changed === changes) taken.resolve();
};

async function startOurs(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "why-bench-"));
  await writeFile(join(folder, "kubeconfig"), kubeconfig);
  const connection = createKubeConnection({ kubeconfigPath: join(folder, "kubeconfig") });
  const reflector = startReflector({
    connection,
    path,
    project: (raw: KubeDeployment) => toDeploymentState("bench", raw),
    onUpsert: (_, old) => (old ? onChange() : onItem()),
    onRemove: () => {},
    log: createLog("warn"),
  });
  return async () => {
    await reflector[Symbol.asyncDispose]();
    await connection.close();
    await rm(folder, { recursive: true });
  };
}

async function startTheirs(): Promise<() => Promise<void>> {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const api = config.makeApiClient(AppsV1Api);
  const informer = makeInformer(config, path, () => api.listDeploymentForAllNamespaces());
  informer.on("add", onItem);
  informer.on("update", onChange);
  informer.on("error", (error: unknown) => console.error(error));
  await informer.start();
  return () => informer.stop();
}

globalThis.gc?.();
const idle = { heap: process.memoryUsage().heapUsed, rss: process.memoryUsage.rss() };
const startedAt = performance.now();
const stop = await (way === "informer" ? startTheirs() : startOurs());
await all.promise;
const syncMs = performance.now() - startedAt;
const peakMb = process.resourceUsage().maxRSS / 1024;
globalThis.gc?.();
const heapMb = (process.memoryUsage().heapUsed - idle.heap) / 2 ** 20;
const idleMb = idle.rss / 2 ** 20;
// The watch begins after the list.
await new Promise((resolve) => void setTimeout(resolve, 300));
const before = process.cpuUsage();
await Promise.all([fetch(`${server}/burst?changes=${changes}`), taken.promise]);
const { user, system } = process.cpuUsage(before);
const eventsPerCpuSecond = changes / ((user + system) / 1e6);
const rssMb = process.memoryUsage.rss() / 2 ** 20;
await stop();
console.log(JSON.stringify({ idleMb, heapMb, peakMb, syncMs, eventsPerCpuSecond, rssMb }));
process.exit(0);
