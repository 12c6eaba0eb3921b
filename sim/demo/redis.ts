import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Redis } from "ioredis";
import { endWithUs, stopChild } from "./children.ts";

/** A Redis to use: the address, and how to let go of it. */
export interface DemoRedis extends AsyncDisposable {
  readonly url: string;
  /** Everything that a story wrote is taken away again. */
  clear(): Promise<void>;
}

/** `REDIS_URL`; else a child on a Unix socket; else one is installed first; else a sentence says what to install. */
export async function startRedis(environment: NodeJS.ProcessEnv = process.env): Promise<DemoRedis> {
  if (environment["REDIS_URL"]) return await useRedis(environment["REDIS_URL"]);
  const path = environment["PATH"] ?? "";
  const program = findServer(path) ?? (installServer() ? findServer(path) : undefined);
  if (!program) throw new Error("Cannot find Redis: install redis-server (or valkey-server), or set REDIS_URL");
  return await startServer(program);
}

/** The first `redis-server` or `valkey-server` on a PATH. */
function findServer(path: string): string | undefined {
  const candidates = ["redis-server", "valkey-server"].flatMap((name) =>
    path.split(delimiter).map((folder) => join(folder, name)),
  );
  return candidates.find((candidate) => existsSync(candidate));
}

function installServer(): boolean {
  const script = join(import.meta.dirname, "..", "..", "scripts", "setup.sh");
  return existsSync(script) && spawnSync("bash", [script, "redis"], { stdio: ["ignore", 2, 2] }).status === 0;
}

/** A Redis of somebody else: only an empty database is used, and emptied again. */
async function useRedis(url: string): Promise<DemoRedis> {
  const keys = await withClient(url, (client) => client.dbsize());
  if (keys > 0) {
    throw new Error(
      `Cannot play in the Redis of REDIS_URL: its database holds ${keys} keys; name an empty one, e.g. by a number at the address' end`,
    );
  }
  const clear = async () => void (await withClient(url, (client) => client.flushdb()));
  return { url, clear, [Symbol.asyncDispose]: clear };
}

async function startServer(program: string): Promise<DemoRedis> {
  const folder = await mkdtemp(join(tmpdir(), "k8s-why-redis-"));
  const socket = join(folder, "redis.sock");
  const settings = [
    "--port",
    "0",
    "--unixsocket",
    socket,
    "--dir",
    folder,
    "--save",
    "",
    "--appendonly",
    "no",
    "--maxmemory-policy",
    "noeviction",
  ];
  const child = endWithUs(spawn(program, settings, { stdio: "ignore", detached: true }));
  const url = `unix://${socket}`;
  const stop = async () => {
    await stopChild(child, 2_000);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await withClient(url, (client) => client.ping());
  } catch (error) {
    await stop();
    throw new Error(`Cannot start "${program}": it does not answer`, { cause: error });
  }
  const clear = async () => void (await withClient(url, (client) => client.flushall()));
  return { url, clear, [Symbol.asyncDispose]: stop };
}

async function withClient<T>(url: string, act: (client: Redis) => Promise<T>): Promise<T> {
  const address = url.startsWith("unix://") ? { path: url.slice("unix://".length) } : url;
  const options = { lazyConnect: true, maxRetriesPerRequest: 50, retryStrategy: (times: number) => (times > 50 ? null : 100) };
  const client = typeof address === "string" ? new Redis(address, options) : new Redis({ ...address, ...options });
  client.on("error", () => {});
  try {
    return await act(client);
  } finally {
    client.disconnect();
  }
}
