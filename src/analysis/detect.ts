import type { Baseline, OpenSpike } from "#domain/baseline.ts";
import type { Instant, WorkloadKey } from "#domain/workload.ts";
import type { Point } from "#domain/sample.ts";
import type { Spike } from "#domain/spike.ts";
import { type DetectSettings, type Reading, defaultDetectSettings } from "./detect-settings.ts";
import { adopt, advance, noteRollout, take } from "./baseline.ts";
import { type Track, startTrack, toBaseline, toTrack } from "./track.ts";
import { judge, judgeAgain } from "./judge.ts";
import { judgeDemand } from "./demand.ts";
import { type Normal, normalAt } from "./normal.ts";

export { type DetectSettings, type Reading, defaultDetectSettings, readingOf } from "./detect-settings.ts";
export { type Track, startTrack } from "./track.ts";

/** Near its normal: this factor, and never closer than one replica. */
const NEAR = 1.2;
/** A spike has ended when the count was near normal for so long, */
const BACK_MS = 10 * 60_000;
/** or has not risen for a day: then it is the new normal. */
const ADOPT_MS = 24 * 3_600_000;

/** What a reading came to. */
export interface Observed {
  readonly baseline: Baseline;
  readonly spike?: Spike;
  /** The open spike once more, since it has doubled: no new one. */
  readonly again?: Spike;
}

/**
 * Takes one reading into the baseline and says whether it is a spike. A spike is told once, and again when it has doubled since
 * or after the count was back near its normal. Readings may come at any pace; a value holds until the next. One older than the last is ignored.
 */
export function observe(
  baseline: Baseline | undefined,
  reading: Reading,
  settings: DetectSettings = defaultDetectSettings,
): Observed {
  if (baseline && !isUsable(baseline, reading)) return { baseline };
  const track = baseline ? toTrack(baseline) : startTrack(reading);
  const spike = step(track, reading, settings);
  const known = toBaseline(track);
  if (!spike) return { baseline: known };
  return spike.again ? { baseline: known, again: spike } : { baseline: known, spike };
}

/** The same in place, for long histories; gives what is told, `again` included. */
export function step(track: Track, reading: Reading, settings: DetectSettings = defaultDetectSettings): Spike | undefined {
  if (!isUsable(track, reading)) return undefined;
  advance(track, reading.at, settings);
  noteRollout(track, reading.lastRolloutAt);
  const normal = normalAt(track, reading.at, settings);
  const spike = track.spike ? follow(track, track.spike, reading, settings) : watch(track, reading, normal, settings);
  return spike ?? judgeDemand(track, reading, normal, settings);
}

function isUsable({ lastAt }: Pick<Track, "lastAt">, { at, desired }: Reading): boolean {
  return at >= lastAt && desired >= 0;
}

/** A baseline from a history of `spec.replicas`, oldest first. A spike that is under way at its end is left to be told. */
export function learn(
  workload: WorkloadKey,
  points: readonly Point[],
  now: Instant,
  settings: DetectSettings = defaultDetectSettings,
): Baseline {
  let track: Track | undefined;
  for (const { at, value } of points)
    if (at <= now && value >= 0)
      step((track ??= startTrack({ workload, at, desired: value })), { workload, at, desired: value }, settings);
  if (!track) return toBaseline(startTrack({ workload, at: now, desired: 0 }));
  advance(track, now, settings);
  track.spike = undefined;
  return toBaseline(track);
}

/** What is usual for a workload: the count at this moment of the week, and the highest that it reached on other days. */
export function usualOf(
  baseline: Baseline,
  at: Instant,
  settings: DetectSettings = defaultDetectSettings,
): { replicas: number; peakReplicas: number; basis: Spike["basis"] } {
  const normal = normalAt(toTrack(baseline), at, settings);
  const { value, basis } = baseline.spike
    ? { value: baseline.spike.baseline, basis: baseline.spike.basis }
    : (normal ?? unknown(baseline));
  const replicas = Math.max(1, Math.round(value));
  return { replicas, peakReplicas: Math.max(replicas, Math.round(normal?.known ?? 0)), basis };
}

function unknown(baseline: Baseline): { value: number; basis: Spike["basis"] } {
  return { value: baseline.rollout?.level ?? baseline.lastValue, basis: "before-last-rollout" };
}

/** No spike is open. */
function watch(track: Track, reading: Reading, normal: Normal | undefined, settings: DetectSettings): Spike | undefined {
  if (!normal || isNear(track.lastValue, normal.value)) track.calmAt = reading.at;
  take(track, reading.desired);
  const spike = normal && judge(track, reading, normal, settings);
  if (!spike) return undefined;
  const { baseline, basis, value, startedAt } = spike;
  track.spike = { baseline, basis, highest: value, startedAt, told: value, roseAt: reading.at };
  return spike;
}

/** A spike is open: has it ended, become normal, or doubled? */
function follow(track: Track, spike: OpenSpike, reading: Reading, settings: DetectSettings): Spike | undefined {
  const { at, desired } = reading;
  const backSince = isNear(track.lastValue, spike.baseline) ? (spike.backSince ?? heldSince(track)) : undefined;
  take(track, desired);
  if (backSince !== undefined && at - backSince >= BACK_MS) end(track);
  else if (desired > spike.highest) {
    const again = judgeAgain(spike, reading, settings);
    track.spike = { ...spike, highest: desired, roseAt: at, backSince, ...(again && { told: desired }) };
    return again;
  } else if (at - spike.roseAt >= ADOPT_MS) adopt(track);
  else if (backSince !== spike.backSince) track.spike = { ...spike, backSince };
  return undefined;
}

/** Since when the last value holds. */
function heldSince(track: Track): Instant {
  return track.recent.at(-1)?.[0] ?? track.lastAt;
}

function end(track: Track): void {
  track.spike = undefined;
  track.calmAt = track.lastAt;
}

function isNear(value: number, usual: number): boolean {
  return value <= Math.max(NEAR * usual, usual + 1);
}
