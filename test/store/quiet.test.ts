import { HOUR, NOON } from "#test/builders.ts";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type Store, connectStore } from "#store/store.ts";
import { type TestRedis, startRedis } from "#test/redis.ts";
import { silentLog } from "#lib/log.ts";

let server: TestRedis;
let redis: Redis;
let store: Store;
let now = NOON;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis({ path: server.url.slice("unix://".length) });
  store = connectStore({ url: server.url, now: () => now, log: silentLog });
});
afterAll(async () => {
  redis.disconnect();
  await store[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  now = NOON;
  await redis.flushall();
});

const silence = (pattern: string, until = NOON + HOUR) => ({ pattern, from: NOON, until, by: "U0NINA", reason: "A load test" });

it("keeps one silence a pattern until it is over, and 200 at most", async () => {
  await store.saveSilence(silence("shop/web"));
  await store.saveSilence(silence("shop/web", NOON + 2 * HOUR));
  await store.saveSilence(silence("shop/*"));
  expect((await store.silences()).map(({ pattern, until }) => [pattern, until - NOON])).toEqual([
    ["shop/*", HOUR],
    ["shop/web", 2 * HOUR],
  ]);

  now = NOON + HOUR;
  expect((await store.silences()).map(({ pattern }) => pattern)).toEqual(["shop/web"]);
  expect([await store.forgetSilence("shop/web"), await store.forgetSilence("shop/web")]).toEqual([true, false]);

  for (let index = 0; index < 200; index += 1) expect(await store.saveSilence(silence(`w${index}`, now + HOUR))).toBe(true);
  expect(await store.saveSilence(silence("one more", now + HOUR))).toBe(false);
  expect(await store.saveSilence(silence("w7", now + 2 * HOUR))).toBe(true);
});

it("keeps what a person follows, and what waits for them, until they are forgotten", async () => {
  const nina = { user: "U0NINA", patterns: ["shop/*"], quiet: { timeZone: "UTC", from: 1, to: 2, days: [0] } };
  await store.saveFollower(nina);
  await store.saveFollower({ user: "U0OTTO", patterns: ["web"] });
  await store.saveWaiting("U0NINA", { incidentId: "inc-1", what: "opened", at: NOON });
  await store.saveWaiting("U0NINA", { incidentId: "inc-1", what: "settled", at: NOON + 1 });
  await store.saveWaiting("U0NINA", { incidentId: "inc-2", what: "opened", at: NOON });
  expect(await store.findFollower("U0NINA")).toEqual(nina);
  expect((await store.followers()).map(({ user }) => user).toSorted()).toEqual(["U0NINA", "U0OTTO"]);
  expect(await store.waiting("U0NINA")).toEqual([
    { incidentId: "inc-2", what: "opened", at: NOON },
    { incidentId: "inc-1", what: "settled", at: NOON + 1 },
  ]);
  await store.forgetWaiting("U0NINA", ["inc-1"]);
  expect((await store.waiting("U0NINA")).map(({ incidentId }) => incidentId)).toEqual(["inc-2"]);

  await store.saveFollower({ user: "U0OTTO", patterns: [] });
  await store.forgetFollower("U0NINA");
  expect([await store.followers(), await store.waiting("U0NINA")]).toEqual([[], []]);
});

it("loses nobody of many who come to a channel at once", async () => {
  await using other = connectStore({ url: server.url, now: () => now, log: silentLog });
  const arrive = (index: number) =>
    (index % 2 ? store : other).updateWeather("C1", ({ arrivals }) => ({ arrivals: [...arrivals, { id: `i${index}`, at: index }] })); // prettier-ignore
  await Promise.all(Array.from({ length: 40 }, (_, index) => arrive(index)));
  expect((await store.findWeather("C1")).arrivals).toHaveLength(40);
  expect(await store.findWeather("C2")).toEqual({ arrivals: [] });
});

it("reads over what it cannot understand", async () => {
  await redis.set("{k8s-why}:weather:C1", '{"arrivals":7}');
  await redis.hset("{k8s-why}:silences", "a", "{", "b", JSON.stringify(silence("b")));
  await redis.hset("{k8s-why}:followers", "U1", '{"user":"U1"}');
  await redis.hset("{k8s-why}:waiting:U1", "inc", '{"incidentId":"inc","what":"exploded","at":1}');
  expect((await store.silences()).map(({ pattern }) => pattern)).toEqual(["b"]);
  expect([await store.followers(), await store.waiting("U1")]).toEqual([[], []]);
  expect(await store.updateWeather("C1", () => ({ arrivals: [{ id: "a", at: 1 }] }))).toEqual({ arrivals: [{ id: "a", at: 1 }] });
});
