import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AuditEntry, AuditRecord } from "#domain/audit.ts";
import { followAll } from "#app/audit-chain.ts";
import { silentLog } from "#lib/log.ts";
import { TemporaryError } from "#lib/errors.ts";
import { connectStore, type Store } from "#store/store.ts";
import { NOON } from "#test/builders.ts";
import { startRedis, type TestRedis } from "#test/redis.ts";

let server: TestRedis;
let redis: Redis;
let tests = 0;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url.slice("unix://".length));
});
afterAll(async () => {
  redis.disconnect();
  await server[Symbol.asyncDispose]();
});
beforeEach(() => void (tests += 1));

const prefix = () => `{audit-${tests}}`;
const stream = () => `${prefix()}:audit`;
const connect = (url = server.url): Store => connectStore({ url, prefix: prefix(), now: () => NOON, log: silentLog });
const entry = (over: Partial<AuditEntry> = {}): AuditEntry => ({
  at: NOON,
  what: "approved",
  by: "U1",
  incidentId: "inc-1",
  stepId: "cap",
  on: "prod/shop/web",
  text: "yes",
  ...over,
});

async function all(store: Store): Promise<AuditRecord[]> {
  const records = [];
  for await (const record of store.auditRecords()) if ("seq" in record) records.push(record);
  return records;
}

describe("the chain", () => {
  it("begins at 1, and each record names the one before", async () => {
    await using store = connect();
    expect(await store.auditIssued()).toBe(0);
    expect(await followAll(store)).toEqual({});

    await store.audit(entry());
    await store.audit(entry({ what: "done", calls: [{ method: "PATCH", path: "/apis", status: 200, dryRun: false }] }));

    const [first, second] = await all(store);
    expect(first).toMatchObject({ ...entry(), seq: 1, previous: "", hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(second).toMatchObject({ seq: 2, previous: first?.hash, calls: [{ status: 200 }] });
    expect(await store.auditNewest(1)).toEqual([second]);
    expect(await store.auditIssued()).toBe(2);
    expect(await followAll(store)).toEqual({ first, last: second });
  });

  it("has no fork and no gap where 20 write at once, each over a connection of its own", async () => {
    const stores = Array.from({ length: 20 }, () => connect());
    await Promise.all(
      stores.map(async (store, writer) => {
        for (let index = 0; index < 10; index += 1) await store.audit(entry({ by: `U${writer}`, text: String(index) }));
      }),
    );

    const [store] = stores as [Store];
    const records = await all(store);
    expect(records.map(({ seq }) => seq)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect(new Set(records.map(({ by, text }) => `${by}/${text}`)).size).toBe(200);
    expect(await followAll(store)).toMatchObject({ last: { seq: 200 } });
    await Promise.all(stores.map((one) => one[Symbol.asyncDispose]()));
  });

  it("survives a restart of Redis; what cannot be written meanwhile is a temporary error, and the repeat is one record", async () => {
    await using own = await startRedis({ persistent: true });
    await using store = connect(own.url);
    await store.audit(entry({ key: "before" }));

    await own.stop();
    await expect(store.audit(entry({ key: "meanwhile" }))).rejects.toThrow(TemporaryError);
    await own.start();
    await expect.poll(() => store.ready()).toBeUndefined();
    for (const key of ["before", "meanwhile", "meanwhile"]) await store.audit(entry({ key }));

    expect((await all(store)).map(({ seq, key }) => [seq, key])).toEqual([
      [1, "before"],
      [2, "meanwhile"],
    ]);
    expect(await followAll(store)).toMatchObject({ last: { seq: 2 } });
  });

  it("reads on through many pages, oldest first", async () => {
    await using store = connect();
    for (let index = 0; index < 1_234; index += 1) await store.audit(entry({ text: String(index) }));

    const records = await all(store);
    expect(records.map(({ text }) => text)).toEqual(Array.from({ length: 1_234 }, (_, index) => String(index)));
    expect((await store.auditNewest(2)).map(({ seq }) => seq)).toEqual([1_234, 1_233]);
  });
});

describe("what is told again", () => {
  it("by a job that runs twice is one record, also where both run at once", async () => {
    await using store = connect();
    await using other = connect();
    await store.audit(entry({ key: "acted/1" }));
    await store.audit(entry({ key: "acted/1", at: NOON + 60_000 }));
    await Promise.all([store.audit(entry({ key: "acted/2" })), other.audit(entry({ key: "acted/2", at: NOON + 1 }))]);

    expect((await all(store)).map(({ key, at }) => [key, at - NOON < 2])).toEqual([
      ["acted/1", true],
      ["acted/2", true],
    ]);
  });

  it("without a key is another time", async () => {
    await using store = connect();
    await store.audit(entry());
    await store.audit(entry());
    expect(await all(store)).toHaveLength(2);
  });

  it("differs from what claims the same key: a record that somebody slipped in keeps none out", async () => {
    await using store = connect();
    await store.audit(entry({ key: "acted/1", text: "Nothing was done." }));
    await store.audit(entry({ key: "acted/1", text: "maxReplicas is 96." }));
    expect((await all(store)).map(({ text }) => text)).toEqual(["Nothing was done.", "maxReplicas is 96."]);
  });

  it("is looked for among the newest 300", async () => {
    await using store = connect();
    await store.audit(entry({ key: "old" }));
    for (let index = 0; index < 299; index += 1) await store.audit(entry());
    await store.audit(entry({ key: "old" }));
    expect(await store.auditIssued()).toBe(300);
    await store.audit(entry());
    await store.audit(entry({ key: "old" }));
    expect(await store.auditIssued()).toBe(302);
  });
});

describe("foreign text", () => {
  it("is kept up to a limit, in characters that every reader of JSON knows", async () => {
    await using store = connect();
    const calls = Array.from({ length: 500 }, () => ({ method: "PATCH", path: `/${"p".repeat(9_000)}`, dryRun: true }));
    const long = `${"x".repeat(998)}\u{1f600}${"y".repeat(1_000_000)}`;
    await store.audit(entry({ text: long, by: long, on: long, stepId: long, incidentId: long, key: long, calls }));

    const [[, [, json = ""]]] = (await redis.xrange(stream(), "-", "+")) as [[string, string[]]];
    expect(json.length).toBeLessThan(40_000);
    const record = JSON.parse(json) as AuditRecord;
    expect(record.text).toBe(`${"x".repeat(998)}\ufffd…`);
    expect(record.by).toHaveLength(200);
    expect(record.calls).toHaveLength(60);
    expect(await followAll(store)).toMatchObject({ last: { seq: 1 } });
  });
});

describe("after somebody was at it, the next record goes on, and the gap stays to be seen", () => {
  it.each<[string, () => Promise<unknown>, RegExp]>([
    ["the newest was deleted", () => redis.xdel(stream(), "3-0"), /record 3 is missing: where it should be, 4 stands/],
    ["all were deleted one by one", () => redis.xdel(stream(), "1-0", "2-0", "3-0"), /record 1 is missing/],
    ["something else was appended", () => redis.xadd(stream(), "7-3", "record", "{"), /what stands at 7-3 is no record/],
    ["an entry without a field was appended", () => redis.xadd(stream(), "4-0", "r", ""), /what stands at 4-0 is no record/],
  ])("%s", async (_name, tamper, problem) => {
    await using store = connect();
    for (let index = 0; index < 3; index += 1) await store.audit(entry());
    await tamper();
    await store.audit(entry({ what: "done" }));

    expect((await store.auditNewest(1))[0]).toMatchObject({ what: "done" });
    expect(await followAll(store)).toEqual({ problem: expect.stringMatching(problem) as string });
  });
});
