import { afterAll, beforeAll, expect, test } from "vitest";
import type { Change } from "#domain/change.ts";
import { noSignals } from "#domain/sample.ts";
import { connectStore } from "#store/store.ts";
import { createInvestigate } from "#workflow/investigate.ts";
import { createMemo } from "#workflow/memo.ts";
import { silentLog } from "#lib/log.ts";
import { HOUR, NOON, aLanding, aReport, aRollout, aState, anAlert, anIncident, anOwnership } from "#test/builders.ts";
import { startRedis, type TestRedis } from "#test/redis.ts";
import { startCountingGate } from "#test/redis-turns.ts";

let server: TestRedis;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Round trips of an investigation with so many changes in its window, and how many it looked at. */
async function investigated(count: number): Promise<{ trips: number; read: number }> {
  await using gate = await startCountingGate(server.url);
  await using store = connectStore({ url: gate.url, prefix: `{trips-${count}}`, now: () => NOON, log: silentLog });
  const changes = Array.from({ length: count }, (_, index): Change => {
    const at = NOON - 10 * HOUR - index * 10_000;
    if (index % 3 === 0) return aRollout({ revision: index + 1, at });
    return index % 3 === 1 ? aLanding({ at }) : aReport({ id: `reported/${index}`, at });
  });
  await store.addChanges(changes);
  await store.addAlert(anAlert());
  const investigate = createInvestigate({
    verbs: {
      ...store,
      signals: async () => noSignals,
      files: async () => [],
      commitsBetween: async () => undefined,
      ownershipOf: async () => anOwnership(),
      loadSql: async () => ({ postgres: () => undefined, other: () => undefined }),
      withCommits: async (_key, _repository, changes) => changes,
    },
    windowMs: 72 * HOUR,
    ranges: createMemo(10),
    files: createMemo(10),
    log: silentLog,
  });
  gate.take();
  const finding = await investigate(anIncident(), aState(), NOON);
  return { trips: gate.take(), read: finding.changes.length };
}

test("an investigation reads Redis in a constant number of round trips", async () => {
  const few = await investigated(10);
  const many = await investigated(5_000);
  expect([few.read, many.read]).toEqual([10, 5_000]);
  expect(few.trips).toBeGreaterThan(0);
  // Changes and alerts are asked for at the same time, twice each: between two and four trips, whatever is in them.
  expect(few.trips).toBeLessThanOrEqual(4);
  expect(many.trips).toBeLessThanOrEqual(4);
});
