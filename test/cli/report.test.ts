import { afterAll, beforeAll, expect, test } from "vitest";
import { NOON, aDiagnosis, anIncident } from "#test/builders.ts";
import { type Store, connectStore } from "#store/store.ts";
import { type TestRedis, startRedis } from "#test/redis.ts";
import { silentLog } from "#lib/log.ts";
import { why } from "./why.ts";

let redis: TestRedis;
let store: Store;

beforeAll(async () => {
  redis = await startRedis();
  store = connectStore({ url: redis.url, now: () => NOON, log: silentLog });
  await store.openIncident(anIncident({ diagnosis: aDiagnosis() }));
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

const run = (asked: string) => why(["report", asked], { REDIS_URL: redis.url });

test("prints the report of an incident, by its id or by what it was about", async () => {
  const byId = await run("inc-0123456789ab");
  expect(byId).toMatchObject({ code: 0, said: "" });
  expect(byId.out).toMatch(/^# Incident report: `shop\/web`, replicas ran away\n[^]*\n## Follow-ups\n[^]*\n$/);
  const byName = await run("web");
  expect(byName.out.replaceAll(/Made [^.]*\./g, "")).toBe(byId.out.replaceAll(/Made [^.]*\./g, ""));
});

test("says what it does not find, and where Redis is not", async () => {
  expect(await run("shop/wbe")).toMatchObject({ code: 0 });
  expect(await run("payments")).toMatchObject({
    code: 2,
    out: "",
    said: expect.stringContaining('no incident is on record under "payments"'),
  });
  expect(await why(["report", "web"], { REDIS_URL: "" })).toMatchObject({ code: 2, said: expect.stringContaining("REDIS_URL") });
});
