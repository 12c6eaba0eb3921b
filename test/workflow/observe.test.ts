import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { SpikeReport } from "#workflow/jobs.ts";
import { connectStore } from "#store/store.ts";
import { createObserver } from "#workflow/observe.ts";
import { defaultDetectSettings } from "#analysis/detect.ts";
import { silentLog } from "#lib/log.ts";
import { DAY, HOUR, MINUTE, NOON, SECOND, aSeries, aState, shopWebKey } from "#test/builders.ts";
import { startRedis, type TestRedis } from "#test/redis.ts";

let server: TestRedis;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

/** An observer over a real Redis, at a usual of 30, whose clock a test moves. */
async function startStage(name: string) {
  const clock = { at: NOON };
  const now = () => clock.at;
  const store = connectStore({ url: server.url, prefix: `{${name}}`, now, log: silentLog });
  const reports: SpikeReport[] = [];
  const history = new Map([[shopWebKey, aSeries(NOON - 7 * DAY, NOON, () => 30, 5 * MINUTE)]]);
  const observer = createObserver({
    cluster: "prod",
    settings: defaultDetectSettings,
    now,
    verbs: {
      ...store,
      replicaHistory: async () => history,
      enqueue: async (job, data) => void (job === "spike" && reports.push(data as SpikeReport)),
    },
    log: silentLog,
  });
  await observer.learn();
  const see = async (over: Parameters<typeof aState>[0], afterMs = MINUTE) => {
    clock.at += afterMs;
    observer.accept({ kind: "workload", state: aState({ at: clock.at, ...over }) });
    await observer.flush();
  };
  return { clock, store, observer, reports, see, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}
const running = (count: number) => ({ desired: count, total: count, ready: count, updated: count });

test("a further doubling is reported as news of the same spike", async () => {
  await using stage = await startStage("again");
  for (const count of [30, 70, 100, 150]) await stage.see(running(count));
  expect(stage.reports.map(({ spike }) => [spike.value, spike.again])).toEqual([
    [70, undefined],
    [150, true],
  ]);
});

test("what somebody expects is read from Redis, and forgotten when it is over", async () => {
  await using stage = await startStage("expected");
  const expectation = { workload: shopWebKey, times: 3, at: NOON, until: NOON + HOUR, by: "U0NINA" };
  await stage.store.saveExpectation("prod", expectation);
  await stage.see(running(30));
  await stage.see(running(80));
  expect(stage.reports).toEqual([]);
  expect(await stage.store.expectations("prod")).toEqual([expectation]);
  await stage.see(running(80), 76 * MINUTE);
  expect(stage.reports).toHaveLength(1);
  await vi.waitFor(async () => expect(await stage.store.expectations("prod")).toEqual([]));
});

test("demand above the ceiling is told although no reading comes", async () => {
  await using stage = await startStage("pressed");
  const scaler = { name: "web", uid: "u", min: 1, max: 40, atCeiling: true, wanted: 60 };
  await stage.see({ ...running(40), autoscaler: scaler });
  for (let look = 0; look < 9; look += 1) {
    stage.clock.at += 15 * SECOND;
    await stage.observer.flush();
  }
  expect(stage.reports).toMatchObject([{ spike: { trouble: "above-ceiling", value: 40, baseline: 30 } }]);
  const stored = await stage.store.loadBaselines("prod");
  expect(stored[0]?.demand?.toldAt).toBe(NOON + 3 * MINUTE);
});
