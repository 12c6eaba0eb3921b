import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startProgram } from "#sim/demo/program.ts";
import { startRedis } from "#sim/demo/redis.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "why-demo-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("the demo's Redis", () => {
  it("is a child on a socket that refuses to evict, is cleared, and is gone afterwards", async () => {
    let url = "";
    {
      await using redis = await startRedis({ PATH: process.env["PATH"] });
      url = redis.url;
      const client = new Redis({ path: url.slice("unix://".length) });
      await client.set("a", "1");
      await redis.clear();
      expect(await client.dbsize()).toBe(0);
      expect(await client.config("GET", "maxmemory-policy")).toEqual(["maxmemory-policy", "noeviction"]);
      client.disconnect();
    }
    const after = new Redis({ path: url.slice("unix://".length), lazyConnect: true, retryStrategy: () => null });
    after.on("error", () => {});
    await expect(after.connect()).rejects.toThrow(/ENOENT|ECONNREFUSED|closed/);
  });

  it("is the one of REDIS_URL only where that is empty", async () => {
    await using redis = await startRedis({ PATH: process.env["PATH"] });
    const client = new Redis({ path: redis.url.slice("unix://".length) });
    await client.set("theirs", "1");

    await expect(startRedis({ REDIS_URL: redis.url })).rejects.toThrow("holds 1 keys");
    await client.del("theirs");
    await using used = await startRedis({ REDIS_URL: redis.url });
    expect(used.url).toBe(redis.url);
    client.disconnect();
  });
});

describe("a child", () => {
  it("dies with the runner, even when that is killed", async () => {
    const source = `
import { spawn } from "node:child_process";
import { endWithUs } from ${JSON.stringify(join(import.meta.dirname, "..", "..", "sim", "demo", "children.ts"))};
console.log(endWithUs(spawn("sleep", ["300"], { stdio: "ignore", detached: true })).pid);
setInterval(() => {}, 1000);`;
    await writeFile(join(folder, "runner.mts"), source);
    const runner = spawn(process.execPath, [join(folder, "runner.mts")], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(runner.stdout, "data")) as [Buffer];
    const pid = Number(line.toString());
    const isAlive = () => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    expect(isAlive()).toBe(true);
    runner.kill("SIGKILL");

    await expect.poll(isAlive).toBe(false);
  });
});

// A stand-in that is ready, says its process id and notes each start.
const standIn = `
import { createServer } from "node:http";
import { appendFileSync } from "node:fs";
appendFileSync(process.env.NOTES, process.pid + "\\n");
createServer((request, response) => {
  if (request.url === "/crash") process.exit(7);
  response.end(String(process.pid));
}).listen(Number(process.env.PORT), "127.0.0.1");
`;

describe("the program", () => {
  const start = async (source = standIn) => {
    await writeFile(join(folder, "main.mjs"), source);
    return await startProgram({
      environment: { NOTES: join(folder, "notes") },
      logFile: join(folder, "log"),
      command: [process.execPath, join(folder, "main.mjs")],
      patienceMs: 10_000,
    });
  };
  const pidOf = async (url: string) => await (await fetch(url)).text();

  it("is killed and comes back at the same address", async () => {
    await using program = await start();
    const first = await pidOf(program.url);
    await program.killAndRestart();

    expect(await pidOf(program.url)).not.toBe(first);
    expect((await readFile(join(folder, "notes"), "utf8")).trim().split("\n")).toHaveLength(2);
    expect(program.crashed()).toBeUndefined();
  });

  it("is said to have crashed when it ends by itself", async () => {
    await using program = await start();
    await fetch(`${program.url}/crash`).catch(() => undefined);

    await expect.poll(() => program.crashed()).toBe("exit code 7");
  });

  it("that cannot start is quoted", async () => {
    await expect(start('console.error("REDIS_URL is missing."); process.exit(1);')).rejects.toThrow("REDIS_URL is missing.");
  });
});
