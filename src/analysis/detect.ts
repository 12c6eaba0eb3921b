import type { Baseline, OpenSpike } from "#domain/baseline.ts";
import type { Instant, WorkloadKey } from "#domain/workload.ts";
import type { Point } from "#domain/sample.ts";
import type { Spike } from "#domain/spike.ts";
import { type DetectSettings, type Reading, defaultDetectSettings } from "./detect-settings.ts";
import { adopt, advance, noteRollout, startBaseline, take } from "./baseline.ts";
import { judge } from "./judge.ts";
import { normalAt } from "./normal.ts";

export { type DetectSettings, type Reading, defaultDetectSettings, readingOf } from "./detect-settings.ts";

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
}

/**
 * Takes one reading into the baseline and says whether it is a spike. A spike is told once, until the count was back near
 * its normal. Readings may come at any pace; a value holds until the next. One older than the last is ignored.
 */
export function observe(
  baseline: Baseline | undefined,
  reading: Reading,
  settings: DetectSettings = defaultDetectSettings,
): Observed {
  const known = baseline ?? startBaseline(reading);
  if (reading.at < known.lastAt || !(reading.desired >= 0)) return { baseline: known };
  const aged = noteRollout(advance(known, reading.at, settings), reading.lastRolloutAt);
  return aged.spike ? { baseline: follow(aged, aged.spike, reading) } : watch(aged, reading, settings);
}

/** The same from a history of `spec.replicas`, oldest first. A spike that is under way at its end is left to be told. */
export function learn(
  workload: WorkloadKey,
  points: readonly Point[],
  now: Instant,
  settings: DetectSettings = defaultDetectSettings,
): Baseline {
  let baseline: Baseline | undefined;
  for (const { at, value } of points)
    if (at <= now && value >= 0) ({ baseline } = observe(baseline, { workload, at, desired: value }, settings));
  if (!baseline) return startBaseline({ workload, at: now, desired: 0 });
  const { spike: _told, ...learnt } = advance(baseline, now, settings);
  return learnt;
}

/** What is usual for a workload: the count at this moment of the week, and the highest that it reached on other days. */
export function usualOf(
  baseline: Baseline,
  at: Instant,
  settings: DetectSettings = defaultDetectSettings,
): { replicas: number; peakReplicas: number; basis: Spike["basis"] } {
  const normal = normalAt(baseline, at, settings);
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
function watch(baseline: Baseline, reading: Reading, settings: DetectSettings): Observed {
  const normal = normalAt(baseline, reading.at, settings);
  const taken = take(baseline, reading.desired);
  const calm = !normal || isNear(baseline.lastValue, normal.value) ? { ...taken, calmAt: reading.at } : taken;
  const spike = normal && judge(calm, reading, normal, settings);
  if (!spike) return { baseline: calm };
  return {
    baseline: { ...calm, spike: { baseline: spike.baseline, basis: spike.basis, highest: spike.value, roseAt: reading.at } },
    spike,
  };
}

/** A spike is open: has it ended, or become normal? */
function follow(baseline: Baseline, spike: OpenSpike, reading: Reading): Baseline {
  const { at, desired } = reading;
  const taken = take(baseline, desired);
  const backSince = isNear(baseline.lastValue, spike.baseline) ? (spike.backSince ?? heldSince(baseline)) : undefined;
  if (backSince !== undefined && at - backSince >= BACK_MS) return ended(taken);
  if (desired > spike.highest) return { ...taken, spike: { ...spike, highest: desired, roseAt: at, backSince } };
  return at - spike.roseAt >= ADOPT_MS ? adopt(taken) : { ...taken, spike: { ...spike, backSince } };
}

/** Since when the last value holds. */
function heldSince(baseline: Baseline): Instant {
  return baseline.recent.at(-1)?.[0] ?? baseline.lastAt;
}

function ended(baseline: Baseline): Baseline {
  const { spike: _ended, ...rest } = baseline;
  return { ...rest, calmAt: baseline.lastAt };
}

function isNear(value: number, usual: number): boolean {
  return value <= Math.max(NEAR * usual, usual + 1);
}
