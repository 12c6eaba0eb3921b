import type { Instant } from "#domain/workload.ts";
import type { DetectSettings } from "./detect-settings.ts";
import { fillSlots, setSlot } from "./slots.ts";
import { DAY_HOURS, HOUR, type Track, WEEK_HOURS, measure, remember } from "./track.ts";
import { heldMedian } from "./series.ts";

/** A count before a rollout must have been seen for so long to say anything. */
const SETTLED_MS = 2 * 60_000;
/** The ramp is judged against the week; before so many hours of it ran there is none. */
const RAMP_HOURS = 72;

/** Lets the last value hold until `at`, closing the hours that end on the way. A silence of more than a week counts as a week. */
export function advance(track: Track, at: Instant, settings: DetectSettings): void {
  const index = Math.floor(at / HOUR);
  if (index - WEEK_HOURS > track.hourIndex) {
    track.hourIndex = index - WEEK_HOURS;
    track.hourSum = 0;
    track.hourMs = 0;
    track.hourMax = 0;
    track.lastAt = track.hourIndex * HOUR;
  }
  while (track.hourIndex < index) {
    hold(track, (track.hourIndex + 1) * HOUR);
    closeHour(track, settings);
  }
  hold(track, at);
}

/** Notes a new value that holds from `lastAt` on. */
export function take(track: Track, value: number): void {
  if (value === track.lastValue) return;
  remember(track, track.lastAt, value);
  track.lastValue = value;
  track.hourMax = Math.max(track.hourMax, learnable(track, value));
}

/**
 * Notes a rollout and the count that held in the hour before it. A second one within the hour keeps the lower count: the first
 * may have raised it. What held before earlier rollouts of the day is kept too: a rollback brings it back.
 */
export function noteRollout(track: Track, at: Instant | undefined): void {
  const known = track.rollout;
  if (at === undefined || track.spike || (known && known.at >= at)) return;
  const level = levelBefore(track, at);
  track.rollout =
    known && at - known.at < DAY_HOURS * HOUR ? afterAnother(known, at, level) : withKnown({ at, level, before: 0 });
}

type Rollout = NonNullable<Track["rollout"]>;

function afterAnother(known: Rollout, at: Instant, level: number | undefined): Rollout {
  const before = Math.max(known.before ?? 0, known.level ?? 0);
  return withKnown({ at, level: at - known.at < HOUR ? lower(level, known.level) : level, before });
}

function withKnown({ at, level, before = 0 }: Rollout): Rollout {
  return { at, ...(level !== undefined && { level }), ...(before > 0 && { before }) };
}

function levelBefore(track: Track, at: Instant): number | undefined {
  const held = heldMedian(track.recent, at - HOUR, Math.min(at, track.lastAt));
  return held && held.ms >= SETTLED_MS ? held.value : undefined;
}

function lower(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function hold(track: Track, until: Instant): void {
  const ms = until - track.lastAt;
  if (ms <= 0) return;
  const value = learnable(track, track.lastValue);
  track.lastAt = until;
  track.hourSum += value * ms;
  track.hourMs += ms;
  track.hourMax = Math.max(track.hourMax, value);
}

/** A spike is not learnt as normal: what it adds counts at most half of normal. */
function learnable({ spike }: Track, value: number): number {
  // Whole numbers, so that a stretch adds up to the same whatever it is cut into.
  return spike ? Math.min(value, Math.round(1.5 * spike.baseline)) : value;
}

function closeHour(track: Track, settings: DetectSettings): void {
  const mean = track.hourMs > 0 ? Math.round((10 * track.hourSum) / track.hourMs) / 10 : track.lastValue;
  const slot = track.hourIndex % WEEK_HOURS;
  const before = track.week.values[slot] ?? -1;
  const normal = Math.max(track.weekLevel, before);
  notePeak(track);
  setSlot(track.day, track.hourIndex % DAY_HOURS, mean);
  setSlot(track.week, slot, before < 0 ? mean : Math.round(5 * (before + mean)) / 10);
  measure(track);
  const mayRamp = track.week.running >= RAMP_HOURS && normal >= 1 && mean > 0;
  const ramp = mayRamp ? Math.max(0, track.ramp + Math.log(mean / normal / settings.rampDrift)) : 0;
  track.ramp = Math.round(ramp * 1000) / 1000;
  track.hourIndex += 1;
  track.hourSum = 0;
  track.hourMs = 0;
  track.hourMax = learnable(track, track.lastValue);
}

function notePeak(track: Track): void {
  const day = Math.floor(track.hourIndex / DAY_HOURS);
  const today = track.peaks.at(-1);
  if (day !== track.peakDay || today === undefined) {
    track.peaks = [...track.peaks, track.hourMax].slice(-7);
    track.peakDay = day;
  } else if (track.hourMax > today) track.peaks = [...track.peaks.slice(0, -1), track.hourMax];
}

/** Makes what runs now the normal: a spike that stayed for a day is one no more. */
export function adopt(track: Track): void {
  fillSlots(track.day, track.lastValue);
  fillSlots(track.week, -1);
  track.spike = undefined;
  track.peaks = [];
  track.level = track.lastValue;
  track.weekLevel = track.lastValue;
  track.ramp = 0;
  track.calmAt = track.lastAt;
}
