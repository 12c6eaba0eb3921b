import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Clock, createClock } from "#lib/clock.ts";
import { TemporaryError } from "#lib/errors.ts";
import { silentLog } from "#lib/log.ts";
import { createQueues, type Queues } from "#store/queues.ts";
import type { RunningJob } from "#store/worker.ts";
import { startRedis, type TestRedis } from "#test/redis.ts";

let server: TestRedis;
let tests = 0;
/** What a test opened; closed after it, last first. */
let opened: AsyncDisposableStack;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  tests += 1;
  opened = new AsyncDisposableStack();
});
afterEach(() => opened.disposeAsync());

async function connect(options: { url?: string; clock?: Clock; prefix?: string } = {}): Promise<Queues> {
  const queues = opened.use(
    createQueues({ url: server.url, clock: createClock(), log: silentLog, prefix: `{queues-${tests}}`, ...options }),
  );
  await enqueueSoon(queues, "warm-up", {});
  return queues;
}

/** Waits for the connection: enqueue itself never does. */
async function enqueueSoon(queues: Queues, name: string, data: unknown): Promise<void> {
  await expect.poll(() => queues.enqueue("slack", name, data, { id: name }).then(() => true)).toBe(true);
}

function work(queues: Queues, ...settings: Parameters<Queues["startWorker"]>): void {
  opened.use(queues.startWorker(...settings));
}

/** A promise and its verbs, for jobs that wait for the test. */
function gate(): { open: () => void; passed: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: resolve, passed: promise };
}

it("is ready exactly while it takes jobs", async () => {
  await using redis = await startRedis();
  const queues = await connect({ url: redis.url });
  expect(queues.ready()).toBeUndefined();
  await redis.stop();
  await expect.poll(() => queues.ready()).toBe("Redis does not answer.");
  await expect(queues.enqueue("slack", "announce", {}, { id: "away" })).rejects.toBeInstanceOf(TemporaryError);
});

describe("queues", () => {
  it("hands a job over with its data, once for an id", async () => {
    const queues = await connect();
    const seen: RunningJob[] = [];
    work(queues, "incoming", 2, async (job) => void seen.push(job));

    await queues.enqueue("incoming", "alerts", { alerts: [1] }, { id: "opsgenie:1" });
    await queues.enqueue("incoming", "alerts", { alerts: [2] }, { id: "opsgenie:1" });
    await expect.poll(() => seen.length).toBe(1);
    await queues.enqueue("incoming", "alerts", { alerts: [3] }, { id: "opsgenie:1" });
    await queues.enqueue("incoming", "last", {}, { id: "last" });
    await expect.poll(() => seen.at(-1)?.name).toBe("last");

    expect(seen.map(({ name, data, attempt }) => ({ name, data, attempt }))).toEqual([
      { name: "alerts", data: { alerts: [1] }, attempt: 1 },
      { name: "last", data: {}, attempt: 1 },
    ]);
  });

  it("waits in clock time", async () => {
    const queues = await connect({ clock: { ...createClock(), toWall: (ms) => ms / 1_000 } });
    let ran = 0;
    work(queues, "incidents", 1, async () => void (ran += 1));

    await queues.enqueue("incidents", "soon", {}, { id: "soon", delayMs: 60_000 });
    await queues.enqueue("incidents", "later", {}, { id: "later", delayMs: 24 * 3_600_000 });

    await expect.poll(() => ran).toBe(1);
  });

  it("runs a coalesced job once more after the one under way, with the latest data, and never two at a time", async () => {
    const queues = await connect();
    const { open, passed } = gate();
    const seen: unknown[] = [];
    let running = 0;
    let most = 0;
    work(queues, "incidents", 5, async ({ data }) => {
      most = Math.max(most, (running += 1));
      seen.push(data);
      if (seen.length === 1) await passed;
      running -= 1;
    });
    const announce = (data: number) => queues.enqueue("incidents", "announce", data, { id: "announce/inc-1", coalesce: true });

    await announce(1);
    await expect.poll(() => seen).toEqual([1]);
    for (const data of [2, 3, 4]) await announce(data);
    open();
    await expect.poll(() => seen).toEqual([1, 4]);
    await announce(5);
    await expect.poll(() => seen).toEqual([1, 4, 5]);

    expect(most).toBe(1);
  });

  it("tries a failed job again, and after TemporaryError not before it was asked to", async () => {
    const queues = await connect();
    const times: Record<string, number[]> = {};
    work(queues, "incidents", 2, async ({ name, attempt }) => {
      (times[name] ??= []).push(performance.now());
      if (attempt === 1) throw name === "busy" ? new TemporaryError("busy", { retryAfterMs: 1_200 }) : new Error("bug");
    });

    await queues.enqueue("incidents", "busy", {}, { id: "busy" });
    await queues.enqueue("incidents", "bug", {}, { id: "bug" });

    await expect.poll(() => [times["busy"]?.length, times["bug"]?.length]).toEqual([2, 2]);
    const [first = 0, second = 0] = times["busy"] ?? [];
    expect(second - first).toBeGreaterThan(1_150);
  });

  it("gives agents of different clusters queues of their own", async () => {
    const queues = await connect();
    const seen: string[] = [];
    work(queues, "steps-one", 1, async ({ name }) => void seen.push(`one ${name}`));
    work(queues, "steps-two", 1, async ({ name }) => void seen.push(`two ${name}`));

    await queues.enqueue("steps-one", "act", {}, { id: "1" });
    await queues.enqueue("steps-two", "preview", {}, { id: "1" });

    await expect.poll(() => seen.toSorted()).toEqual(["one act", "two preview"]);
  });

  it("waits for the running job when it is closed", async () => {
    const queues = await connect();
    const { open, passed } = gate();
    const events: string[] = [];
    const worker = queues.startWorker("incidents", 1, async () => {
      events.push("started");
      await passed;
      events.push("ended");
    });
    await queues.enqueue("incidents", "tick", {}, { id: "tick" });
    await expect.poll(() => events).toEqual(["started"]);

    const closed = worker[Symbol.asyncDispose]().then(() => events.push("closed"));
    open();
    await closed;

    expect(events).toEqual(["started", "ended", "closed"]);
  });
});

describe("outages", () => {
  it("runs the job of a killed process again", { timeout: 90_000 }, async () => {
    const queues = await connect({ prefix: "{k8s-why}" });
    const program = fileURLToPath(new URL("stuck-worker.ts", import.meta.url));
    const doomed = spawn(process.execPath, [program, server.url], { stdio: ["ignore", "pipe", "inherit"] });
    await queues.enqueue("incidents", "tick", { incidentId: "inc-1" }, { id: "tick/inc-1" });
    await once(doomed.stdout, "data");

    doomed.kill("SIGKILL");
    await once(doomed, "exit");
    const seen: RunningJob[] = [];
    work(queues, "incidents", 1, async (job) => void seen.push(job));

    await expect.poll(() => seen, { timeout: 60_000, interval: 200 }).toHaveLength(1);
    expect(seen[0]).toMatchObject({ id: "tick/inc-1", data: { incidentId: "inc-1" }, attempt: 2 });
  });

  it("refuses at once while Redis is away, and loses nothing that it took", async () => {
    const own = opened.use(await startRedis({ persistent: true }));
    const queues = await connect({ url: own.url });
    const seen: unknown[] = [];
    work(queues, "incoming", 1, async ({ data }) => void seen.push(data));
    await queues.enqueue("incoming", "alerts", "before", { id: "before" });
    await expect.poll(() => seen).toEqual(["before"]);
    await queues.enqueue("incoming", "alerts", "taken", { id: "taken", delayMs: 500 });

    await own.stop();
    await expect
      .poll(() => queues.enqueue("incoming", "alerts", "refused", { id: "refused" }).catch((error: unknown) => error))
      .toBeInstanceOf(TemporaryError);
    await own.start();

    await expect.poll(() => seen, { timeout: 20_000 }).toEqual(["before", "taken"]);
    await enqueueSoon(queues, "after", {});
  });
});
