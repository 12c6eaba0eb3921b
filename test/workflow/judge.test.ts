import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { NOON, aDiagnosis, aSuspect, anIncident } from "#test/builders.ts";
import { type Store, connectStore } from "#store/store.ts";
import { type TestRedis, startRedis } from "#test/redis.ts";
import { accuracyOf } from "#analysis/accuracy.ts";
import { repliesOf } from "#workflow/replies.ts";
import { createJudge } from "#workflow/judge.ts";
import { factorsOf } from "#analysis/verdicts.ts";
import { renderHeadline } from "#bot/cards/headline.ts";
import { standingOn } from "#domain/verdict.ts";
import { silentLog } from "#lib/log.ts";
import { why } from "#test/cli/why.ts";

const DAY = 24 * 3_600_000;
const diagnosis = aDiagnosis();
const suspectId = diagnosis.suspects[0]?.id ?? "";

let redis: TestRedis;
let store: Store;
let client: Redis;
let now = NOON;
let serial = 0;
let id = "";
let announced: string[] = [];

beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url.replace("unix://", ""));
  store = connectStore({ url: redis.url, now: () => now, log: silentLog });
});
afterAll(async () => {
  client.disconnect();
  await store[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});
beforeEach(async () => {
  for (const verdict of await store.verdicts()) await store.forgetVerdict(verdict.incidentId, verdict.suspectId);
  now = NOON;
  announced = [];
  id = `inc-judge${++serial}`;
  await store.openIncident(anIncident({ id, key: `prod/shop/judge-${serial}`, status: "settled", diagnosis }));
});

const judge = (over: { right?: boolean; user?: string; suspectId?: string } = {}) =>
  createJudge({
    verbs: { ...store, enqueue: async (_name, _data, options) => void announced.push(options.id) },
    now: () => now,
  })({ incidentId: id, suspectId, user: "U1", ...over });
const card = async () => {
  const incident = await store.findIncident(id);
  return incident ? JSON.stringify(renderHeadline(incident, NOON).blocks) : "";
};
const audited = async () => (await client.xrange("{k8s-why}:audit", "-", "+")).filter(([, fields]) => fields.join().includes(id));

describe("a verdict", () => {
  test("is kept, shown, written down, and counts; taken back, nothing of it is left but the record", async () => {
    expect(await card()).toContain("verdict:right");
    const before = factorsOf(await store.verdicts());
    expect(await judge({ right: false })).toBe(true);
    expect(await card()).toContain("named here was not it");
    expect(Object.values(factorsOf(await store.verdicts())).some((factor) => factor < 1)).toBe(true);
    expect(await judge()).toBe(true);
    expect(await card()).toContain("verdict:right");
    expect(await card()).not.toContain("named here was not it");
    expect(factorsOf(await store.verdicts())).toEqual(before);
    expect(announced).toHaveLength(2);
    const [said, undone, ...more] = await audited();
    expect([String(said), String(undone), more]).toEqual([
      expect.stringContaining("that was not it"),
      expect.stringContaining("verdict taken back"),
      [],
    ]);
  });

  test("pressed twice is one; the last word of anybody counts", async () => {
    await judge({ right: true });
    expect(await judge({ right: true })).toBe(false);
    expect(announced).toHaveLength(1);
    expect(await audited()).toHaveLength(1);
    expect(await judge({ right: true, user: "U2" })).toBe(true);
    expect(await judge({ right: false })).toBe(true);
    expect(await store.verdicts()).toMatchObject([{ incidentId: id, right: false, by: "U1" }]);
  });

  test("can be taken back when the suspect is no longer one", async () => {
    await judge({ right: true });
    await store.updateIncident(id, (current) => ({ ...current, diagnosis: aDiagnosis({ suspects: [], named: false }) }));
    expect(await judge()).toBe(true);
    expect(await store.verdicts()).toEqual([]);
    expect(standingOn(suspectId, (await store.findIncident(id))?.said)).toBeUndefined();
    expect(await judge()).toBe(false);
  });

  test("is said in the thread, by whom, and so is that it was taken back", async () => {
    await judge({ right: false });
    now += 60_000;
    await judge({ user: "U2" });
    const incident = await store.findIncident(id);
    const replies = incident ? repliesOf(incident).filter(({ part }) => part.startsWith("said/")) : [];
    expect(replies.map(({ reply }) => [reply.mention.join(), /^(.+?) [0-9a-f]{7} /.exec(reply.text)?.[1]])).toEqual([
      ["U1", "says that it was not"],
      ["U2", "takes back what was said of"],
    ]);
    expect(replies[0]?.reply.text).toContain("Show prices with tax");
    expect(new Set(replies.map(({ part }) => part)).size).toBe(2);
  });

  test("of the second suspect counts for it, and against the first", async () => {
    const second = aSuspect({ probability: 0.2 });
    await store.updateIncident(id, (one) => ({ ...one, diagnosis: aDiagnosis({ suspects: [...diagnosis.suspects, second] }) }));
    expect(await judge({ right: false, suspectId: second.id })).toBe(true);
    expect(accuracyOf(await store.verdicts())).toMatchObject({ judged: 0, first: 0 });
    expect(await judge({ right: true, suspectId: second.id })).toBe(true);
    expect(await store.verdicts()).toMatchObject([{ suspectId: second.id, rank: 1, probability: 0.2, right: true }]);
    expect(accuracyOf(await store.verdicts())).toEqual({ judged: 1, first: 0, among: 1, sure: 0, sureRight: 0 });
  });

  test("of somebody who is no suspect is not taken", async () => {
    await store.updateIncident(id, (current) => ({ ...current, diagnosis: aDiagnosis({ suspects: [], named: false }) }));
    expect(await judge({ right: true })).toBe(false);
    expect(await store.verdicts()).toEqual([]);
  });

  test("counts for a year, and no more than 2,000 do", async () => {
    const verdict = { incidentId: id, suspectId, right: true, by: "U1", probability: 0.5, evidence: [] };
    await store.saveVerdict({ ...verdict, at: NOON - 367 * DAY });
    expect(await store.verdicts()).toEqual([]);
    expect(await client.hlen("{k8s-why}:verdicts")).toBe(0);
    const many = Array.from({ length: 2_000 }, (_value, index) => ({ ...verdict, suspectId: `s${index}`, at: NOON - index }));
    await client.hset(
      "{k8s-why}:verdicts",
      Object.fromEntries(many.map((one) => [JSON.stringify([one.incidentId, one.suspectId]), JSON.stringify(one)])),
    );
    await store.saveVerdict({ ...verdict, suspectId: "newest", at: NOON + 1 });
    const kept = await store.verdicts();
    expect(kept).toHaveLength(2_000);
    expect(kept.map((one) => one.suspectId)).toEqual(expect.arrayContaining(["newest", "s0"]));
    expect(kept.map((one) => one.suspectId)).not.toContain("s1999");
  });
});

describe("k8s-why verdicts", () => {
  const run = (...argv: string[]) => why(["verdicts", ...argv], { REDIS_URL: redis.url });

  test("lists, says what each kind counts, and takes back as the button does", async () => {
    now = Date.now();
    await judge({ right: true });
    const listed = await run("list");
    expect(listed.out.split("\n")[0]).toMatch(/^said at +verdict +told +by +incident +suspect$/);
    expect(listed.out).toContain(id);
    const factors = await run("factors");
    expect(factors.out).toMatch(/^evidence +counts/);
    expect(factors.out).toMatch(/x1\.\d\d +1 of 1/);
    const undone = await run("undo", id);
    expect(undone).toMatchObject({ code: 0, out: `Taken back: ${suspectId}\n` });
    expect(standingOn(suspectId, (await store.findIncident(id))?.said)).toBeUndefined();
    expect((await audited()).join()).toContain("the command line");
    expect((await client.keys("{k8s-why}:queue:slack:*")).length).toBeGreaterThan(0);
    const again = await run("undo", id);
    expect(again.code).toBe(2);
    expect(again.said).toContain("Nobody said anything");
    expect((await run("list")).out).toBe("Nobody has said anything of a suspect yet.\n");
  });

  test("takes back what it is told to, and nothing that was said of others", async () => {
    now = Date.now();
    const second = aSuspect({ probability: 0.2 });
    await store.updateIncident(id, (one) => ({ ...one, diagnosis: aDiagnosis({ suspects: [...diagnosis.suspects, second] }) }));
    await store.saveVerdict({
      incidentId: "inc-other",
      suspectId: "s",
      right: true,
      by: "U1",
      at: now,
      probability: 0.5,
      evidence: [],
    });
    await judge({ right: false });
    await judge({ right: true, suspectId: second.id });
    const left = async () => (await store.verdicts()).map((one) => one.suspectId).toSorted();
    expect(await run("undo", id, second.id)).toMatchObject({ code: 0, out: `Taken back: ${second.id}\n` });
    expect(await left()).toEqual([suspectId, "s"].toSorted());
    expect(await run("undo", id)).toMatchObject({ code: 0, out: `Taken back: ${suspectId}\n` });
    expect(await left()).toEqual(["s"]);
  });
});
