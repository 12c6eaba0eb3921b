import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Thing {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly creationTimestamp: string;
  };
  readonly text?: string;
}

/** A thing of the namespace `shop`. */
export function aThing(name: string, resourceVersion: number, over: { uid?: string; text?: string } = {}): Thing {
  const metadata = {
    name,
    namespace: "shop",
    uid: over.uid ?? `uid-${name}`,
    resourceVersion: String(resourceVersion),
    creationTimestamp: "2026-01-01T00:00:00Z",
  };
  return { metadata, ...(over.text !== undefined && { text: over.text }) };
}

type Answer = (request: IncomingMessage, response: ServerResponse, url: URL) => void;

/** An API server of one list, whose answers a test can spoil. */
export interface FaultServer extends AsyncDisposable {
  readonly kubeconfigPath: string;
  /** What a list answers. */
  things: Thing[];
  resourceVersion: number;
  /** Taken, oldest first, instead of the proper answer. */
  readonly faults: { readonly on: "list" | "watch"; readonly answer: Answer }[];
  /** Query strings, in order. */
  readonly lists: URLSearchParams[];
  readonly watches: URLSearchParams[];
  /** Open watches. */
  readonly open: Set<ServerResponse>;
  readonly connections: () => number;
  send(type: string, object: unknown): void;
  write(bytes: Buffer): void;
}

export async function startFaultServer(): Promise<FaultServer> {
  let connections = 0;
  const http = createServer((request, response) => answer(request, response));
  http.on("connection", () => void connections++);
  await new Promise<void>((resolve) => void http.listen(0, "127.0.0.1", resolve));
  const folder = await mkdtemp(join(tmpdir(), "k8s-why-"));
  const kubeconfigPath = join(folder, "kubeconfig");
  await writeFile(kubeconfigPath, kubeconfigOf(`http://127.0.0.1:${(http.address() as AddressInfo).port}`));

  const self: FaultServer = {
    kubeconfigPath,
    things: [],
    resourceVersion: 1,
    faults: [],
    lists: [],
    watches: [],
    open: new Set(),
    connections: () => connections,
    send: (type, object) => self.write(Buffer.from(`${JSON.stringify({ type, object })}\n`)),
    write: (bytes) => {
      for (const response of self.open) response.write(bytes);
    },
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await rm(folder, { recursive: true });
    },
  };

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", "http://localhost");
    const kind = url.searchParams.get("watch") ? "watch" : "list";
    (kind === "watch" ? self.watches : self.lists).push(url.searchParams);
    const at = self.faults.findIndex((fault) => fault.on === kind);
    const [fault] = at >= 0 ? self.faults.splice(at, 1) : [];
    if (fault) return fault.answer(request, response, url);
    if (kind === "list") return sendList(self, response, url);
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    self.open.add(response);
    response.on("close", () => self.open.delete(response));
  }
  return self;
}

function sendList(self: FaultServer, response: ServerResponse, url: URL): void {
  const from = Number(url.searchParams.get("continue") ?? 0);
  const limit = Number(url.searchParams.get("limit") ?? 500);
  const next = from + limit < self.things.length ? String(from + limit) : undefined;
  const metadata = { resourceVersion: String(self.resourceVersion), ...(next && { continue: next }) };
  response.end(JSON.stringify({ kind: "List", metadata, items: self.things.slice(from, from + limit) }));
}

/** A kubeconfig for a server without TLS. */
function kubeconfigOf(server: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "u", user: { token: "t" } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u", namespace: "home" } }],
    "current-context": "x",
  });
}
