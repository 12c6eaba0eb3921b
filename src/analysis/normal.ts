import type { Instant } from "#domain/workload.ts";
import type { Spike } from "#domain/spike.ts";
import type { DetectSettings } from "./detect-settings.ts";
import { DAY_HOURS, HOUR, type Track } from "./track.ts";

/** What a count is measured against. */
export interface Normal {
  readonly value: number;
  readonly basis: Spike["basis"];
  /** The factor above which it is a spike. */
  readonly ratio: number;
  /** A count that was reached on two days, or held before a rollout that was rolled back. */
  readonly known: number;
  /** Up to here a count is no news, whatever its normal. */
  readonly silentTo: number;
  /** Enough history to trust a smaller factor when the rise is steep, and to tell a slow ramp. */
  readonly mayBeSteep: boolean;
  readonly mayCreep: boolean;
}

/** The smallest count before a rollout that says anything: a first deployment is often rolled out several times at one or two pods. */
const LEAST_BEFORE_ROLLOUT = 3;

/** A count that was reached on other days is no news until this much above it, */
const ABOVE_KNOWN = 1.1;
/** but other days excuse no more than this multiple of normal: a peak at night must not hide a climb by day. */
const MOST_EXCUSED = 3.5;

/** The normal of a workload at a moment; undefined while nobody can say (a first launch, too little history). */
export function normalAt(track: Track, at: Instant, settings: DetectSettings): Normal | undefined {
  const hours = track.day.running;
  const { level, before = 0 } = track.rollout ?? {};
  const isMature = hours >= Math.min(settings.matureHours, DAY_HOURS);
  const shared = { mayBeSteep: isMature, mayCreep: isMature };
  if (!isMature && level !== undefined && level >= LEAST_BEFORE_ROLLOUT) {
    const known = { known: before, silentTo: ABOVE_KNOWN * before };
    return { ...shared, ...known, value: level, basis: "before-last-rollout", ratio: settings.ratio, mayBeSteep: true };
  }
  if (hours < settings.youngHours) return undefined;
  const value = Math.max(track.level, sameHour(track, at));
  const high = knownHigh(track.peaks);
  return {
    ...shared,
    value,
    basis: "own-history",
    ratio: isMature ? settings.ratio : settings.youngRatio,
    known: Math.max(high, before),
    silentTo: Math.max(Math.min(ABOVE_KNOWN * high, MOST_EXCUSED * value), ABOVE_KNOWN * before),
  };
}

/** The highest of yesterday's and last weeks' means at this hour and the next. The hour before is part of today's climb already. */
function sameHour({ day, week }: Track, at: Instant): number {
  const index = Math.floor(at / HOUR);
  const weeks = Math.max(week.values[index % 168] ?? 0, week.values[(index + 1) % 168] ?? 0);
  if (day.values.includes(-1)) return weeks;
  return Math.max(weeks, day.values[index % DAY_HOURS] ?? 0, day.values[(index + 1) % DAY_HOURS] ?? 0);
}

/** The highest count of all but one day on which anything ran; of all while few are known. */
function knownHigh(peaks: readonly number[]): number {
  let [first, second, running] = [0, 0, 0];
  for (const peak of peaks) {
    if (peak < 1) continue;
    running += 1;
    if (peak > first) [first, second] = [peak, first];
    else if (peak > second) second = peak;
  }
  return running < 4 ? first : second;
}
