import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A way to Redis that counts how often somebody asked after an answer had come: round trips of one connection. */
export interface CountingGate extends AsyncDisposable {
  readonly url: string;
  /** Round trips since the last call. */
  take(): number;
}

export async function startCountingGate(url: string): Promise<CountingGate> {
  const folder = await mkdtemp(join(tmpdir(), "why-turns-"));
  const path = join(folder, "redis.sock");
  const sockets = new Set<Socket>();
  let turns = 0;
  const server = createServer((client) => {
    const redis = connect(url.slice("unix://".length));
    let asked = false;
    client.on("data", (data) => {
      if (!asked) turns += 1;
      asked = true;
      redis.write(data);
    });
    redis.on("data", (data) => {
      asked = false;
      client.write(data);
    });
    for (const [one, other] of [
      [client, redis],
      [redis, client],
    ] as const) {
      sockets.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  server.listen(path);
  await once(server, "listening");
  return {
    url: `unix://${path}`,
    take: () => {
      const taken = turns;
      turns = 0;
      return taken;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
