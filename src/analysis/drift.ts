import type { Instant } from "#domain/workload.ts";
import type { Point } from "#domain/sample.ts";
import { between, median } from "./series.ts";

const HOUR = 3_600_000;
const BIN_MS = HOUR / 2;
/** A drift that began less than this ago is a climb. */
const LEAST_MS = 3 * HOUR;
/** Level for at least so long before it, or its beginning is not known. */
const CALM_MS = 3 * HOUR;
const LEAST_BINS = 24;
/** It must come to this much by its end, a factor, */
const LEAST_GROWTH = 1.05;
/** and explain the series so much better than a level, and than one step from one level to another: shares of their squared error. */
const AGAINST_LEVEL = 0.6;
const AGAINST_STEP = 0.85;
/** Chi-square of one parameter at 95 %: beginnings that fit no worse than this are as good. */
const CHI_SQUARE = 3.84;

/** A series crept up long before it climbed. */
export interface Drift {
  /** When it began, and the stretch in which it may have. */
  readonly at: Instant;
  readonly earliest: Instant;
  readonly latest: Instant;
  /** Up to where it was looked at: just before the climb. */
  readonly until: Instant;
  /** Factor from its beginning to `until`. */
  readonly growth: number;
}

/**
 * Finds a slow drift in a positive series before a climb: a level, then a steady rise of its logarithm from one moment on
 * (segmented regression, Hudson 1966). Undefined where a level or a step explains it as well.
 */
export function findDrift(points: readonly Point[], until: Instant): Drift | undefined {
  const bins = binned(points, until);
  const [first, last] = [bins[0], bins.at(-1)];
  if (!first || !last || bins.length < LEAST_BINS) return undefined;
  const fits = bins
    .filter(({ at }) => at >= first.at + CALM_MS && at <= last.at - LEAST_MS)
    .map(({ at }) => ({ at, ...fitFrom(bins, (bin) => Math.max(0, bin.at - at) / HOUR) }));
  const best = fits.toSorted((a, b) => a.error - b.error)[0];
  if (!best) return undefined;
  const growth = Math.exp((best.slope * (last.at - best.at)) / HOUR);
  if (growth < LEAST_GROWTH || !isBest(best.error, bins)) return undefined;
  const good = fits.filter((one) => one.error <= best.error * (1 + CHI_SQUARE / (bins.length - 3))).map(({ at }) => at);
  const [earliest, latest] = [Math.min(...good), Math.max(...good)];
  // At the edge it may as well have begun before anybody looked.
  return earliest <= first.at + CALM_MS ? undefined : { at: best.at, earliest, latest, until: last.at, growth };
}

/** Does a drift explain it so much better than a level or a step? */
function isBest(error: number, bins: readonly Point[]): boolean {
  const level = fitFrom(bins, () => 0).error;
  const step = Math.min(...bins.slice(1).map(({ at }) => fitFrom(bins, (bin) => (bin.at >= at ? 1 : 0)).error));
  return error <= AGAINST_LEVEL * level && error <= AGAINST_STEP * step;
}

/** Logarithms of half-hourly medians, whole half hours before the climb only. */
function binned(points: readonly Point[], until: Instant): Point[] {
  const bins = new Map<number, number[]>();
  for (const { at, value } of between(points, -Infinity, until)) {
    if (value <= 0) continue;
    const bin = Math.floor(at / BIN_MS);
    const values = bins.get(bin);
    if (values) values.push(value);
    else bins.set(bin, [value]);
  }
  return [...bins]
    .filter(([bin]) => (bin + 1) * BIN_MS <= until)
    .map(([bin, values]) => ({ at: bin * BIN_MS, value: Math.log(median(values) ?? 1) }))
    .toSorted((a, b) => a.at - b.at);
}

/** Least squares of value = level + slope x, and what it leaves. */
function fitFrom(bins: readonly Point[], xOf: (bin: Point) => number): { slope: number; error: number } {
  const n = bins.length;
  let [sumX, sumY, sumXX, sumXY, sumYY] = [0, 0, 0, 0, 0];
  for (const bin of bins) {
    const x = xOf(bin);
    sumX += x;
    sumY += bin.value;
    sumXX += x * x;
    sumXY += x * bin.value;
    sumYY += bin.value * bin.value;
  }
  const spread = sumXX - (sumX * sumX) / n;
  const slope = spread > 1e-12 ? (sumXY - (sumX * sumY) / n) / spread : 0;
  return { slope, error: Math.max(0, sumYY - (sumY * sumY) / n - slope * slope * spread) };
}
