import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Spike } from "#domain/spike.ts";
import { type Reading, defaultDetectSettings, observe, startTrack, step } from "#analysis/detect.ts";
import { advance } from "#analysis/baseline.ts";
import { medianOf, setSlot, slotsOf } from "#analysis/slots.ts";
import { median } from "#analysis/series.ts";
import { toBaseline, toTrack } from "#analysis/track.ts";
import { DAY, HOUR, MINUTE, NOON } from "#test/builders.ts";

const WEEK = 7 * DAY;
const name = "prod/shop/web";

/** What may happen next: a factor of the count, after a while that is short or long. */
const move = fc.record({
  factor: fc.oneof({ weight: 6, arbitrary: fc.double({ min: 0.8, max: 1.3, noNaN: true }) }, fc.double({ min: 0, max: 4, noNaN: true })),
  afterMs: fc.oneof(
    fc.integer({ min: 0, max: 10 * MINUTE }),
    fc.integer({ min: 0, max: 20 * HOUR }),
    fc.integer({ min: 0, max: 12 * DAY }),
  ),
  rolledOut: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, fc.constant(true)),
  ceiling: fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined }),
  pressure: fc.option(fc.double({ min: 0.5, max: 3, noNaN: true }), { nil: undefined }),
  expected: fc.option(fc.constant(3), { nil: undefined, freq: 8 }),
}); // prettier-ignore

/** A history: a week or so of calm, which may swing by the day, and then anything. */
const history = fc
  .record({
    start: fc.integer({ min: NOON, max: NOON + WEEK }),
    level: fc.integer({ min: 1, max: 400 }),
    swing: fc.double({ min: 0, max: 0.5, noNaN: true }),
    calmHours: fc.integer({ min: 0, max: 200 }),
    moves: fc.array(move, { minLength: 1, maxLength: 40 }),
  })
  .map(({ start, level, swing, calmHours, moves }): Reading[] => {
    const readings: Reading[] = Array.from({ length: calmHours }, (_, hour) => {
      const at = start + hour * HOUR;
      return { workload: name, at, desired: Math.round(level * (1 + swing * Math.sin((2 * Math.PI * at) / DAY))) };
    });
    let [at, desired] = [start + calmHours * HOUR, level];
    let lastRolloutAt: number | undefined;
    for (const { factor, afterMs, rolledOut, ceiling, pressure, expected } of moves) {
      at += afterMs;
      desired = Math.min(5_000, Math.round(desired * factor));
      if (rolledOut) lastRolloutAt = at;
      const demand = pressure === undefined ? undefined : Math.ceil(desired * pressure);
      readings.push({ workload: name, at, desired, ceiling, demand, expected, lastRolloutAt });
    }
    return readings;
  });

function told(readings: readonly Reading[]): Spike[] {
  const [first] = readings;
  if (!first) return [];
  const track = startTrack(first);
  return readings.flatMap((reading) => step(track, reading) ?? []);
}

const shifted = (reading: Reading, ms: number): Reading => ({
  ...reading,
  at: reading.at + ms,
  ...(reading.lastRolloutAt !== undefined && { lastRolloutAt: reading.lastRolloutAt + ms }),
});
const runs = { numRuns: 150 };

describe("for any history", () => {
  it("something is told in some of them, and in some nothing", () => {
    const counts = fc.sample(history, { numRuns: 200, seed: 7 }).map((readings) => told(readings).length);
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(20);
    expect(counts.filter((count) => count === 0).length).toBeGreaterThan(20);
  });

  it("shifting time by whole weeks changes nothing", () => {
    const weeks = fc.integer({ min: -100, max: 500 });
    fc.assert(
      fc.property(history, weeks, (readings, count) => {
        const later = told(readings.map((reading) => shifted(reading, count * WEEK)));
        const back = (at: number) => at - count * WEEK;
        const moved = later.map((spike) => ({ ...spike, startedAt: back(spike.startedAt), detectedAt: back(spike.detectedAt) }));
        expect(moved).toEqual(told(readings));
      }),
      runs,
    );
  });

  it("renaming the workload changes nothing but its name", () =>
    fc.assert(
      fc.property(history, (readings) => {
        const other = "other/cluster/αβγ";
        const renamed = told(readings.map((reading) => ({ ...reading, workload: other })));
        expect(renamed).toEqual(told(readings).map((spike) => ({ ...spike, workload: other })));
      }),
      runs,
    ));

  it("what comes after a moment changes nothing that was told before it", () => {
    fc.assert(
      fc.property(history, fc.double({ min: 0, max: 1, noNaN: true }), (readings, share) => {
        const prefix = readings.slice(0, Math.floor(share * readings.length));
        const early = told(prefix);
        expect(told(readings).slice(0, early.length)).toEqual(early);
      }),
      runs,
    );
  });

  it("stored between any two readings it says the same", () =>
    fc.assert(
      fc.property(history, (readings) => {
        let stored: string | undefined;
        const spikes = readings.flatMap((reading) => {
          const known = stored === undefined ? undefined : (JSON.parse(stored) as ReturnType<typeof observe>["baseline"]);
          const seen = observe(known, reading);
          stored = JSON.stringify(seen.baseline);
          return seen.spike ?? seen.again ?? [];
        });
        expect(spikes).toEqual(told(readings));
        expect(stored?.length ?? 0).toBeLessThan(4_000);
      }),
      runs,
    ));

  it("an idle stretch is the same at once and hour by hour, minute by minute", () => {
    const idleMs = fc.integer({ min: 0, max: 160 * HOUR });
    const pieceMs = fc.integer({ min: 7 * MINUTE, max: 3 * HOUR });
    fc.assert(
      fc.property(history, idleMs, pieceMs, fc.boolean(), (readings, idle, piece, isOpen) => {
        const [first] = readings;
        const track = startTrack(first!);
        for (const reading of readings) step(track, reading);
        // Whatever it ended with, also a spike that is open.
        if (isOpen) track.spike ??= { baseline: 7.3, basis: "own-history", highest: 20, roseAt: track.lastAt };
        const start = toBaseline(track);
        const [whole, pieces] = [toTrack(start), toTrack(start)];
        const end = start.lastAt + idle;
        advance(whole, end, defaultDetectSettings);
        for (let at = start.lastAt; at < end; at += piece) advance(pieces, Math.min(at + piece, end), defaultDetectSettings);
        expect(toBaseline(pieces)).toEqual(toBaseline(whole));
      }),
      { numRuns: 100 },
    ); // prettier-ignore
  });

  it("the medians that are kept are those that sorting gives", () => {
    const writes = fc.array(fc.tuple(fc.nat({ max: 23 }), fc.integer({ min: -1, max: 60 })), { maxLength: 200 });
    fc.assert(
      fc.property(writes, (all) => {
        const slots = slotsOf(24);
        for (const [index, value] of all) setSlot(slots, index, value);
        const running = slots.values.filter((value) => value >= 1);
        expect(medianOf(slots)).toBe(median(Array.from(running)) ?? 0);
        expect(Array.from(slots.sorted.slice(0, slots.running))).toEqual(Array.from(running.toSorted()));
      }),
    );
  });
});
