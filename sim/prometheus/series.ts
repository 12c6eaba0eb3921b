import type { Labels } from "./labels.ts";

/** What a counter did between two times: its first and last sample there, in milliseconds and units. */
export interface Span {
  readonly samples: number;
  readonly firstAt: number;
  readonly first: number;
  readonly lastAt: number;
  /** Growth, with resets counted as Prometheus does. */
  readonly growth: number;
}

/** One series, whether its samples were recorded or are computed. Times are milliseconds. */
export interface Series {
  readonly name: string;
  readonly labels: Labels;
  /** The newest sample at that time, at most five minutes old. */
  at(time: number): number | undefined;
  /** The samples after `from` up to and with `to`; undefined without any. */
  span(from: number, to: number): Span | undefined;
}

/** How old the newest sample may be. */
const lookback = 300_000;

/** Samples in order of time. */
export interface Samples {
  readonly times: readonly number[];
  readonly values: readonly number[];
  /** NaN marks the end of a series, as Prometheus' stale markers. */
}

/** The position of the newest sample at that time, -1 when all are later. */
function newestAt(times: ArrayLike<number>, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? Infinity) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The value of recorded samples at a time. */
export function valueAt({ times, values }: Samples, time: number): number | undefined {
  const index = newestAt(times, time);
  const at = times[index];
  const value = values[index];
  if (at === undefined || value === undefined || time - at >= lookback || Number.isNaN(value)) return undefined;
  return value;
}

/** What recorded samples did between two times. */
export function spanOf({ times, values }: Samples, from: number, to: number): Span | undefined {
  const begin = newestAt(times, from) + 1;
  const end = newestAt(times, to);
  let growth = 0;
  let samples = 0;
  let firstIndex = -1;
  let previous = 0;
  let lastIndex = -1;
  for (let index = begin; index <= end; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    if (samples === 0) firstIndex = index;
    else growth += value < previous ? value : value - previous;
    previous = value;
    lastIndex = index;
    samples += 1;
  }
  if (samples === 0) return undefined;
  return { samples, firstAt: times[firstIndex] ?? 0, first: values[firstIndex] ?? 0, lastAt: times[lastIndex] ?? 0, growth };
}

/** Two stretches of one counter, one after the other. */
export function joinSpans(before: Span | undefined, after: Span | undefined, lastBefore: number | undefined): Span | undefined {
  if (!before || !after) return before ?? after;
  const between = after.first < (lastBefore ?? 0) ? after.first : after.first - (lastBefore ?? 0);
  const growth = before.growth + between + after.growth;
  return { samples: before.samples + after.samples, firstAt: before.firstAt, first: before.first, lastAt: after.lastAt, growth };
}
