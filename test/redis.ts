import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** A Redis of one test file, on a Unix socket in a folder of its own. */
export interface TestRedis extends AsyncDisposable {
  /** `unix:///.../redis.sock` */
  readonly url: string;
  /** Kills it; what was not persisted is gone. */
  stop(): Promise<void>;
  /** Starts it again at the same address. */
  start(): Promise<void>;
}

/** Starts `redis-server` (or `valkey-server`) as a child. `persistent`: every write survives stop and start; `everysec`: those of the last second may not, as Redis' manual recommends it. */
export async function startRedis(
  options: { persistent?: boolean | "everysec"; maxmemoryPolicy?: string } = {},
): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), "why-redis-"));
  const socket = join(folder, "redis.sock");
  let child: ChildProcess | undefined;
  const stop = async () => {
    const running = child;
    child = undefined;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const exit = once(running, "exit");
    running.kill("SIGKILL");
    await exit;
    await rm(socket, { force: true });
  };
  const start = async () => {
    const settings = [
      "--port",
      "0",
      "--unixsocket",
      socket,
      "--dir",
      folder,
      "--save",
      "",
      "--maxmemory-policy",
      options.maxmemoryPolicy ?? "noeviction",
    ];
    const fsync = options.persistent === "everysec" ? "everysec" : "always";
    const persistence = options.persistent ? ["--appendonly", "yes", "--appendfsync", fsync] : ["--appendonly", "no"];
    child = spawn(serverProgram(), [...settings, ...persistence], { stdio: "ignore" });
    await answering(socket, child);
  };
  await start();
  return {
    url: `unix://${socket}`,
    start,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function serverProgram(): string {
  const folders = (process.env["PATH"] ?? "").split(":");
  const found = ["redis-server", "valkey-server"].find((program) => folders.some((folder) => existsSync(join(folder, program))));
  if (!found) throw new Error('Cannot start Redis for the tests: neither "redis-server" nor "valkey-server" is on PATH');
  return found;
}

async function answering(socket: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 3_000; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`Cannot start Redis for the tests: it exited with ${child.exitCode}`);
    if (await pings(socket)) return;
    await pause(10);
  }
  throw new Error("Cannot start Redis for the tests: it does not answer");
}

function pings(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const client = connect(socket);
    const end = (answer: boolean) => {
      client.destroy();
      resolve(answer);
    };
    client.once("error", () => end(false));
    client.once("connect", () => client.write("PING\r\n"));
    client.once("data", (data) => end(data.toString().startsWith("+PONG")));
  });
}
