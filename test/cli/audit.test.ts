import { readFileSync } from "node:fs";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DAY, NOON } from "#test/builders.ts";
import type { AuditRecord } from "#domain/audit.ts";
import { digestOf } from "#lib/digest.ts";
import { silentLog } from "#lib/log.ts";
import { type TestRedis, startRedis } from "#test/redis.ts";
import { aFolder, why } from "./why.ts";
import { connectStore } from "#store/store.ts";

const stream = "{k8s-why}:audit";
let server: TestRedis;
let redis: Redis;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url.slice("unix://".length));
});
afterAll(async () => {
  redis.disconnect();
  await server[Symbol.asyncDispose]();
});
beforeEach(() => redis.del(stream));

const run = (...argv: string[]) => why(["audit", ...argv], { REDIS_URL: server.url });

/** Six records, a day between two. */
async function write(): Promise<AuditRecord[]> {
  await using store = connectStore({ url: server.url, now: () => NOON, log: silentLog });
  for (const [index, text] of ["a", "b", "c", "d", "e", "f"].entries())
    await store.audit({ at: NOON + index * DAY, what: "approved", by: "U1", incidentId: "inc-1", stepId: "cap", text });
  return read();
}

async function read(): Promise<AuditRecord[]> {
  return (await redis.xrange(stream, "-", "+")).map(([, fields]) => JSON.parse(fields[1] ?? "") as AuditRecord);
}

/** As somebody can who may write Redis: the whole stream anew, each record at its number. */
async function rewrite(records: readonly AuditRecord[]): Promise<void> {
  await redis.del(stream);
  for (const [index, record] of records.entries()) await redis.xadd(stream, `${index + 1}-0`, "record", JSON.stringify(record));
}

/** The chain of hashes made anew over what stands there. */
function rehashed(records: readonly AuditRecord[]): AuditRecord[] {
  const chain: AuditRecord[] = [];
  for (const { hash: _hash, ...record } of records) {
    const open = { ...record, seq: chain.length + 1, previous: chain.at(-1)?.hash ?? "" };
    chain.push({ ...open, hash: digestOf(open) });
  }
  return chain;
}

const headOf = ({ seq, hash }: AuditRecord) => `${seq}:${hash}`;
const without = (records: readonly AuditRecord[], seq: number) => records.filter((record) => record.seq !== seq);

describe("k8s-why audit verify", () => {
  test("says that the record is whole, and its head, which a later one holds", async () => {
    const records = await write();
    const [, , third, , , last] = records as [AuditRecord, AuditRecord, AuditRecord, AuditRecord, AuditRecord, AuditRecord];
    const verified = await run("verify");
    expect(verified.code).toBe(0);
    expect(verified.out).toMatch(/^Whole: 6 records from 2026-03-0\dT.* to 2026-03-0\dT.*\.\nHead: 6:[0-9a-f]{64}\n$/);
    expect(verified.out).toContain(`Head: ${headOf(last)}`);
    expect((await run("verify", "--head", headOf(third))).code).toBe(0);
  });

  test.each<[string, (records: AuditRecord[]) => Promise<unknown>, string]>([
    [
      "finds a changed text",
      (records) => rewrite(records.map((record) => (record.seq === 3 ? { ...record, text: "innocent" } : record))),
      "record 3 was changed: it does not have the hash that it says",
    ],
    [
      "finds a field more",
      (records) => rewrite(records.map((record) => (record.seq === 3 ? { ...record, second: "U2" } : record))),
      "record 3 was changed: it does not have the hash that it says",
    ],
    [
      "finds a changed record with a hash of its own",
      (records) => {
        const { hash: _hash, ...open } = { ...(records[2] as AuditRecord), text: "innocent" };
        return rewrite(records.with(2, { ...open, hash: digestOf(open) }));
      },
      "record 4 does not follow the record before it: one of them was replaced",
    ],
    ["finds a removed record", () => redis.xdel(stream, "3-0"), "record 3 is missing: where it should be, 4 stands"],
    [
      "finds a removed record, the others moved up",
      (records) => rewrite(without(records, 3)),
      "record 3 is missing: where it should be, 4 stands",
    ],
    [
      "finds a removed record, the others numbered anew",
      (records) => rewrite(without(records, 3).map((record, index) => ({ ...record, seq: index + 1 }))),
      "record 3 was changed: it does not have the hash that it says",
    ],
    [
      "finds two records in the other order",
      (records) => rewrite([0, 1, 3, 2, 4, 5].flatMap((index) => records[index] ?? [])),
      "record 3 is missing: where it should be, 4 stands",
    ],
    [
      "finds a record twice",
      (records) => rewrite(records.toSpliced(3, 0, records[2] as AuditRecord)),
      "record 3 stands where record 4 should be",
    ],
    [
      "finds a beginning that was trimmed",
      () => redis.xtrim(stream, "MAXLEN", 4),
      "record 1 is missing: where it should be, 3 stands",
    ],
    ["finds an end that was deleted", () => redis.xdel(stream, "5-0", "6-0"), "records 5 to 6 were deleted"],
    ["finds something that is no record", () => redis.xadd(stream, "7-0", "record", "{}"), "what stands at 7-0 is no record"],
  ])("%s", async (_name, tamper, problem) => {
    await tamper(await write());
    expect(await run("verify")).toMatchObject({ code: 1, out: `Broken: ${problem}.\n` });
  });

  test.each<[string, (records: AuditRecord[]) => AuditRecord[], string]>([
    [
      "finds an end that was cut off, but only with a head that was written elsewhere",
      (records) => records.slice(0, 4),
      "record 6, which was written down as the head, is gone",
    ],
    [
      "finds a stream that was emptied, but only with a head that was written elsewhere",
      () => [],
      "record 6, which was written down as the head, is gone",
    ],
    [
      "finds a chain that was made anew, but only with a head that was written elsewhere",
      (records) => rehashed(records.map((record) => ({ ...record, by: "U2" }))),
      "record 6 is not the one that was written down as the head",
    ],
    [
      "finds an end that was cut off and covered by new records, but only with a head that was written elsewhere",
      (records) => rehashed([...records.slice(0, 4), ...records.slice(0, 4)]),
      "record 6 is not the one that was written down as the head",
    ],
  ])("%s", async (_name, tamper, problem) => {
    const records = await write();
    await rewrite(tamper(records));
    expect((await run("verify")).code).toBe(0);
    expect(await run("verify", "--head", headOf(records[5] as AuditRecord))).toMatchObject({
      code: 1,
      out: `Broken: ${problem}.\n`,
    });
  });

  test("an empty stream is whole, unless a head says otherwise", async () => {
    expect(await run("verify")).toMatchObject({ code: 0, out: "The audit stream is empty.\n" });
    expect(await run("verify", "--head", `1:${"a".repeat(64)}`)).toMatchObject({ code: 1 });
  });

  test.each(["", `0:${"a".repeat(64)}`, `7:${"A".repeat(64)}`])("says what is wrong with the head %j", async (head) => {
    expect(await run("verify", "--head", head)).toMatchObject({
      code: 2,
      said: `Cannot read the head "${head}": expected "<number>:<64 hex digits>", as the log and the ConfigMap show it.\n`,
    });
  });

  test("says that it cannot be asked, with another code than that of a broken record", async () => {
    const away = await why(["audit", "verify"], { REDIS_URL: "unix:///nowhere/redis.sock" });
    expect(away.code).toBe(2);
    expect(away.said).toMatch(/Cannot read the audit stream: .*\.\n$/);
    expect(await why(["audit", "verify"], { REDIS_URL: "" })).toMatchObject({
      code: 2,
      said: "Cannot read the audit stream: REDIS_URL is not set.\n",
    });
  });
});

describe("k8s-why audit export", () => {
  test("gives every record as a line, oldest first, from a moment on", async () => {
    const records = await write();
    const rows = (text: string) =>
      text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown);
    expect(rows((await run("export")).out)).toEqual(records);
    const since = new Date(NOON + 4 * DAY).toISOString();
    const exported = await run("export", "--since", since);
    expect(rows(exported.out)).toEqual(records.slice(4));
    expect(exported).toMatchObject({ code: 0, said: expect.stringContaining("Exported 2 records.") });
    expect(await run("export", "--since", "2999-01-01")).toMatchObject({ code: 0, out: "" });
    expect(await run("export", "--since", "when?")).toMatchObject({ code: 2, out: "" });
  });

  test("writes a file, and names what it cannot read", async () => {
    using folder = aFolder();
    const records = await write();
    await redis.xadd(stream, "7-0", "record", "{");
    const file = folder.write("audit.ndjson", "");
    const { code, said } = await run("export", "--out", file);
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining(`Exported 7 records into "${file}".`) as string });
    const lines = readFileSync(file, "utf8").trim().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([...records, { unreadable: "7-0" }]);
  });
});
