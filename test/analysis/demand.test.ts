import { describe, expect, it } from "vitest";
import type { Baseline } from "#domain/baseline.ts";
import type { Spike } from "#domain/spike.ts";
import { type Reading, learn, observe, readingOf } from "#analysis/detect.ts";
import { DAY, MINUTE, NOON, SECOND, aSeries, aState, shopWebKey } from "#test/builders.ts";

const usual = learn(
  shopWebKey,
  aSeries(NOON - 7 * DAY, NOON, () => 10, 5 * MINUTE),
  NOON,
);

/** At its ceiling of 15 of a usual 10; each step says what is different 15 s later. */
function play(steps: readonly Partial<Reading>[], from: Baseline = usual, everyMs = 15 * SECOND) {
  const spikes: Spike[] = [];
  let baseline = from;
  for (const [index, step] of steps.entries()) {
    const at = from.lastAt + (index + 1) * everyMs;
    const seen = observe(baseline, { workload: shopWebKey, at, desired: 15, ceiling: 15, total: 15, updated: 15, ...step });
    baseline = seen.baseline;
    if (seen.spike) spikes.push(seen.spike);
  }
  return { spikes, baseline };
}
const times = (count: number, step: Partial<Reading>) => Array.from({ length: count }, () => step);

describe("demand above the ceiling", () => {
  it("is told once it has held for two minutes, with the count that its metric asks for", () => {
    const { spikes } = play(times(20, { demand: 24 }));
    expect(spikes).toMatchObject([{ trouble: "above-ceiling", value: 15, baseline: 10, ratio: 2.4 }]);
    expect(spikes[0]!.detectedAt - spikes[0]!.startedAt).toBe(2 * MINUTE);
    expect(spikes[0]!.reason).toBe(
      "It stands at its autoscaler's ceiling of 15 replicas, and its metric has asked for 24 (1.6 times as many) for 2 minutes.",
    );
  });

  it.each<[string, readonly Partial<Reading>[]]>([
    ["within the margin", times(20, { demand: 17 })],
    ["below the ceiling", times(20, { desired: 14, total: 14, updated: 14, demand: 30 })],
    ["for a minute", [...times(5, { demand: 30 }), ...times(9, { demand: 12 }), ...times(5, { demand: 30 })]],
    ["while the metric is unknown", times(20, { demand: undefined })],
    ["interrupted by <unknown>", [...times(6, { demand: 30 }), {}, ...times(6, { demand: 30 })]],
    ["while a rollout is under way", times(20, { demand: 30, total: 19, updated: 6 })],
  ])("is not told: %s", (_name, steps) => expect(play(steps).spikes).toEqual([]));

  it("is told again only after it has fitted for ten minutes", () => {
    const told = play(times(20, { demand: 24 })).baseline;
    expect(play([...times(20, { demand: 12 }), ...times(20, { demand: 24 })], told).spikes).toEqual([]);
    expect(play([...times(20, { demand: undefined }), ...times(20, { demand: 24 })], told).spikes).toEqual([]);
    expect(play([...times(44, { demand: 12 }), ...times(20, { demand: 24 })], told).spikes).toHaveLength(1);
  });

  it("is not told at a first launch", () => {
    const fresh = observe(undefined, { workload: shopWebKey, at: NOON, desired: 15 }).baseline;
    expect(play(times(40, { demand: 30 }), fresh).spikes).toEqual([]);
  });

  it("is not told beside a runaway that was told", () => {
    const { spikes } = play([{ desired: 40, total: 40, updated: 40, ceiling: 40 }, ...times(30, { desired: 40, total: 40, updated: 40, ceiling: 40, demand: 99 })]); // prettier-ignore
    expect(spikes).toHaveLength(1);
    expect(spikes[0]!.trouble).toBeUndefined();
  });

  it("is read as the autoscaler works it out, and not where we hold the ceiling", () => {
    const scaler = { name: "web", uid: "u", min: 1, max: 15, atCeiling: true, cpuPercent: 111, targetCpuPercent: 70 };
    const demand = (over: object) => readingOf(aState({ desired: 15, autoscaler: { ...scaler, ...over } })).demand;
    expect(demand({})).toBe(24);
    expect(demand({ wanted: 31 })).toBe(31);
    expect(demand({ cpuPercent: undefined })).toBeUndefined();
    expect(demand({ cappedFrom: 4000 })).toBeUndefined();
  });
});
