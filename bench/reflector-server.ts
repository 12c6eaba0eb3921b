import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/*
 * A process of its own: an API server of Deployments of 8 kB, which lists them and, when told to, sends changes as fast as they are taken.
 *   node bench/reflector-server.ts <count>      prints its port
 */
const count = Number(process.argv[2] ?? 10_000);
const filler = Array.from({ length: 12 }, (_, i) => ({ name: `SETTING_${i}`, value: String(i % 10).repeat(325) }));
const fields = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`f:field-with-a-long-name-${i}`, {}]));
const watchers = new Set<ServerResponse>();
let version = 1_000_000;

function toDeployment(index: number, resourceVersion: number): string {
  const name = `workload-${index}`;
  return JSON.stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name,
      namespace: `team-${index % 100}`,
      uid: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
      resourceVersion: String(resourceVersion),
      generation: 3,
      creationTimestamp: "2026-11-01T08:00:00Z",
      labels: { app: name },
      annotations: { "deployment.kubernetes.io/revision": "3", "k8s-why.dev/repository": "acme/shop" },
      managedFields: [
        {
          manager: "kubectl",
          operation: "Update",
          time: "2026-11-01T08:00:00Z",
          fieldsType: "FieldsV1",
          fieldsV1: { "f:spec": fields },
        },
      ],
    },
    spec: {
      replicas: 3 + (resourceVersion % 5),
      selector: { matchLabels: { app: name } },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: "app", image: `registry.example/${name}:1a2b3c4`, env: filler }] },
      },
    },
    status: { observedGeneration: 3, replicas: 3, readyReplicas: 3, updatedReplicas: 3 },
  });
}

function list(url: URL, response: ServerResponse): void {
  const from = Number(url.searchParams.get("continue") ?? 0);
  const end = Math.min(count, from + Number(url.searchParams.get("limit") ?? count));
  const next = end < count ? `,"continue":"${end}"` : "";
  response.writeHead(200, { "content-type": "application/json" });
  response.write(`{"kind":"DeploymentList","apiVersion":"apps/v1","metadata":{"resourceVersion":"${version}"${next}},"items":[`);
  for (let index = from; index < end; index++) response.write((index > from ? "," : "") + toDeployment(index, index + 1));
  response.end("]}");
}

async function burst(changes: number): Promise<void> {
  for (let i = 0; i < changes; i++) {
    const line = `{"type":"MODIFIED","object":${toDeployment((i * 7) % count, ++version)}}\n`;
    for (const watcher of watchers) if (!watcher.write(line)) await once(watcher, "drain");
  }
}

function watch(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
  watchers.add(response);
  response.on("close", () => watchers.delete(response));
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (url.pathname === "/size") response.end(String(toDeployment(0, 1).length));
  else if (url.pathname === "/burst") {
    await burst(Number(url.searchParams.get("changes")));
    response.end();
  } else if (url.searchParams.get("watch")) watch(response);
  else list(url, response);
}

const server = createServer((request, response) => void answer(request, response));
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
