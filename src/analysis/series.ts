import type { Instant } from "#domain/workload.ts";
import type { Point } from "#domain/sample.ts";

/** The middle value; undefined of nothing. */
export function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Points with `from <= at <= to` and a finite value. */
export function between(points: readonly Point[], from: Instant, to: Instant): Point[] {
  return points.filter((point) => point.at >= from && point.at <= to && Number.isFinite(point.value));
}

/** Median of the values in a stretch; undefined without any. */
export function medianBetween(points: readonly Point[], from: Instant, to: Instant): number | undefined {
  return median(between(points, from, to).map((point) => point.value));
}

/** The newest finite value at or before a moment, unless it is older than `maxAgeMs`. */
export function valueAt(points: readonly Point[], at: Instant, maxAgeMs = Infinity): number | undefined {
  const point = points.findLast((candidate) => candidate.at <= at && Number.isFinite(candidate.value));
  return point && at - point.at <= maxAgeMs ? point.value : undefined;
}

/** `above / below` wherever both are known at the same moment (or within `slackMs`) and `below` is positive. */
export function quotient(above: readonly Point[], below: readonly Point[], slackMs = 20_000): Point[] {
  const divisors = below.filter((point) => point.value > 0);
  let next = 0;
  return above.flatMap(({ at, value }): Point[] => {
    while (next < divisors.length && (divisors[next]?.at ?? 0) < at - slackMs) next += 1;
    const divisor = divisors[next];
    return divisor && divisor.at <= at + slackMs && Number.isFinite(value) ? [{ at, value: value / divisor.value }] : [];
  });
}

/** A count that holds from each point until the next: the median over time in `[from, to]`, and how long it is known (ms). */
export function heldMedian(
  points: readonly (readonly [Instant, number])[],
  from: Instant,
  to: Instant,
): { value: number; ms: number } | undefined {
  const held: { value: number; ms: number }[] = [];
  points.forEach(([at, value], index) => {
    const end = Math.min(points[index + 1]?.[0] ?? to, to);
    const ms = end - Math.max(at, from);
    if (ms > 0) held.push({ value, ms });
  });
  const total = held.reduce((sum, part) => sum + part.ms, 0);
  let passed = 0;
  for (const part of held.toSorted((a, b) => a.value - b.value)) {
    passed += part.ms;
    if (passed * 2 >= total) return { value: part.value, ms: total };
  }
  return undefined;
}
