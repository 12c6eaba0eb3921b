import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Baseline } from "#domain/baseline.ts";
import { silentLog } from "#lib/log.ts";
import { TemporaryError } from "#lib/errors.ts";
import { connectStore, type Store } from "#store/store.ts";
import {
  DAY,
  HOUR,
  MINUTE,
  NOON,
  aFile,
  aLanding,
  aPool,
  aRollout,
  aState,
  anAlert,
  anIncident,
  shopWebKey,
} from "#test/builders.ts";
import { startRedis, type TestRedis } from "#test/redis.ts";

let server: TestRedis;
let redis: Redis;
let now = NOON;
let tests = 0;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url.slice("unix://".length));
});
afterAll(async () => {
  redis.disconnect();
  await server[Symbol.asyncDispose]();
});
beforeEach(() => {
  now = NOON;
  tests += 1;
});

const prefix = () => `{test-${tests}}`;
const connect = (): Store => connectStore({ url: server.url, prefix: prefix(), now: () => now, log: silentLog });

describe("ledger", () => {
  it("returns the changes of a stretch, both ends included, oldest first", async () => {
    await using store = connect();
    const [first, second, third] = [
      aRollout({ at: NOON - 2 * HOUR, revision: 5 }),
      aLanding({ at: NOON - HOUR }),
      aLanding({ at: NOON }),
    ];

    await store.addChanges([third, first, second]);

    expect(await store.changesBetween(NOON - 2 * HOUR, NOON - HOUR)).toEqual([first, second]);
    expect(await store.changesBetween(NOON + 1, NOON + 2)).toEqual([]);
  });

  it("keeps a repeated change once, as it was said last", async () => {
    await using store = connect();
    const landing = aLanding();

    await store.addChanges([landing]);
    await store.addChanges([
      { ...landing, pullRequest: 12 },
      { ...landing, pullRequest: 13 },
    ]);

    expect(await store.changesBetween(0, NOON)).toEqual([{ ...landing, pullRequest: 13 }]);
  });

  it("reads more than a page", async () => {
    await using store = connect();
    const landings = Array.from({ length: 2_345 }, (_, index) => aLanding({ at: NOON - HOUR + Math.floor(index / 3) }));

    await store.addChanges(landings);

    const read = await store.changesBetween(0, NOON);
    expect(new Set(read.map(({ id }) => id)).size).toBe(2_345);
    expect(read).toHaveLength(2_345);
  });

  it("forgets what is older than 30 days of its clock", async () => {
    await using store = connect();
    await store.addChanges([aLanding({ at: NOON })]);
    now = NOON + 31 * DAY;

    await store.addChanges([aLanding({ at: now })]);

    expect(await store.changesBetween(0, now)).toHaveLength(1);
    expect(await redis.hlen(`${prefix()}:changes:records`)).toBe(1);
  });

  it("skips a corrupt record and returns the others", async () => {
    await using store = connect();
    const landing = aLanding();
    await store.addChanges([aLanding({ id: "broken" }), aLanding({ id: "foreign" }), landing]);
    await redis.hset(`${prefix()}:changes:records`, "broken", "{", "foreign", JSON.stringify({ kind: "landing", id: "foreign" }));

    expect(await store.changesBetween(0, NOON)).toEqual([landing]);
  });

  it("cuts a landing of 3 MB and thousands of files down to what fits", async () => {
    await using store = connect();
    const files = Array.from({ length: 3_000 }, (_, index) => aFile(`load/file-${index}`, { patch: "+x".repeat(500) }));

    await store.addChanges([aLanding({ message: "x".repeat(3_000_000), files })]);

    const [landing] = await store.changesBetween(0, NOON);
    expect(landing).toMatchObject({ filesTotal: 3_000, kind: "landing" });
    expect(JSON.stringify(landing).length).toBeLessThan(300_000);
  });

  it("remembers alerts, and the newest commit of a branch whatever the order", async () => {
    await using store = connect();
    await store.addAlert(anAlert());
    await store.addAlert(anAlert({ status: "closed" }));
    await store.rememberLastSeen("acme/shop", "main", { sha: "b", at: 2 });
    await store.rememberLastSeen("acme/shop", "main", { sha: "a", at: 1 });

    expect(await store.alertsBetween(NOON - MINUTE, NOON)).toEqual([anAlert({ status: "closed" })]);
    expect(await store.findLastSeen("acme/shop", "main")).toEqual({ sha: "b", at: 2 });
    expect(await store.findLastSeen("acme/shop", "other")).toBeUndefined();
  });
});

describe("clusters", () => {
  it("keeps the latest readings of a cluster apart from another's", async () => {
    await using store = connect();
    const other = aState({ workload: { ...aState().workload, name: "api" } });

    await store.saveWorkloads("prod", [aState(), other]);
    await store.saveWorkloads("prod", [aState({ desired: 90 })]);
    await store.forgetWorkloads("prod", ["prod/shop/api"]);
    await store.savePool(aPool());

    expect(await store.findWorkload(shopWebKey)).toEqual(aState({ desired: 90 }));
    expect(await store.workloads("prod")).toHaveLength(1);
    expect(await store.workloads("test")).toEqual([]);
    expect(await store.findPool("prod")).toEqual(aPool());
    expect(await store.findPool("test")).toBeUndefined();
    await store.saveSeenUntil("prod", NOON);
    expect([await store.findSeenUntil("prod"), await store.findSeenUntil("test")]).toEqual([NOON, undefined]);
  });

  it("returns baselines as they were, fields that it does not know included", async () => {
    await using store = connect();
    const baseline = { workload: shopWebKey, since: 1, level: { deep: [1, 2] } } as unknown as Baseline;

    await store.saveBaselines("prod", [baseline]);

    expect(await store.loadBaselines("prod")).toEqual([baseline]);
  });
});

describe("incidents", () => {
  it("can be written again where a text was cut within an emoji", async () => {
    await using store = connect();
    const text = "a crash \u{1f525}".slice(0, -1);
    await store.openIncident(anIncident({ timeline: [{ id: "1", at: NOON, kind: "illness", text }] }));

    const written = await store.updateIncident(anIncident().id, (incident) => ({ ...incident, status: "mitigated" }));

    expect(written).toMatchObject({ version: 2, status: "mitigated" });
  });

  it("lists those opened since a moment, settled or not, newest first", async () => {
    await using store = connect();
    for (const [index, hours] of [3, 1, 30].entries())
      await store.openIncident(anIncident({ id: `inc-${index}`, key: `prod/shop/${index}`, openedAt: NOON - hours * HOUR }));
    await store.updateIncident("inc-1", (incident) => ({ ...incident, status: "settled" }));

    const ids = async (from: number) => (await store.incidentsSince(from)).map(({ id }) => id);
    expect(await ids(NOON - 24 * HOUR)).toEqual(["inc-1", "inc-0"]);
    expect(await ids(NOON - 2 * HOUR)).toEqual(["inc-1"]);
    expect(await ids(NOON)).toEqual([]);
  });

  it("opens one incident for a workload, however many ask at once", async () => {
    await using one = connect();
    await using two = connect();
    const asked = Array.from({ length: 20 }, (_, index) =>
      (index % 2 ? one : two).openIncident(anIncident({ id: `inc-${index}` })),
    );

    const answers = await Promise.all(asked);

    expect(answers.filter(({ opened }) => opened)).toHaveLength(1);
    expect(new Set(answers.map(({ incident }) => incident.id)).size).toBe(1);
    expect(await one.openIncidents()).toHaveLength(1);
  });

  it("loses no update of two writers that race", async () => {
    await using one = connect();
    await using two = connect();
    const { id } = (await one.openIncident(anIncident({ version: 1 }))).incident;
    const add = (store: Store, entry: string) =>
      store.updateIncident(id, (incident) => ({
        ...incident,
        timeline: [...incident.timeline, { id: entry, at: NOON, kind: "act", text: "" }],
      }));

    await Promise.all(Array.from({ length: 30 }, (_, index) => add(index % 2 ? one : two, `entry-${index}`)));

    const incident = await one.findIncident(id);
    expect(incident?.timeline).toHaveLength(30);
    expect(incident?.version).toBe(31);
  });

  it("closes a settled incident, opens the next, and never the same again", async () => {
    await using store = connect();
    const first = anIncident({ id: "inc-1" });
    await store.openIncident(first);
    await store.updateIncident("inc-1", (incident) => ({ ...incident, status: "settled" }));

    expect(await store.findOpenIncident(shopWebKey)).toBeUndefined();
    expect(await store.openIncidents()).toEqual([]);
    expect((await store.openIncident(first)).opened).toBe(false);
    expect((await store.openIncident(anIncident({ id: "inc-2" }))).opened).toBe(true);
    expect((await store.findOpenIncident(shopWebKey))?.id).toBe("inc-2");
    expect((await store.findIncident("inc-1"))?.status).toBe("settled");
  });

  it("writes nothing when there is nothing to do, and lets an error of the change through", async () => {
    await using store = connect();
    await store.openIncident(anIncident());

    expect((await store.updateIncident(anIncident().id, () => undefined))?.version).toBe(1);
    expect(await store.updateIncident("unknown", (incident) => incident)).toBeUndefined();
    const failing = store.updateIncident(anIncident().id, () => {
      throw new TypeError("ours");
    });
    await expect(failing).rejects.toThrow(TypeError);
  });

  it("opens over a record that cannot be read", async () => {
    await using store = connect();
    await store.openIncident(anIncident({ id: "inc-1" }));
    await redis.hset(`${prefix()}:incidents:records`, "inc-1", '{"id":"inc-1"}');

    const { incident, opened } = await store.openIncident(anIncident({ id: "inc-2" }));

    expect([incident.id, opened]).toEqual(["inc-2", true]);
    expect((await store.openIncidents()).map(({ id }) => id)).toEqual(["inc-2"]);
  });

  it("knows the newest of each workload, open or over, for a year", async () => {
    await using store = connect();
    const settle = (id: string) => store.updateIncident(id, (incident) => ({ ...incident, status: "settled" }));
    await store.openIncident(anIncident({ id: "inc-1" }));
    await store.openIncident(anIncident({ id: "inc-other", key: "prod/shop/other" }));
    await settle("inc-1");
    expect(await store.latestIncidents()).toEqual(new Map([[shopWebKey, "inc-1"], ["prod/shop/other", "inc-other"]])); // prettier-ignore
    await store.openIncident(anIncident({ id: "inc-2", openedAt: NOON + 300 * DAY }));
    expect((await store.latestIncidents()).get(shopWebKey)).toBe("inc-2");
    await settle("inc-2");
    await settle("inc-other");
    now = NOON + 400 * DAY;

    await store.openIncident(anIncident({ id: "inc-3", key: "prod/shop/third", openedAt: now }));

    expect(await store.latestIncidents()).toEqual(new Map([[shopWebKey, "inc-2"], ["prod/shop/third", "inc-3"]])); // prettier-ignore
  });

  it("forgets after a year those that are not open, with their messages, samples and reports", async () => {
    await using store = connect();
    const ref = { channel: "C1", ts: "1.2" };
    await store.openIncident(anIncident({ id: "inc-1" }));
    await store.updateIncident("inc-1", (incident) => ({ ...incident, status: "settled" }));
    await redis.hset(`${prefix()}:messages:inc-1`, "headline", JSON.stringify(ref));
    expect(await store.findMessage("inc-1", "headline")).toEqual(ref);
    const made = { number: 1, at: NOON, digest: "d" };
    await store.saveReport("inc-1", made);
    expect(await store.findReport("inc-1")).toEqual(made);
    await store.saveSamples("inc-1", [{ at: NOON, replicas: 30 }]);
    expect(await store.samples("inc-1")).toHaveLength(1);
    now = NOON + 400 * DAY;

    await store.openIncident(anIncident({ id: "inc-2", openedAt: now }));

    expect(await store.findIncident("inc-1")).toBeUndefined();
    expect(await store.findMessage("inc-1", "headline")).toBeUndefined();
    expect(await store.findReport("inc-1")).toBeUndefined();
    expect(await store.samples("inc-1")).toEqual([]);
    expect(await store.findIncident("inc-2")).toBeDefined();
  });

  it("keeps the samples of each, and reads none where they cannot be read", async () => {
    await using store = connect();
    const samples = [{ at: NOON, replicas: 30, nodes: 10, costPerRequest: 0.01, cpuPerReplica: 0.2 }, { at: NOON + 1 }];
    await store.saveSamples("inc-1", samples);
    expect(await store.samples("inc-1")).toEqual(samples);
    expect(await store.samples("inc-2")).toEqual([]);

    await redis.set(`${prefix()}:samples:inc-1`, '[{"at":"noon"}]');
    expect(await store.samples("inc-1")).toEqual([]);
    await redis.set(`${prefix()}:samples:inc-1`, "no JSON");
    expect(await store.samples("inc-1")).toEqual([]);
  });
});

describe("claims", () => {
  it("gives a claim to the first only, until it is released by its owner", async () => {
    await using store = connect();
    const answers = await Promise.all(["ann", "bob", "ann"].map((owner) => store.claim("step/1", owner, 60_000)));

    expect(answers).toEqual([true, false, false]);
    expect(await store.claimOwner("step/1")).toBe("ann");
    await store.release("step/1", "bob");
    expect(await store.claim("step/1", "bob", 60_000)).toBe(false);
    await store.release("step/1", "ann");
    expect(await store.claimOwner("step/1")).toBeUndefined();
    expect(await store.claim("step/1", "bob", 60_000)).toBe(true);
  });

  it("ends a claim and an intent after their wall milliseconds", async () => {
    await using store = connect();
    const intent = { kind: "drain", cluster: "prod", nodes: [] } as const;
    await store.claim("short", "ann", 20);
    await store.saveIntent("digest", intent, 10_000);
    await store.saveIntent("brief", intent, 20);

    expect(await store.findIntent("digest")).toEqual(intent);
    await expect.poll(() => store.findIntent("brief")).toBeUndefined();
    await expect.poll(() => store.claim("short", "bob", 60_000)).toBe(true);
  });
});

describe("Redis itself", () => {
  it("is ready when it answers and evicts nothing", async () => {
    await using careless = await startRedis({ maxmemoryPolicy: "allkeys-lru" });
    await using store = connectStore({ url: careless.url, now: () => now, log: silentLog });
    await using well = connect();

    expect(await store.ready()).toContain('"allkeys-lru"');
    expect(await well.ready()).toBeUndefined();
  });

  it("is away: says so, throws TemporaryError, and goes on once it is back", async () => {
    await using own = await startRedis({ persistent: true });
    await using store = connectStore({ url: own.url, now: () => now, log: silentLog });
    await store.openIncident(anIncident());

    await own.stop();
    expect(await store.ready()).toBe("Redis does not answer.");
    await expect(store.addAlert(anAlert())).rejects.toThrow(TemporaryError);

    await own.start();
    await expect.poll(() => store.ready()).toBeUndefined();
    expect(await store.findIncident(anIncident().id)).toEqual(anIncident());
  });

  it("keeps all keys in one slot of a Redis Cluster", async () => {
    await using store = connectStore({ url: server.url, now: () => now, log: silentLog });
    await redis.flushall();
    await Promise.all([
      store.addChanges([aLanding()]),
      store.saveWorkloads("prod", [aState()]),
      store.openIncident(anIncident()),
      store.claim("a", "b", 60_000),
    ]);

    const keys = await redis.keys("*");

    expect(keys.length).toBeGreaterThan(5);
    expect(keys.filter((key) => !key.startsWith("{k8s-why}:"))).toEqual([]);
  });
});
