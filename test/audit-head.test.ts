import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { AuditHeadKeeper } from "#app/audit-head.ts";
import { createAuditHeadKeeper } from "#app/audit-head.ts";
import type { Log } from "#lib/log.ts";
import { NOON } from "#test/builders.ts";
import { type Field, openField } from "#test/actions/harness.ts";
import { connectStore, type Store } from "#store/store.ts";
import { digestOf } from "#lib/digest.ts";
import { silentLog } from "#lib/log.ts";
import { startRedis, type TestRedis } from "#test/redis.ts";
import { aFolder } from "#test/cli/why.ts";
import { createKubeConnection } from "#clients/kubernetes/connection.ts";

const stream = "{k8s-why}:audit";
const name = "k8s-why-audit-head";
let server: TestRedis;
let redis: Redis;
let store: Store;
let field: Field;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url.slice("unix://".length));
  store = connectStore({ url: server.url, now: () => NOON, log: silentLog });
  field = await openField();
  await field.create("v1/configmaps", { metadata: { name } });
});
afterAll(async () => {
  redis.disconnect();
  await store[Symbol.asyncDispose]();
  await field[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await redis.del(stream);
  await keepNothing();
});

const aLog = () => ({ ...silentLog, info: vi.fn<Log["info"]>(), warn: vi.fn<Log["warn"]>(), error: vi.fn<Log["error"]>() });
const keeper = (over: { log?: Log } = {}): AuditHeadKeeper =>
  createAuditHeadKeeper({ store, connection: field.connection, namespace: field.namespace, log: silentLog, ...over });
const write = (text: string) => store.audit({ at: NOON, what: "approved", by: "U1", incidentId: "inc-1", stepId: "cap", text });
const kept = async (): Promise<string | undefined> => (await field.read("v1/configmaps", name)).data?.head;
const keepNothing = () => field.merge("v1/configmaps", name, { data: null });
const stored = async () => (await redis.xrange(stream, "-", "+")).map(([, [, json = ""]]) => json);
async function headNow(): Promise<string> {
  const [newest] = await store.auditNewest(1);
  return `${newest?.seq}:${newest?.hash}`;
}

describe("the head of the audit stream", () => {
  test("goes into the log and into the ConfigMap, whenever it has moved", async () => {
    const log = aLog();
    const { keep, problem } = keeper({ log });
    await keep();
    expect(await kept()).toBeUndefined();

    await write("a");
    await keep();
    const first = await headNow();
    expect(await kept()).toBe(first);
    await keep();
    await write("b");
    await write("c");
    await keep();

    expect(await kept()).toBe(await headNow());
    expect(log.info.mock.calls).toEqual([
      [{ head: first }, "Audit head"],
      [{ head: await headNow() }, "Audit head"],
    ]);
    expect(problem()).toBeUndefined();
    expect(log.error).not.toHaveBeenCalled();
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    [
      "that went back is shouted about and not taken, also by one who has just begun",
      () => redis.xdel(stream, "3-0"),
      /record 3, which was written down as the head, is gone/,
    ],
    [
      "that is gone is shouted about and not taken, also by one who has just begun",
      () => redis.del(stream),
      /record 3, which was written down as the head, is gone/,
    ],
    [
      "that was replaced by another at the same place is shouted about and not taken, also by one who has just begun",
      async () => {
        const { hash: _hash, ...open } = { ...JSON.parse((await stored())[2] ?? ""), text: "innocent" };
        await redis.xdel(stream, "3-0");
        await rewritten(await stored(), [{ ...open, hash: digestOf(open) }]);
      },
      /record 3 is not the one that was written down as the head/,
    ],
    [
      "that was cut off and covered by newer records is shouted about and not taken, also by one who has just begun",
      async () => {
        const before = await stored();
        await redis.del(stream);
        await rewritten(before.slice(0, 2), []);
        for (const text of ["x", "y", "z"]) await write(text);
      },
      /record 3 is not the one that was written down as the head/,
    ],
    [
      "that does not follow any more from the one that is kept is shouted about and not taken, also by one who has just begun",
      async () => {
        await write("d");
        await write("e");
        await redis.xdel(stream, "4-0");
      },
      /record 4 is missing: where it should be, 5 stands/,
    ],
  ])("%s", async (_name, tamper, problem) => {
    for (const text of ["a", "b", "c"]) await write(text);
    const old = keeper();
    await old.keep();
    const before = await kept();
    await tamper();

    for (const one of [old, keeper()]) {
      await one.keep();
      expect(one.problem()).toMatch(problem);
    }
    const log = aLog();
    await keeper({ log }).keep();
    expect(log.error).toHaveBeenCalledWith(
      { kept: expect.objectContaining({ seq: 3 }), problem: expect.stringMatching(problem) },
      "The audit stream was changed, or lost records",
    );
    expect(await kept()).toBe(before);
  });

  test("is not all that is looked at: what was changed long before is noticed at the start, and once an hour", async () => {
    for (const text of ["a", "b", "c"]) await write(text);
    const old = keeper();
    await old.keep();
    const [first = "", ...rest] = await stored();
    await redis.del(stream);
    for (const [index, json] of [first.replace('"a"', '"z"'), ...rest].entries())
      await redis.xadd(stream, `${index + 1}-0`, "record", json);

    for (let look = 1; look < 360; look += 1) await old.keep();
    expect(old.problem()).toBeUndefined();
    const fresh = keeper();
    for (const one of [old, fresh]) {
      await one.keep();
      expect(one.problem()).toMatch(/record 1 was changed/);
    }
  });

  test("begins anew once a person has looked and emptied the ConfigMap", async () => {
    const { keep, problem } = keeper();
    await write("a");
    await keep();
    await redis.del(stream);
    await write("b");
    await keep();
    expect(problem()).toMatch(/^The audit stream was changed, or lost records: record 1 is not/);

    await keepNothing();
    await keep();
    expect(problem()).toBeUndefined();
    expect(await kept()).toBe(await headNow());
  });

  test("is remembered and logged where there is no ConfigMap, or no API server", async () => {
    using folder = aFolder();
    await using nowhere = createKubeConnection({ kubeconfigPath: folder.write("kubeconfig", unreachable) });
    const options = { store, namespace: "nowhere", connection: field.connection, log: silentLog };
    const keepers = [
      (log: Log) => createAuditHeadKeeper({ ...options, log }),
      (log: Log) => createAuditHeadKeeper({ ...options, log, connection: nowhere }),
    ];
    for (const create of keepers) {
      await redis.del(stream);
      await write("a");
      const log = aLog();
      const { keep, problem } = create(log);
      await keep();
      expect(log.info).toHaveBeenCalledWith({ head: await headNow() }, "Audit head");
      await redis.del(stream);
      await keep();
      expect(problem()).toMatch(/record 1, which was written down as the head, is gone/);
    }
  });

  test("that somebody wrote into the ConfigMap and that is none is left alone, and said", async () => {
    await write("a");
    await field.merge("v1/configmaps", name, { data: { head: "12:abc" } });
    const log = aLog();
    await keeper({ log }).keep();
    expect(log.warn).toHaveBeenCalledWith(
      { error: expect.stringContaining("holds no head: expected") },
      "The kept head of the audit stream cannot be read",
    );
    expect(await kept()).toBe("12:abc");
  });

  test("is not written over one that another agent has just written", async () => {
    await write("a");
    const slow = createAuditHeadKeeper({
      store: { ...store, auditRecords: lateRecords },
      connection: field.connection,
      namespace: field.namespace,
      log: silentLog,
    });
    await expect(slow.keep()).rejects.toThrow(/object has been modified|Conflict|409/i);
    expect(await kept()).toBe(`9:${"a".repeat(64)}`);
  });
});

/** Nobody listens there. */
const unreachable = JSON.stringify({
  clusters: [{ name: "c", cluster: { server: "http://127.0.0.1:1", "insecure-skip-tls-verify": true } }],
  users: [{ name: "u", user: {} }],
  contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
  "current-context": "c",
});

/** Between our look at the ConfigMap and our write somebody else writes it. */
async function* lateRecords(from?: number): ReturnType<Store["auditRecords"]> {
  await field.merge("v1/configmaps", name, { data: { head: `9:${"a".repeat(64)}` } });
  yield* store.auditRecords(from);
}

async function rewritten(before: readonly string[], after: readonly object[]): Promise<void> {
  await redis.del(stream);
  for (const [index, json] of [...before, ...after.map((record) => JSON.stringify(record))].entries())
    await redis.xadd(stream, `${index + 1}-0`, "record", json);
}
