import { describe, expect, it } from "vitest";
import type { Baseline } from "#domain/baseline.ts";
import type { Spike } from "#domain/spike.ts";
import { type Reading, learn, observe, readingOf, usualOf } from "#analysis/detect.ts";
import { DAY, HOUR, MINUTE, NOON, SECOND, aSeries, aState, shopWebKey } from "#test/builders.ts";

const WEEK = 7 * DAY;
const steady = (value: number) =>
  learn(
    shopWebKey,
    aSeries(NOON - WEEK, NOON, () => value, 5 * MINUTE),
    NOON,
  );

/** Feeds counts, one each `stepMs` after `from`; gives the spikes. */
function feed(
  baseline: Baseline | undefined,
  counts: readonly number[],
  stepMs: number,
  over: Partial<Reading> = {},
  from = NOON,
): { spikes: Spike[]; baseline: Baseline } {
  const spikes: Spike[] = [];
  let known = baseline;
  counts.forEach((desired, index) => {
    const seen = observe(known, { workload: shopWebKey, at: from + (index + 1) * stepMs, desired, ...over });
    known = seen.baseline;
    if (seen.spike) spikes.push(seen.spike);
  });
  return { spikes, baseline: known! };
}

describe("a climb is told once, early", () => {
  it.each([
    ["doubling at every sync", [30, 60, 120, 240, 480, 960], 15 * SECOND],
    ["30, 40, 60, 80", [30, 40, 60, 80, 120, 240], 15 * SECOND],
    ["by a fifth at every sync", [36, 43, 52, 62, 75, 90, 108], 15 * SECOND],
    ["over an hour", Array.from({ length: 60 }, (_, minute) => Math.round(30 * 5 ** (minute / 60))), MINUTE],
    ["over six hours", Array.from({ length: 360 }, (_, minute) => Math.round(30 * 5 ** (minute / 360))), MINUTE],
  ])("%s", (_name, counts, stepMs) => {
    const { spikes } = feed(steady(30), counts, stepMs);
    expect(spikes).toHaveLength(1);
    expect(spikes[0]).toMatchObject({ basis: "own-history", baseline: 30 });
    expect(spikes[0]!.ratio).toBeGreaterThanOrEqual(1.9);
    expect(spikes[0]!.ratio).toBeLessThanOrEqual(3);
    expect(spikes[0]!.startedAt).toBeLessThanOrEqual(spikes[0]!.detectedAt);
  });

  it("creeping up over three days, measured against the week", () => {
    const counts = Array.from({ length: 96 }, (_, hour) => Math.round(30 * 5 ** (hour / 96)));
    const { spikes } = feed(steady(30), counts, HOUR);
    expect(spikes).toHaveLength(1);
    expect(spikes[0]!.value).toBeLessThanOrEqual(90);
  });

  it("from a handful, by an absolute rise", () => {
    expect(feed(steady(4), [6, 8, 10, 13], MINUTE).spikes).toHaveLength(0);
    expect(feed(steady(4), [8, 16], MINUTE).spikes).toMatchObject([{ value: 16 }]);
  });

  it("says in a sentence what it saw", () => {
    expect(feed(steady(30), [70], MINUTE).spikes[0]!.reason).toMatch(/^70 replicas: 2\.3 times its usual 30/);
  });
});

describe("what is no spike", () => {
  it("a first launch", () => {
    expect(feed(undefined, [0, 1, 3, 30, 100, 100, 120], 10 * MINUTE).spikes).toHaveLength(0);
  });

  it("a daily swing, also by a factor of four", () => {
    const swing = (at: number) => Math.round(50 + 30 * Math.sin((2 * Math.PI * at) / DAY));
    const baseline = learn(shopWebKey, aSeries(NOON - WEEK, NOON, swing, 5 * MINUTE), NOON);
    const counts = aSeries(NOON, NOON + 2 * DAY, swing, 5 * MINUTE).map((point) => point.value);
    expect(feed(baseline, counts, 5 * MINUTE).spikes).toHaveLength(0);
  });

  it("a count that it reached on other days too", () => {
    const launchDays = aSeries(NOON - WEEK, NOON, (at) => (at % DAY < 10 * MINUTE ? 100 : 30), 5 * MINUTE);
    expect(feed(learn(shopWebKey, launchDays, NOON), [100], MINUTE).spikes).toHaveLength(0);
  });

  it("but not a climb far above normal, because of a peak at another hour", () => {
    const nightly = aSeries(NOON - WEEK, NOON, (at) => (at % DAY < 10 * MINUTE ? 300 : 30), 5 * MINUTE);
    const counts = Array.from({ length: 60 }, (_, minute) => Math.round(30 * 10 ** (minute / 60)));
    const { spikes } = feed(learn(shopWebKey, nightly, NOON), counts, MINUTE);
    expect(spikes[0]!.ratio).toBeLessThanOrEqual(4);
  });

  it("what an autoscaler adds for a rollout's surge pods", () => {
    const surging = { total: 60, updated: 15, maxSurge: 30, lastRolloutAt: NOON };
    expect(feed(steady(30), [30, 60], MINUTE, surging).spikes).toHaveLength(0);
    expect(feed(steady(30), [30, 60], MINUTE).spikes).toHaveLength(1);
  });

  it("scaling back, and what comes after", () => {
    const { spikes, baseline } = feed(steady(30), [60, 120, 400, 400, 120, 60, 30, 32, 30], 5 * MINUTE);
    expect(spikes).toHaveLength(1);
    expect(baseline.spike).toBeUndefined();
    expect(usualOf(baseline, baseline.lastAt).replicas).toBeLessThanOrEqual(32);
  });

  it("a spike is not learnt as the usual of its hours", () => {
    const { baseline } = feed(
      steady(30),
      [...Array.from({ length: 5 }, () => 400), ...Array.from({ length: 21 }, () => 30)],
      HOUR,
    );
    expect(usualOf(baseline, NOON + 27 * HOUR).replicas).toBeLessThanOrEqual(45);
  });

  it("a reading out of order or out of range", () => {
    const baseline = steady(30);
    expect(observe(baseline, { workload: shopWebKey, at: NOON - HOUR, desired: 900 })).toEqual({ baseline });
    expect(observe(baseline, { workload: shopWebKey, at: NOON + HOUR, desired: Number.NaN }).spike).toBeUndefined();
  });
});

describe("with little history", () => {
  const tenMinutes = feed(
    undefined,
    Array.from({ length: 40 }, () => 30),
    15 * SECOND,
    {},
    NOON - 10 * MINUTE,
  ).baseline;

  it("compares with the level before the last rollout", () => {
    const { spikes } = feed(tenMinutes, [30, 36, 44, 52, 62, 75, 90], 15 * SECOND, { lastRolloutAt: NOON });
    expect(spikes).toMatchObject([{ basis: "before-last-rollout", baseline: 30 }]);
    expect(spikes[0]!.ratio).toBeLessThanOrEqual(3);
  });

  it("is not fooled by a second rollout in the middle of the climb", () => {
    const short = feed(undefined, [30, 30, 30, 30], MINUTE, {}, NOON - 4 * MINUTE).baseline;
    const climbing = Array.from({ length: 10 }, () => 40);
    const first = feed(short, climbing, MINUTE, { lastRolloutAt: NOON }).baseline;
    const { spikes } = feed(first, [48, 58, 68], MINUTE, { lastRolloutAt: first.lastAt }, first.lastAt);
    expect(spikes).toMatchObject([{ value: 68, baseline: 30 }]);
  });

  it("says nothing without a rollout", () => {
    expect(feed(tenMinutes, [60, 120], MINUTE).spikes).toHaveLength(0);
  });
});

describe("told again", () => {
  const climb = Array.from({ length: 60 }, (_, minute) => Math.round(30 * 40 ** (minute / 60)));

  it("only when it has doubled since, as an update of the same spike", () => {
    const again: Spike[] = [];
    let baseline = steady(30);
    for (const [minute, desired] of climb.entries()) {
      const seen = observe(baseline, { workload: shopWebKey, at: NOON + minute * MINUTE, desired });
      baseline = seen.baseline;
      if (seen.again) again.push(seen.again);
    }
    expect(again).toHaveLength(3);
    expect(again[0]).toMatchObject({ again: true, baseline: 30 });
    expect(again[0]!.value).toBeGreaterThanOrEqual(132);
    expect(again[0]!.reason).toMatch(/^1\d\d replicas: 4\.\d times its usual 30; there were 6\d when it was told\.$/);
  });

  it("as a spike of its own after recovery", () => {
    const back = Array.from({ length: 12 }, () => 30);
    expect(feed(steady(30), [90, ...back, 90], MINUTE).spikes).toHaveLength(2);
  });
});

describe("what somebody expects", () => {
  it("is silent up to that multiple of normal, and told above it", () => {
    expect(feed(steady(30), [60, 89], MINUTE, { expected: 3 }).spikes).toHaveLength(0);
    expect(feed(steady(30), [60, 95], MINUTE, { expected: 3 }).spikes).toMatchObject([{ value: 95 }]);
  });
});

describe("a return", () => {
  const young = feed(undefined, Array.from({ length: 40 }, () => 30), 15 * SECOND, {}, NOON - 10 * MINUTE).baseline; // prettier-ignore

  it("to what ran before a bad rollout is no spike", () => {
    const fallen = feed(young, [20, 5, ...Array.from({ length: 70 }, () => 5)], MINUTE, { lastRolloutAt: NOON }).baseline;
    const back = { lastRolloutAt: fallen.lastAt };
    expect(feed(fallen, [10, 20, 30, 32], MINUTE, back, fallen.lastAt).spikes).toHaveLength(0);
    expect(feed(fallen, [10, 20, 30, 40], MINUTE, back, fallen.lastAt).spikes).toHaveLength(1);
  });

  it("after a day of little is none either: other days knew more", () => {
    const fallen = feed(steady(30), Array.from({ length: 30 }, () => 4), HOUR).baseline; // prettier-ignore
    expect(feed(fallen, [8, 16, 31], MINUTE, {}, fallen.lastAt).spikes).toHaveLength(0);
  });
});

describe("the baseline", () => {
  it("stays under 4 kB and survives JSON", () => {
    const noisy = learn(
      shopWebKey,
      aSeries(NOON - 4 * WEEK, NOON, (at) => 3000 + ((at / MINUTE) % 977) + 0.123, 5 * MINUTE),
      NOON,
    );
    expect(JSON.stringify(noisy).length).toBeLessThan(4_000);
    const copy = JSON.parse(JSON.stringify(noisy)) as Baseline;
    expect(feed(copy, [9000], MINUTE).spikes).toEqual(feed(noisy, [9000], MINUTE).spikes);
  });

  it("forgets nothing in a long silence: the value holds", () => {
    expect(feed(steady(30), [30, 75], 3 * DAY).spikes).toMatchObject([{ baseline: 30 }]);
  });

  it("takes what stayed for a day as the new normal", () => {
    const counts = [90, ...Array.from({ length: 30 }, () => 90)];
    const { baseline } = feed(steady(30), counts, HOUR);
    expect(usualOf(baseline, baseline.lastAt).replicas).toBe(90);
  });

  it("leaves a spike that is under way when it starts to be told", () => {
    const points = [...aSeries(NOON - WEEK, NOON - 10 * MINUTE, () => 30, 5 * MINUTE), { at: NOON - 5 * MINUTE, value: 80 }];
    expect(feed(learn(shopWebKey, points, NOON), [100], MINUTE).spikes).toMatchObject([{ value: 100, baseline: 30 }]);
  });

  it("shifting everything by whole weeks changes nothing", () => {
    const counts = [30, 44, 61, 80, 120];
    const shifted = learn(
      shopWebKey,
      aSeries(NOON, NOON + WEEK, () => 30, 5 * MINUTE),
      NOON + WEEK,
    );
    const now = feed(steady(30), counts, MINUTE).spikes.map((spike) => ({
      ...spike,
      startedAt: 0,
      detectedAt: spike.detectedAt - NOON,
    }));
    const later = feed(shifted, counts, MINUTE, {}, NOON + WEEK).spikes.map((spike) => ({
      ...spike,
      startedAt: 0,
      detectedAt: spike.detectedAt - NOON - WEEK,
    }));
    expect(later).toEqual(now);
  });
});

it("reads the cluster's state; the first revision is no rollout", () => {
  expect(readingOf(aState({ revision: 1 }), NOON)).not.toHaveProperty("lastRolloutAt");
  expect(readingOf(aState({ desired: 40 }), NOON)).toMatchObject({
    workload: shopWebKey,
    desired: 40,
    ceiling: 4000,
    lastRolloutAt: NOON,
    maxSurge: 10,
  });
});
