import { DAY, HOUR, NOON, aState, anIncident, shopWebKey } from "#test/builders.ts";
import { type Store, connectStore } from "#store/store.ts";
import { type TestRedis, startRedis } from "#test/redis.ts";
import { aPolicy, peopleOf } from "./people.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Redis } from "ioredis";
import type { SilenceRequest } from "#domain/ports/quiet.ts";
import { createFollows } from "#workflow/follow.ts";
import { createSilences } from "#workflow/silence.ts";
import { silentLog } from "#lib/log.ts";

let server: TestRedis;
let redis: Redis;
let store: Store;
let told: string[] = [];

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis({ path: server.url.slice("unix://".length) });
  store = connectStore({ url: server.url, now: () => NOON, log: silentLog });
});
afterAll(async () => {
  redis.disconnect();
  await store[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  told = [];
  await redis.flushall();
  await store.saveWorkloads("prod", [aState(), aState({ workload: { ...aState().workload, name: "cart" } })]);
});

const enqueue = async (_name: string, data: object) => void told.push(JSON.stringify(data));
const until = (ms: number, reason = "A load test") => ({ kind: "until" as const, until: NOON + ms, reason });
const ask = (over: Partial<SilenceRequest>) =>
  createSilences({
    verbs: { ...store, enqueue },
    cluster: "prod",
    policy: aPolicy(["U0NINA", "U0GUEST"]),
    people: peopleOf({ U0NINA: { name: "Nina Abel" }, U0GUEST: { kind: "guest" } }),
    now: () => NOON,
    log: silentLog,
  }).silence({ workload: "web", what: until(HOUR), user: "U0NINA", ...over });
const records = async () => (await store.auditNewest(10)).map(({ what, by, on, text }) => [what, by, on, text]);

describe("a silence", () => {
  it("is kept and on record, with its end and its reason", async () => {
    expect(await ask({})).toMatchObject({ kind: "set", silence: { pattern: shopWebKey }, workloads: 1 });
    expect(await ask({ workload: "shop/*", what: until(2 * HOUR, "We move") })).toMatchObject({ kind: "set", workloads: 2 });
    expect((await store.silences()).map(({ pattern, by, byName, reason }) => [pattern, by, byName, reason])).toEqual([
      [shopWebKey, "U0NINA", "Nina Abel", "A load test"],
      ["shop/*", "U0NINA", "Nina Abel", "We move"],
    ]);
    expect((await records())[1]).toEqual(["silenced", "U0NINA", shopWebKey, "until 2026-03-02T13:00:00.000Z: A load test"]);
  });

  it("ends early by a word, and what is open is told then", async () => {
    await ask({});
    await store.openIncident(anIncident());
    await store.openIncident(anIncident({ id: "inc-cart", key: "prod/shop/cart" }));
    expect(await ask({ what: { kind: "off" } })).toEqual({ kind: "off", pattern: shopWebKey, was: true });
    expect(told).toEqual([JSON.stringify({ incidentId: anIncident().id })]);
    expect(await store.silences()).toEqual([]);
    expect(await ask({ what: { kind: "off" } })).toMatchObject({ was: false });
  });

  it("of a workload that is gone ends by what the list calls it", async () => {
    await ask({});
    await store.forgetWorkloads("prod", [shopWebKey]);
    expect(await ask({ workload: shopWebKey, what: { kind: "off" } })).toMatchObject({ kind: "off", was: true });
  });

  it.each<[string, Partial<SilenceRequest>, RegExp]>([
    ["the past", { what: until(-1) }, /has passed already/],
    ["more than a week", { what: until(7 * DAY + 1) }, /7 days at most/],
    ["no reason", { what: until(HOUR, " ") }, /Say why/],
    ["somebody whom no rule allows anything", { user: "U0OTTO" }, /Only people whom a rule allows/],
    ["a guest", { user: "U0GUEST" }, /Only people whom a rule allows/],
    ["a pattern of four parts", { workload: "a/b/c/*" }, /A pattern looks like this/],
    ["a pattern with a mention", { workload: "<!here>*" }, /A pattern looks like this/],
  ])("%s is refused in a sentence", async (_name, over, text) => {
    expect(await ask(over)).toEqual({ kind: "refused", text: expect.stringMatching(text) as string });
    expect(await store.silences()).toEqual([]);
  });

  it("that is refused to somebody is on record", async () => {
    await ask({ user: "U0OTTO" });
    expect(await records()).toEqual([["refused", "U0OTTO", undefined, "silence web"]]);
  });

  it("of an unknown workload: similar names", async () =>
    expect(await ask({ workload: "payments" })).toMatchObject({ kind: "unknown" }));
});

describe("what somebody follows", () => {
  const follows = () => createFollows({ verbs: { ...store, enqueue }, cluster: "prod" });
  const user = "U0ADA";

  it("is kept until they take it back, beside their quiet hours", async () => {
    const { subscribe, unsubscribe, subscriptions, keepQuiet } = follows();
    expect(await subscribe({ workload: "web", user })).toEqual({ kind: "follows", pattern: shopWebKey, workloads: 1 });
    expect(await subscribe({ workload: "Shop/*", user })).toEqual({ kind: "follows", pattern: "shop/*", workloads: 2 });
    await subscribe({ workload: "web", user });
    await keepQuiet(user, "off");
    expect(told).toEqual([JSON.stringify({ user })]);
    expect(await subscriptions(user)).toEqual({ user, patterns: [shopWebKey, "shop/*"], quiet: "off" });
    expect(await unsubscribe({ workload: "web", user })).toEqual({ kind: "unfollows", pattern: shopWebKey, was: true });
    expect(await unsubscribe({ workload: "web", user })).toMatchObject({ was: false });
    expect(await unsubscribe({ workload: "mail/*", user })).toMatchObject({ was: false });
    expect(await subscriptions(user)).toEqual({ user, patterns: ["shop/*"], quiet: "off" });
  });

  it("is twenty names and patterns at most", async () => {
    const { subscribe } = follows();
    for (let index = 0; index < 20; index += 1) await subscribe({ workload: `w${index}*`, user });
    expect(await subscribe({ workload: "one-more*", user })).toMatchObject({ kind: "refused" });
    expect(await subscribe({ workload: "w7*", user })).toMatchObject({ kind: "follows" });
  });
});
