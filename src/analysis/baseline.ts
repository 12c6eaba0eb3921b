import type { Instant } from "#domain/workload.ts";
import type { Baseline } from "#domain/baseline.ts";
import type { DetectSettings, Reading } from "./detect-settings.ts";
import { heldMedian, median } from "./series.ts";

export const HOUR = 3_600_000;
const WEEK_HOURS = 168;
const RECENT = 16;
/** A count before a rollout must have been seen for so long to say anything. */
const SETTLED_MS = 2 * 60_000;

/** The baseline of a workload that was never seen before. */
export function startBaseline(reading: Pick<Reading, "workload" | "at" | "desired">): Baseline {
  const { workload, at, desired } = reading;
  return {
    workload,
    since: at,
    lastAt: at,
    lastValue: desired,
    hour: { index: Math.floor(at / HOUR), sum: 0, ms: 0, max: desired },
    day: [],
    week: Array.from({ length: WEEK_HOURS }, () => -1),
    peaks: [],
    peakDay: Math.floor(at / HOUR / 24),
    level: 0,
    weekLevel: 0,
    ramp: 0,
    recent: [[at, desired]],
    calmAt: at,
  };
}

/** Lets the last value hold until `at`, closing the hours that end on the way. A silence of more than a week counts as a week. */
export function advance(baseline: Baseline, at: Instant, settings: DetectSettings): Baseline {
  const index = Math.floor(at / HOUR);
  let next = baseline;
  const start = Math.max(next.hour.index, index - WEEK_HOURS);
  if (start > next.hour.index) next = { ...next, hour: { index: start, sum: 0, ms: 0, max: 0 }, lastAt: start * HOUR };
  while (next.hour.index < index) next = closeHour(hold(next, (next.hour.index + 1) * HOUR), settings);
  return hold(next, at);
}

/** Notes a new value that holds from `lastAt` on. */
export function take(baseline: Baseline, value: number): Baseline {
  if (value === baseline.lastValue) return baseline;
  const { hour } = baseline;
  const recent = [...baseline.recent, [baseline.lastAt, value] as const].slice(-RECENT);
  return { ...baseline, lastValue: value, recent, hour: { ...hour, max: Math.max(hour.max, learnable(baseline, value)) } };
}

/** Notes a rollout and the count that held in the hour before it. A second one within the hour keeps the lower count: the first may have raised it. */
export function noteRollout(baseline: Baseline, at: Instant | undefined): Baseline {
  const known = baseline.rollout;
  if (at === undefined || baseline.spike || (known && known.at >= at)) return baseline;
  const level = lower(levelBefore(baseline, at), known && at - known.at < HOUR ? known.level : undefined);
  return { ...baseline, rollout: level === undefined ? { at } : { at, level } };
}

function levelBefore(baseline: Baseline, at: Instant): number | undefined {
  const held = heldMedian(baseline.recent, at - HOUR, Math.min(at, baseline.lastAt));
  return held && held.ms >= SETTLED_MS ? held.value : undefined;
}

function lower(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function hold(baseline: Baseline, until: Instant): Baseline {
  const ms = until - baseline.lastAt;
  if (ms <= 0) return baseline;
  const { hour } = baseline;
  const value = learnable(baseline, baseline.lastValue);
  return {
    ...baseline,
    lastAt: until,
    hour: { ...hour, sum: hour.sum + value * ms, ms: hour.ms + ms, max: Math.max(hour.max, value) },
  };
}

/** A spike is not learnt as normal: what it adds counts at most half of normal. */
function learnable(baseline: Baseline, value: number): number {
  return baseline.spike ? Math.min(value, 1.5 * baseline.spike.baseline) : value;
}

function closeHour(baseline: Baseline, settings: DetectSettings): Baseline {
  const { hour } = baseline;
  const mean = hour.ms > 0 ? Math.round((10 * hour.sum) / hour.ms) / 10 : baseline.lastValue;
  const slot = hour.index % WEEK_HOURS;
  const before = baseline.week[slot] ?? -1;
  const day = [...baseline.day, mean].slice(-24);
  const week = baseline.week.with(slot, before < 0 ? mean : Math.round(5 * (before + mean)) / 10);
  const weekRunning = running(week);
  const weekLevel = median(weekRunning) ?? 0;
  const normal = Math.max(baseline.weekLevel, before);
  const ramp =
    weekRunning.length >= 72 && normal >= 1 && mean > 0
      ? Math.max(0, baseline.ramp + Math.log(mean / normal / settings.rampDrift))
      : 0;
  return {
    ...baseline,
    ...withPeak(baseline, hour.index, hour.max),
    day,
    week,
    level: median(running(day)) ?? 0,
    weekLevel,
    ramp: Math.round(ramp * 1000) / 1000,
    hour: { index: hour.index + 1, sum: 0, ms: 0, max: learnable(baseline, baseline.lastValue) },
  };
}

/** The hours in which something ran. */
export function running(hours: readonly number[]): number[] {
  return hours.filter((value) => value >= 1);
}

function withPeak(baseline: Baseline, hourIndex: number, max: number): Pick<Baseline, "peaks" | "peakDay"> {
  const day = Math.floor(hourIndex / 24);
  const today = baseline.peaks.at(-1);
  if (day !== baseline.peakDay || today === undefined) return { peaks: [...baseline.peaks, max].slice(-7), peakDay: day };
  return { peaks: [...baseline.peaks.slice(0, -1), Math.max(today, max)], peakDay: day };
}

/** Makes what runs now the normal: a spike that stayed for a day is one no more. */
export function adopt(baseline: Baseline): Baseline {
  const { spike: _ended, ...rest } = baseline;
  const value = baseline.lastValue;
  return {
    ...rest,
    day: Array.from({ length: 24 }, () => value),
    week: baseline.week.map(() => -1),
    peaks: [],
    level: value,
    weekLevel: value,
    ramp: 0,
    calmAt: baseline.lastAt,
  };
}
