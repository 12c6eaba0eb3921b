import { expect, test } from "vitest";
import { HOUR, MINUTE, NOON, aState, someSignals } from "#test/builders.ts";
import { latencySince } from "#analysis/illness/slower.ts";
import { lookAtWorkload, rememberWorkload } from "#analysis/illness/workload.ts";

const at = NOON + 20 * MINUTE;
/** Two hours of 0.1 s a request; what it is since noon, and the load since noon. */
const signals = (seconds: number, requests = 600) =>
  someSignals({ to: at, latency: (time) => (time >= NOON ? seconds : 0.1), requests: (time) => (time >= NOON ? requests : 600) });

test("latency before a rollout is compared with that of now", () => {
  const found = latencySince(signals(0.35), NOON, at);
  expect(found?.before).toBeCloseTo(0.1);
  expect(found?.now).toBeCloseTo(0.35);
});

test("nothing is compared soon after the rollout, under another load, or without series", () => {
  expect(latencySince(signals(0.35), NOON, NOON + 7 * MINUTE)).toBeUndefined();
  expect(latencySince(signals(0.35, 1_200), NOON, at)).toBeUndefined();
  expect(latencySince(signals(0.35, 100), NOON, at)).toBeUndefined();
  expect(latencySince({ replicas: [], requestsPerSecond: [], latencySeconds: [], cpuCores: [] }, NOON, at)).toBeUndefined();
});

function told(latency: { before: number; now: number }, rolloutAt = NOON): string[] {
  const state = aState({ desired: 8, revision: 12 });
  let memory = rememberWorkload(state, [], NOON);
  const texts: string[] = [];
  for (let time = NOON + 8 * MINUTE; time <= NOON + 40 * MINUTE; time += 10_000) {
    const seen = lookAtWorkload(memory, { ...state, at: time }, { at: time, rolloutAt, latency });
    memory = seen.memory;
    texts.push(...seen.fresh.map(({ text }) => text));
  }
  return texts;
}

test("twice as slow since a rollout is told once; less, milliseconds, and long after it is not", () => {
  expect(told({ before: 0.11, now: 0.34 })).toEqual([
    "Since revision 12 began to roll out, requests take 3.1 times as long: 340 ms instead of 110 ms, under the same load.",
  ]);
  expect(told({ before: 0.11, now: 0.2 })).toEqual([]);
  expect(told({ before: 0.002, now: 0.009 })).toEqual([]);
  expect(told({ before: 0.11, now: 0.34 }, NOON - 2 * HOUR)).toEqual([]);
});
