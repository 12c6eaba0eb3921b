import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DAY, NOON, anIncident } from "#test/builders.ts";
import { type Store, connectStore } from "#store/store.ts";
import { type TestRedis, startRedis } from "#test/redis.ts";
import { silentLog } from "#lib/log.ts";
import { toldIn } from "#domain/told.ts";

describe("who is told", () => {
  let server: TestRedis;
  let redis: Redis;
  let now = NOON;
  let store: Store;

  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url.slice("unix://".length));
    store = connectStore({ url: server.url, now: () => now, log: silentLog });
  });
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    redis.disconnect();
    await server[Symbol.asyncDispose]();
  });

  it("is kept as it was decided first, whoever decides again", async () => {
    expect(await store.findTold("inc-a")).toBeUndefined();
    const decided = await Promise.all(["C1", "C2", "C3"].map((channel) => store.keepTold("inc-a", toldIn(channel))));
    expect(new Set(decided.map(({ channel }) => channel)).size).toBe(1);
    expect(await store.findTold("inc-a")).toEqual(decided[0]);
    expect(await store.keepTold("inc-a", toldIn("C4"))).toEqual(decided[0]);
    expect(await store.keepTold("inc-b", toldIn("C2"))).toEqual(toldIn("C2"));
  });

  it("is decided again where what stands cannot be read", async () => {
    await redis.hset("{k8s-why}:told:inc-c", "decision", '{"channel":7}');
    expect(await store.findTold("inc-c")).toBeUndefined();
    expect(await store.keepTold("inc-c", toldIn("C2"))).toEqual(toldIn("C2"));
    expect(await store.findTold("inc-c")).toEqual(toldIn("C2"));
  });

  it("each is called by one message of an incident, whoever asks at the same time; and by that one again", async () => {
    const parts = ["headline", "helped/cap", "author/1"];
    const answers = await Promise.all(parts.map((part) => store.calledBy("inc-d", part, ["U1", "S1"])));
    expect(answers.flat().toSorted()).toEqual(["S1", "U1"]);
    const winner = parts[answers.findIndex((ids) => ids.includes("U1"))] ?? "";
    expect(await store.calledBy("inc-d", winner, ["U1", "U2"])).toEqual(["U1", "U2"]);
    expect(await store.calledBy("inc-d", "another", ["U1", "U2", "U3"])).toEqual(["U3"]);
    expect(await store.calledBy("inc-d", "another", [])).toEqual([]);
    expect(await store.calledBy("inc-e", "headline", ["U1"])).toEqual(["U1"]);
  });

  it("is forgotten with the incident, after a year", async () => {
    await store.openIncident(anIncident({ id: "inc-old", key: "prod/shop/old" }));
    await store.updateIncident("inc-old", (incident) => ({ ...incident, status: "settled", settledAt: NOON }));
    await store.keepTold("inc-old", toldIn("C1"));
    now = NOON + 367 * DAY;
    await store.openIncident(anIncident({ id: "inc-new", key: "prod/shop/new", openedAt: now }));
    expect(await redis.exists("{k8s-why}:told:inc-old")).toBe(0);
  });
});
