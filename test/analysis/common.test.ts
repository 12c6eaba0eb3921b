import { describe, expect, it } from "vitest";
import type { Point } from "#domain/sample.ts";
import { sharedSlowness, slownessOf } from "#analysis/common.ts";
import { HOUR, MINUTE, NOON, shopWebKey } from "#test/builders.ts";

function latency(factor: number, until = NOON + 10 * MINUTE): Point[] {
  const points: Point[] = [];
  for (let at = NOON - HOUR; at <= until; at += 30_000) points.push({ at, value: at < NOON ? 0.05 : 0.05 * factor });
  return points;
}

function others(slow: number, well: number): Map<string, Point[]> {
  return new Map([
    [shopWebKey, latency(9)],
    ...Array.from({ length: slow }, (_value, index): [string, Point[]] => [`prod/shop/slow${index}`, latency(3)]),
    ...Array.from({ length: well }, (_value, index): [string, Point[]] => [`prod/shop/well${index}`, latency(1.1)]),
  ]);
}

const about = { workload: shopWebKey, onsetAt: NOON, now: NOON + 4 * MINUTE };

describe("slowness that is shared", () => {
  it("counts the others that got slower, and never the workload itself", () => {
    expect(sharedSlowness(slownessOf(others(9, 3), about))).toEqual({ slower: 9, others: 12 });
    expect(sharedSlowness(slownessOf(others(1, 9), about))).toEqual({ slower: 1, others: 10 });
  });

  it("says nothing of too few, and nothing before it can be seen", () => {
    expect(sharedSlowness(slownessOf(others(2, 0), about))).toBeUndefined();
    expect(sharedSlowness(slownessOf(others(9, 3), { ...about, now: NOON + 30_000 }))).toBeUndefined();
  });

  it("reads nothing later than now", () => {
    const later = new Map(
      [...others(0, 6)].map(
        ([key, points]) => [key, points.map((point) => (point.at > about.now ? { ...point, value: 99 } : point))] as const,
      ),
    );
    expect(sharedSlowness(slownessOf(later, about))).toEqual({ slower: 0, others: 6 });
  });
});
