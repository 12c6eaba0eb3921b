import type { Baseline, OpenSpike } from "#domain/baseline.ts";
import type { Instant, WorkloadKey } from "#domain/workload.ts";
import type { Reading } from "./detect-settings.ts";
import { type Slots, medianOf, slotsOf } from "./slots.ts";

export const HOUR = 3_600_000;
export const DAY_HOURS = 24;
export const WEEK_HOURS = 168;
const RECENT = 16;

/**
 * A baseline in the form that is quick to advance: changed in place, about 4 kB. What its fields mean stands at `Baseline`.
 * The day's slots are numbered by the hour since the epoch modulo 24.
 */
export interface Track {
  readonly workload: WorkloadKey;
  readonly since: Instant;
  lastAt: Instant;
  lastValue: number;
  hourIndex: number;
  hourSum: number;
  hourMs: number;
  hourMax: number;
  readonly day: Slots;
  readonly week: Slots;
  peaks: readonly number[];
  peakDay: number;
  /** Medians of the running hours of `day` and `week`. */
  level: number;
  weekLevel: number;
  ramp: number;
  readonly recent: (readonly [Instant, number])[];
  calmAt: Instant;
  rollout?: Baseline["rollout"];
  spike?: OpenSpike;
  demand?: Baseline["demand"];
}

/** The track of a workload that was never seen before. */
export function startTrack({ workload, at, desired }: Pick<Reading, "workload" | "at" | "desired">): Track {
  const hourIndex = Math.floor(at / HOUR);
  return {
    workload,
    since: at,
    lastAt: at,
    lastValue: desired,
    hourIndex,
    hourSum: 0,
    hourMs: 0,
    hourMax: desired,
    day: slotsOf(DAY_HOURS),
    week: slotsOf(WEEK_HOURS),
    peaks: [],
    peakDay: Math.floor(hourIndex / DAY_HOURS),
    level: 0,
    weekLevel: 0,
    ramp: 0,
    recent: [[at, desired]],
    calmAt: at,
    rollout: undefined,
    spike: undefined,
    demand: undefined,
  };
}

/** The track of a stored baseline. */
export function toTrack(baseline: Baseline): Track {
  const { workload, since, lastAt, lastValue, hour, peaks, peakDay, ramp, calmAt, rollout, spike, demand } = baseline;
  const day = Array.from({ length: DAY_HOURS }, () => -1);
  baseline.day.forEach((value, index) => (day[(hour.index - baseline.day.length + index) % DAY_HOURS] = value));
  const slots = { day: slotsOf(DAY_HOURS, day), week: slotsOf(WEEK_HOURS, baseline.week) };
  return {
    workload,
    since,
    lastAt,
    lastValue,
    hourIndex: hour.index,
    hourSum: hour.sum,
    hourMs: hour.ms,
    hourMax: hour.max,
    ...slots,
    peaks,
    peakDay,
    level: baseline.level,
    weekLevel: baseline.weekLevel,
    ramp,
    recent: [...baseline.recent],
    calmAt,
    rollout,
    spike,
    demand,
  };
}

/** What is stored of a track. */
export function toBaseline(track: Track): Baseline {
  const { workload, since, lastAt, lastValue, hourIndex, peaks, peakDay, level, weekLevel, ramp, calmAt } = track;
  const { rollout, spike, demand } = track;
  const order = Array.from({ length: DAY_HOURS }, (_, index) => track.day.values[(hourIndex + index) % DAY_HOURS] ?? -1);
  return {
    workload,
    since,
    lastAt,
    lastValue,
    hour: { index: hourIndex, sum: track.hourSum, ms: track.hourMs, max: track.hourMax },
    day: order.filter((value) => value >= 0),
    week: [...track.week.values],
    peaks,
    peakDay,
    level,
    weekLevel,
    ramp,
    recent: [...track.recent],
    calmAt,
    ...(rollout && { rollout }),
    ...(spike && { spike }),
    ...(demand && { demand }),
  };
}

/** Remembers the last changes of the count. */
export function remember({ recent }: Track, at: Instant, value: number): void {
  recent.push([at, value]);
  if (recent.length > RECENT) recent.shift();
}

/** Works the medians out anew. */
export function measure(track: Track): void {
  track.level = medianOf(track.day);
  track.weekLevel = medianOf(track.week);
}
