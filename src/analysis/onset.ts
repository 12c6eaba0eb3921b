import type { Instant } from "#domain/workload.ts";
import type { Point, Signals } from "#domain/sample.ts";
import { RATE_WINDOW_MS, costSeries } from "./cost.ts";
import type { Spike } from "#domain/spike.ts";
import { between, median } from "./series.ts";

/** When a climb began, by which series it was told, and the moment from which nobody can doubt it. */
export interface Onset {
  readonly at: Instant;
  /** The series stood clearly above its normal from here on. */
  readonly clearAt: Instant;
  readonly by: "cost" | "latency" | "replicas";
}

/** A climb is clear above this factor; it must reach `LEAST_PEAK` at some time to count at all. */
const CLEAR = 1.15;
const LEAST_PEAK = 1.4;
/** A fit looks at the climb up to this factor only: what comes later (limits, ceilings, more pods) tells nothing about its beginning. */
const FIT_TO = Math.log(4);
const LEAST_POINTS = 12;
/** The readings of the last quarter of an hour; quarters of them are even where they differ by less than this (log). */
const RECENT = 30;
const EVEN = 0.03;
/** Readings before the crossing among which the beginning is looked for. */
const MOST_BEFORE = 60;
/** The minutes after detection still tell about the beginning; later people have acted. */
const LOOK_PAST_MS = 3 * 60_000;

/** When the climb began: by cost per request, else by latency, else by the count itself. Other troubles began when they were first seen. */
export function findOnset(spike: Spike, signals: Signals, now: Instant): Onset {
  if (spike.trouble !== undefined && spike.trouble !== "runaway" && spike.trouble !== "above-ceiling")
    return { at: spike.startedAt, clearAt: spike.startedAt, by: "replicas" };
  const until = Math.max(spike.detectedAt, Math.min(now, spike.detectedAt + LOOK_PAST_MS));
  const from = Math.min(spike.startedAt, until) - 2 * 3_600_000;
  const cost = changePoint(between(costSeries(signals), from, until));
  if (cost) return { ...earlier(cost), by: "cost" };
  const latency = changePoint(between(signals.latencySeconds, from, until));
  if (latency) return { ...earlier(latency), by: "latency" };
  return { at: spike.startedAt, clearAt: spike.startedAt, by: "replicas" };
}

/** Both series are means over the minute before each point, and so half a minute late. */
function earlier({ at, clearAt }: { at: Instant; clearAt: Instant }): { at: Instant; clearAt: Instant } {
  return { at: at - RATE_WINDOW_MS / 2, clearAt };
}

/**
 * Where a positive series leaves its normal for good and climbs. Undefined when the series is too short or does not climb. Where it rose a
 * little some time ago, stood there and then climbs, what counts is the climb.
 */
export function changePoint(points: readonly Point[]): { at: Instant; clearAt: Instant } | undefined {
  const known = points.filter((point) => point.value > 0);
  const recent = known.slice(-RECENT);
  return (isPlateau(known, recent) && changeIn(recent)) || changeIn(known);
}

/** Is the level of the minutes before even, between the first and the second quarter of them or the second and the third, and no climb itself? */
function isPlateau(known: readonly Point[], recent: readonly Point[]): boolean {
  const levelOf = (some: readonly Point[]) => Math.log(median(some.map(({ value }) => value)) ?? 1);
  const quarter = recent.length >> 2;
  if (quarter === 0) return false;
  const levelFrom = (start: number) => levelOf(recent.slice(start * quarter, (start + 1) * quarter));
  const [one, two, three] = [levelFrom(0), levelFrom(1), levelFrom(2)];
  if (Math.min(Math.abs(two - one), Math.abs(three - two)) > EVEN) return false;
  return Math.abs(two - levelOf(known.slice(0, known.length >> 1))) < Math.log(LEAST_PEAK);
}

/**
 * Normal is the median of the earlier half; the last crossing of a noise band finds the climb, and a least-squares fit of a step plus a slope in
 * the logarithm finds where it began.
 */
function changeIn(known: readonly Point[]): { at: Instant; clearAt: Instant } | undefined {
  if (known.length < LEAST_POINTS) return undefined;
  const early = known.slice(0, Math.max(6, known.length >> 1)).map((point) => Math.log(point.value));
  const normal = median(early) ?? 0;
  const noise = 1.4826 * (median(early.map((value) => Math.abs(value - normal))) ?? 0);
  const logs = smooth(known.map((point) => ({ at: point.at, value: Math.log(point.value) - normal })));
  const band = Math.max(Math.log(CLEAR), 4 * noise);
  const crossing = 1 + logs.findLastIndex((point) => point.value <= band);
  if (crossing >= logs.length || !logs.slice(crossing).some((point) => point.value >= Math.log(LEAST_PEAK))) return undefined;
  const clearAt = logs[crossing]?.at ?? 0;
  return { at: fitStart(aboveLocal(logs, crossing), crossing, band) ?? clearAt, clearAt };
}

/**
 * What a climb rises from is the level shortly before it: a day's swing lifts that a few percent above the level of hours ago, and a fit would
 * take the swing for the climb's beginning. The last readings before the crossing may be the climb already.
 */
function aboveLocal(logs: readonly Point[], crossing: number): readonly Point[] {
  const before = logs.slice(Math.max(0, crossing - MOST_BEFORE), Math.max(0, crossing - MOST_BEFORE / 3));
  // Of a few readings the normal is the level already.
  if (before.length < MOST_BEFORE / 3) return logs;
  const level = median(before.map(({ value }) => value)) ?? 0;
  return logs.map(({ at, value }) => ({ at, value: value - level }));
}

/** Median of three: a single odd reading moves nothing. */
function smooth(points: readonly Point[]): Point[] {
  return points.map((point, index) => ({
    at: point.at,
    value: median(points.slice(Math.max(0, index - 1), index + 2).map((near) => near.value)) ?? point.value,
  }));
}

/** The best beginning at or before the crossing. */
function fitStart(logs: readonly Point[], crossing: number, band: number): Instant | undefined {
  const beyond = logs.findIndex((point, index) => index >= crossing && point.value > FIT_TO);
  const end = Math.max(crossing + 3, beyond < 0 ? logs.length : beyond);
  const part = logs.slice(0, end);
  let best: { at: Instant; error: number } | undefined;
  for (let start = Math.max(1, crossing - MOST_BEFORE); start <= crossing; start += 1) {
    const at = part[start]?.at;
    if (at === undefined) break;
    const error = stepAndSlopeError(part, start, band);
    if (!best || error < best.error) best = { at, error };
  }
  return best?.at;
}

/** Squared error of: 0 before `start`, then a + b (t - start) with a and b not negative. */
function stepAndSlopeError(points: readonly Point[], start: number, band: number): number {
  const origin = points[start]?.at ?? 0;
  const after = points.slice(start).map((point) => ({ x: (point.at - origin) / 60_000, y: point.value }));
  const before = points.slice(0, start).reduce((sum, point) => sum + Math.min(point.value, 2 * band) ** 2, 0);
  const n = after.length;
  const meanX = after.reduce((sum, { x }) => sum + x, 0) / n;
  const meanY = after.reduce((sum, { y }) => sum + y, 0) / n;
  const spread = after.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const slope = spread > 0 ? Math.max(0, after.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread) : 0;
  const step = meanY - slope * meanX;
  if (step >= 0) return before + after.reduce((sum, { x, y }) => sum + (y - step - slope * x) ** 2, 0);
  const square = after.reduce((sum, { x }) => sum + x * x, 0);
  const through = square > 0 ? Math.max(0, after.reduce((sum, { x, y }) => sum + x * y, 0) / square) : 0;
  return before + after.reduce((sum, { x, y }) => sum + (y - through * x) ** 2, 0);
}
