import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { createSimClock, formatClock } from "#sim/clock.ts";
import { startSimulatedCluster } from "#sim/cluster/cluster.ts";
import { formatKubeconfig } from "#sim/cluster/kubeconfig.ts";
import type { Live } from "#test/actions/harness.ts";

export interface DoorCall {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: Live;
}

interface Reply {
  readonly code: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object;
}

/** A simulated cluster behind a door, a server of its own, that notes every write and may answer in the cluster's stead. */
export interface Door extends AsyncDisposable {
  /** Path of a kubeconfig that leads through it, as an administrator or with a token of the cluster. */
  kubeconfig(token?: string): Promise<string>;
  /** Resolves when the cluster has answered all that came through, also where nobody waits for it any more. */
  idle(): Promise<void>;
  /** Writes that came through, dry runs left out. */
  readonly calls: DoorCall[];
  /** The real thing where it returns nothing. */
  answer: (call: DoorCall) => Reply | undefined | Promise<Reply | undefined>;
}

type Tokens = NonNullable<Parameters<typeof startSimulatedCluster>[0]["tokens"]>;

export async function openDoor(tokens: Tokens = []): Promise<Door> {
  const stack = new AsyncDisposableStack();
  const clock = createSimClock(formatClock(Date.now(), Date.now(), 20));
  const all = tokens.length > 0 ? { tokens: [...tokens, { token: "admin", user: "admin" }] } : {};
  const cluster = stack.use(await startSimulatedCluster({ clock, seed: 1, nodes: 2, ...all }));
  const folder = await mkdtemp(join(tmpdir(), "why-door-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const passing = new Set<Promise<void>>();
  const server = createServer((asked, answer) => {
    const one = pass(door, cluster.url, asked, answer).finally(() => passing.delete(one));
    passing.add(one);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stack.defer(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const door: Door = {
    calls: [],
    answer: () => undefined,
    idle: async () => void (await Promise.all(passing)),
    kubeconfig: async (token = tokens.length > 0 ? "admin" : undefined) => {
      const path = join(folder, `kubeconfig-${token ?? "admin"}`);
      await writeFile(path, formatKubeconfig(url, token === undefined ? {} : { token }));
      return path;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
  return door;
}

/** Evictions that came through, by the uid of the pod that was meant. */
export function evictionsOf({ calls }: Pick<Door, "calls">): string[] {
  return calls
    .filter(({ method, path }) => method === "POST" && path.includes("/eviction"))
    .map(({ body }) => body.deleteOptions?.preconditions?.uid);
}

async function pass(door: Door, target: string, asked: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    let text = "";
    for await (const chunk of asked.setEncoding("utf8")) text += String(chunk);
    const call = { method: asked.method ?? "GET", path: asked.url ?? "/", body: text === "" ? undefined : JSON.parse(text) };
    if (call.method !== "GET" && !call.path.includes("dryRun")) door.calls.push(call);
    const reply = await door.answer(call);
    if (reply) {
      response.writeHead(reply.code, { "content-type": "application/json", ...reply.headers });
      response.end(JSON.stringify(reply.body));
      return;
    }
    const { "content-length": _length, host: _host, connection: _connection, ...headers } = asked.headers;
    const method = call.method as "GET";
    const answer = await request(target + call.path, { method, headers, ...(text !== "" && { body: text }) });
    response.writeHead(answer.statusCode, answer.headers as Record<string, string>);
    response.end(Buffer.from(await answer.body.arrayBuffer()));
  } catch {
    response.destroy();
  }
}
