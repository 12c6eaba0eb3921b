import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createKubeConnection, type KubeConnection } from "#clients/kubernetes/connection.ts";
import { type Reflector, type ReflectorOptions, startReflector } from "#clients/kubernetes/reflector.ts";
import { silentLog, type Log } from "#lib/log.ts";
import { aThing, startFaultServer, type FaultServer, type Thing } from "./fault-server.ts";

const path = "/api/v1/things";

let server: FaultServer;
let connection: KubeConnection;
let reflector: Reflector<string> | undefined;
let told: string[];
let logged: string[];

beforeEach(async () => {
  server = await startFaultServer();
  connection = createKubeConnection({ kubeconfigPath: server.kubeconfigPath });
  told = [];
  logged = [];
});

afterEach(async () => {
  await reflector?.[Symbol.asyncDispose]();
  reflector = undefined;
  await connection.close();
  await server[Symbol.asyncDispose]();
});

function noteLog(): Log {
  const note = (_: object, message: string) => void logged.push(message);
  return { ...silentLog, info: note, warn: note, error: note };
}

function start(over: Partial<ReflectorOptions<Thing, string>> = {}): void {
  reflector = startReflector<Thing, string>({
    connection,
    path,
    project: (thing) => `${thing.metadata.name}@${thing.metadata.resourceVersion}${thing.text ? ` ${thing.text}` : ""}`,
    onUpsert: (item, old) => void told.push(old ? `${old} -> ${item}` : `+ ${item}`),
    onRemove: (old) => void told.push(`- ${old}`),
    onSync: () => void told.push("sync"),
    log: noteLog(),
    random: () => 0,
    backoff: { baseMs: 2, maxMs: 20 },
    ...over,
  });
}

const untilWatching = () => vi.waitFor(() => expect(server.open.size).toBe(1));

test("lists in pages, says so once, and watches from the list's resourceVersion", async () => {
  server.things = Array.from({ length: 1201 }, (_, i) => aThing(`t${i}`, i + 1));
  server.resourceVersion = 5000;

  start({ onUpsert: () => {} });
  await untilWatching();

  expect(told).toEqual(["sync"]);
  expect(reflector?.synced()).toBe(true);
  expect([...(reflector?.items() ?? [])]).toHaveLength(1201);
  expect(server.lists).toHaveLength(3);
  expect(Object.fromEntries(server.watches[0] ?? [])).toEqual({
    watch: "true",
    allowWatchBookmarks: "true",
    resourceVersion: "5000",
    timeoutSeconds: "300",
  });
});

test("tells additions, changes and removals, and ignores what it knows", async () => {
  server.things = [aThing("a", 1)];
  start();
  await untilWatching();

  server.send("ADDED", aThing("a", 1));
  server.send("MODIFIED", aThing("a", 2));
  server.send("MODIFIED", aThing("a", 2));
  server.send("DELETED", aThing("a", 3));
  server.send("DELETED", aThing("a", 3));
  server.send("ADDED", aThing("b", 4));

  await vi.waitFor(() => expect(told).toEqual(["+ a@1", "sync", "a@1 -> a@2", "- a@2", "+ b@4"]));
});

test("takes another uid under the same name for a removal and an addition", async () => {
  server.things = [aThing("a", 1)];
  start();
  await untilWatching();

  server.send("MODIFIED", aThing("a", 2, { uid: "other" }));
  server.send("DELETED", aThing("a", 3));

  await vi.waitFor(() => expect(told).toEqual(["+ a@1", "sync", "- a@1", "+ a@2"]));
});

test("reads a character that two chunks share", async () => {
  start();
  await untilWatching();
  const bytes = Buffer.from(`${JSON.stringify({ type: "ADDED", object: aThing("a", 1, { text: "größer 🚀" }) })}\n`);

  for (let at = 0; at < bytes.length; at += 3) {
    server.write(bytes.subarray(at, at + 3));
    // Each piece in a packet of its own.
    await new Promise((resolve) => void setImmediate(resolve));
  }

  await vi.waitFor(() => expect(told).toEqual(["sync", "+ a@1 größer 🚀"]));
});

test("resumes after a socket reset from the last resourceVersion, a bookmark's too", async () => {
  start();
  await untilWatching();
  server.send("ADDED", aThing("a", 7));
  server.send("BOOKMARK", { kind: "Thing", metadata: { resourceVersion: "41" } });
  await vi.waitFor(() => expect(told).toContain("+ a@7"));

  for (const response of server.open) response.socket?.resetAndDestroy();
  await vi.waitFor(() => expect(server.watches).toHaveLength(2));
  await untilWatching();
  server.send("ADDED", aThing("b", 42));

  await vi.waitFor(() => expect(told).toEqual(["sync", "+ a@7", "+ b@42"]));
  expect(server.watches[1]?.get("resourceVersion")).toBe("41");
  expect(server.lists).toHaveLength(1);
  expect(logged).toEqual(["Watch failed, trying again"]);
});

test("goes on when the server ends a watch, without a word", async () => {
  start();
  await untilWatching();

  for (const response of server.open) response.end();
  await vi.waitFor(() => expect(server.watches).toHaveLength(2));

  expect(server.lists).toHaveLength(1);
  expect(logged).toEqual([]);
});

test.each([
  [
    "in the stream",
    (response: ServerResponse) =>
      void response.end(`${JSON.stringify({ type: "ERROR", object: { kind: "Status", code: 410, message: "too old" } })}\n`),
  ],
  ["in the head", (response: ServerResponse) => void response.writeHead(410).end("{}")],
])("lists again on 410 %s and reports what had gone meanwhile", async (_, spoil) => {
  server.things = [aThing("a", 1), aThing("b", 2), aThing("c", 3)];
  server.faults.push({
    on: "watch",
    answer: (_, response) => {
      server.things = [aThing("a", 1), aThing("c", 9), aThing("d", 8)];
      spoil(response);
    },
  });

  start();

  await vi.waitFor(() => expect(told).toEqual(["+ a@1", "+ b@2", "+ c@3", "sync", "c@3 -> c@9", "+ d@8", "- b@2", "sync"]));
  expect(logged).toEqual(["Watch expired, listing again"]);
});

test("starts a list again whose pages expired", async () => {
  server.things = Array.from({ length: 501 }, (_, i) => aThing(`t${i}`, i + 1));
  server.faults.push({
    on: "list",
    answer: (_, response) =>
      void response.end(
        JSON.stringify({ metadata: { continue: "x", resourceVersion: "1" }, items: server.things.slice(0, 500) }),
      ),
  });
  server.faults.push({ on: "list", answer: (_, response) => void response.writeHead(410).end("{}") });

  start();
  await untilWatching();

  expect(told).toHaveLength(502);
  expect(told.at(-1)).toBe("sync");
});

test("waits as long as Retry-After says, and then lists", async () => {
  server.faults.push({ on: "list", answer: (_, response) => void response.writeHead(503, { "retry-after": "7" }).end("busy") });
  const waits: number[] = [];

  start({ clock: { now: () => 0, sleep: async (ms) => void waits.push(ms) } });
  await vi.waitFor(() => expect(told).toEqual(["sync"]));

  expect(waits[0]).toBe(7000);
});

test("backs off further with each failure and forgets it after a success", async () => {
  for (let i = 0; i < 4; i++) server.faults.push({ on: "list", answer: (request) => void request.socket.destroy() });
  const waits: number[] = [];

  start({ backoff: { baseMs: 100, maxMs: 400 }, clock: { now: () => 0, sleep: async (ms) => void waits.push(ms) } });
  await untilWatching();
  server.send("ADDED", aThing("a", 7));
  await vi.waitFor(() => expect(told).toContain("+ a@7"));
  for (const response of server.open) response.socket?.resetAndDestroy();
  await vi.waitFor(() => expect(waits).toHaveLength(5));

  expect(waits).toEqual([50, 100, 200, 200, 50]);
});

test("asks again, without a word or a wait, after a silence, and lists when it was silent too often", async () => {
  for (let i = 0; i < 10; i++)
    server.faults.push({ on: "watch", answer: (_, response) => response.writeHead(200).flushHeaders() });
  const waits: number[] = [];

  start({ idleMs: 20, idleTimes: 3, clock: { now: () => 0, sleep: async (ms) => void waits.push(ms) } });

  await vi.waitFor(() => expect(server.lists).toHaveLength(2), { timeout: 20_000 });
  expect(server.watches.length).toBeGreaterThanOrEqual(3);
  expect(waits).toEqual([]);
  expect(logged).toEqual([]);
});

test("outlives handlers and mappings that throw", async () => {
  server.things = [aThing("a", 1), aThing("bad", 2)];
  start({
    project: (thing) => {
      if (thing.metadata.name === "bad") throw new Error("no such field");
      return thing.metadata.name;
    },
    onUpsert: (item) => {
      told.push(item);
      throw new Error("boom");
    },
  });
  await untilWatching();

  server.send("ADDED", aThing("c", 3));

  await vi.waitFor(() => expect(told).toEqual(["a", "sync", "c"]));
  expect(logged).toEqual(["Handler of a watch failed", "Cannot map a Kubernetes object", "Handler of a watch failed"]);
});

test("removes what is no longer kept by its projection", async () => {
  server.things = [aThing("a", 1)];
  start({ project: (thing) => (thing.text === "gone" ? undefined : thing.metadata.name) });
  await untilWatching();

  server.send("MODIFIED", aThing("a", 2, { text: "gone" }));

  await vi.waitFor(() => expect(told).toEqual(["+ a", "sync", "- a"]));
});

test("lists again after a line that is no JSON", async () => {
  start();
  await untilWatching();

  server.write(Buffer.from("{half\n"));

  await vi.waitFor(() => expect(server.lists).toHaveLength(2));
  await untilWatching();
});

test("calls nobody once it is stopped, and closes its watch", async () => {
  start({
    onUpsert: (item) => {
      told.push(item);
      void reflector?.[Symbol.asyncDispose]();
    },
  });
  await untilWatching();

  server.write(
    Buffer.from(["a", "b", "c"].map((name) => `${JSON.stringify({ type: "ADDED", object: aThing(name, 3) })}\n`).join("")),
  );
  await vi.waitFor(() => expect(server.open.size).toBe(0));
  await reflector?.[Symbol.asyncDispose]();

  expect(told).toEqual(["sync", "a@3"]);
  expect(server.watches).toHaveLength(1);
});

test("stops while it lists", async () => {
  server.faults.push({ on: "list", answer: () => {} });
  start();
  await vi.waitFor(() => expect(server.lists).toHaveLength(1));

  await reflector?.[Symbol.asyncDispose]();

  expect(told).toEqual([]);
  expect(logged).toEqual([]);
});
