import { describe, expect, it } from "vitest";
import type { Point } from "#domain/sample.ts";
import { findDrift } from "#analysis/drift.ts";

const HOUR = 3_600_000;
const END = 72 * HOUR;

/** Ten minutes apart, with repeatable noise of about 2 %. */
function series(valueAt: (hour: number) => number): Point[] {
  return Array.from({ length: 432 }, (_value, index) => {
    const at = index * 600_000;
    const noise = 1 + 0.035 * (((index * 7_919) % 101) / 101 - 0.5) * 2;
    return { at, value: 0.08 * valueAt(at / HOUR) * noise };
  });
}

describe("findDrift", () => {
  it("dates a drift of half a percent an hour under noise", () => {
    const drift = findDrift(
      series((hour) => 1 + 0.005 * Math.max(0, hour - 37)),
      END,
    );
    expect(drift?.growth).toBeGreaterThan(1.12);
    expect(drift?.growth).toBeLessThan(1.25);
    expect(drift?.earliest).toBeLessThanOrEqual(37 * HOUR);
    expect(drift?.latest).toBeGreaterThanOrEqual(36 * HOUR);
    expect(Math.abs((drift?.at ?? 0) - 37 * HOUR)).toBeLessThan(4 * HOUR);
  });

  it.each([
    ["a level", () => 1],
    ["a step", (hour: number) => (hour > 40 ? 1.3 : 1)],
    ["a daily swing", (hour: number) => 1 + 0.1 * Math.sin((2 * Math.PI * hour) / 24)],
    ["a drift that began before anybody looked", (hour: number) => 1 + 0.005 * hour],
    ["a fall", (hour: number) => 1 - 0.004 * Math.max(0, hour - 37)],
  ])("says nothing of %s", (_name, valueAt) => {
    expect(findDrift(series(valueAt), END)).toBeUndefined();
  });

  it("reads nothing at or after the moment up to which it looks", () => {
    const calm = series(() => 1);
    const climb = Array.from({ length: 60 }, (_value, index) => ({ at: END + index * 60_000, value: 5 }));
    expect(findDrift([...calm, ...climb], END)).toBeUndefined();
  });

  it("says nothing of half a day", () => {
    const short = series((hour) => 1 + 0.02 * Math.max(0, hour - 5)).slice(0, 60);
    expect(findDrift(short, END)).toBeUndefined();
  });
});
