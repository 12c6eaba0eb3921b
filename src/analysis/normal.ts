import type { Instant } from "#domain/workload.ts";
import type { Baseline } from "#domain/baseline.ts";
import type { Spike } from "#domain/spike.ts";
import type { DetectSettings } from "./detect-settings.ts";
import { HOUR, running } from "./baseline.ts";

/** What a count is measured against. */
export interface Normal {
  readonly value: number;
  readonly basis: Spike["basis"];
  /** The factor above which it is a spike. */
  readonly ratio: number;
  /** A count that was reached on two days; up to a little above it nothing is news. */
  readonly known: number;
  /** Enough history to trust a smaller factor when the rise is steep, and to tell a slow ramp. */
  readonly mayBeSteep: boolean;
  readonly mayCreep: boolean;
}

/** The smallest count before a rollout that says anything: a first deployment is often rolled out several times at one or two pods. */
const LEAST_BEFORE_ROLLOUT = 3;

/** The normal of a workload at a moment; undefined while nobody can say (a first launch, too little history). */
export function normalAt(baseline: Baseline, at: Instant, settings: DetectSettings): Normal | undefined {
  const hours = running(baseline.day).length;
  if (hours >= settings.matureHours) {
    const value = Math.max(baseline.level, sameHour(baseline, at));
    return {
      value,
      basis: "own-history",
      ratio: settings.ratio,
      known: knownHigh(baseline.peaks),
      mayBeSteep: true,
      mayCreep: true,
    };
  }
  const before = baseline.rollout?.level;
  if (before !== undefined && before >= LEAST_BEFORE_ROLLOUT)
    return { value: before, basis: "before-last-rollout", ratio: settings.ratio, known: 0, mayBeSteep: true, mayCreep: false };
  if (hours < settings.youngHours) return undefined;
  return {
    value: Math.max(baseline.level, sameHour(baseline, at)),
    basis: "own-history",
    ratio: settings.youngRatio,
    known: knownHigh(baseline.peaks),
    mayBeSteep: false,
    mayCreep: false,
  };
}

/** The highest of yesterday's and last weeks' means at this hour and the next. The hour before is part of today's climb already. */
function sameHour(baseline: Baseline, at: Instant): number {
  const index = Math.floor(at / HOUR);
  const week = Math.max(baseline.week[index % 168] ?? 0, baseline.week[(index + 1) % 168] ?? 0);
  return baseline.day.length === 24 ? Math.max(week, baseline.day[0] ?? 0, baseline.day[1] ?? 0) : week;
}

/** The highest count of all but one day; of all while few are known. */
function knownHigh(peaks: readonly number[]): number {
  return running(peaks).toSorted((a, b) => b - a)[running(peaks).length < 4 ? 0 : 1] ?? 0;
}
