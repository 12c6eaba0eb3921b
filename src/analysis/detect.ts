import type { Instant, WorkloadKey } from "#domain/workload.ts";
import type { Baseline, OpenSpike } from "#domain/baseline.ts";
import type { Point } from "#domain/sample.ts";
import type { Spike } from "#domain/spike.ts";
import { type DetectSettings, type Reading, defaultDetectSettings } from "./detect-settings.ts";
import { type Normal, normalAt } from "./normal.ts";
import { adopt, advance, noteRollout, startBaseline, take } from "./baseline.ts";
import { count, ratioText } from "./words.ts";

export { type DetectSettings, type Reading, defaultDetectSettings, readingOf } from "./detect-settings.ts";

/** Near its normal: this factor, and never closer than one replica. */
const NEAR = 1.2;
/** A spike has ended when the count was near normal for so long, */
const BACK_MS = 10 * 60_000;
/** or has not risen for a day: then it is the new normal. */
const ADOPT_MS = 24 * 3_600_000;

/** Takes one reading into the baseline and says whether it is a spike. A spike is told once, until the count was back near its normal. */
export function observe(
  baseline: Baseline | undefined,
  reading: Reading,
  settings: DetectSettings = defaultDetectSettings,
): { baseline: Baseline; spike?: Spike } {
  if (!Number.isFinite(reading.desired) || reading.desired < 0)
    return { baseline: baseline ?? startBaseline({ ...reading, desired: 0 }) };
  if (!baseline) return { baseline: noteRollout(startBaseline(reading), reading.lastRolloutAt) };
  if (reading.at < baseline.lastAt) return { baseline };
  const aged = noteRollout(advance(baseline, reading.at, settings), reading.lastRolloutAt);
  if (aged.spike) return { baseline: follow(aged, aged.spike, reading) };
  const normal = normalAt(aged, reading.at, settings);
  const taken = take(aged, reading.desired);
  if (!normal) return { baseline: { ...taken, calmAt: reading.at } };
  const found = judge(taken, reading, normal, settings);
  if (found) return { baseline: { ...taken, spike: opened(found) }, spike: found };
  const calm = isNear(baseline.lastValue, normal.value) ? { calmAt: reading.at } : {};
  return { baseline: { ...taken, ...calm } };
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
    if (at <= now) ({ baseline } = observe(baseline, { workload, at, desired: value }, settings));
  if (!baseline) return startBaseline({ workload, at: now, desired: 0 });
  const { spike: _told, ...learnt } = advance(baseline, now, settings);
  return learnt;
}

/** What is usual for a workload: the count at this moment of the week, and the highest that it reached on two of the last days. */
export function usualOf(
  baseline: Baseline,
  at: Instant,
  settings: DetectSettings = defaultDetectSettings,
): { replicas: number; peakReplicas: number; basis: Spike["basis"] } {
  const open = baseline.spike;
  const normal = normalAt(baseline, at, settings);
  const replicas = Math.max(1, Math.round(open?.baseline ?? normal?.value ?? baseline.lastValue));
  return {
    replicas,
    peakReplicas: Math.max(replicas, Math.round(normal?.known ?? 0)),
    basis: open?.basis ?? normal?.basis ?? "before-last-rollout",
  };
}

function judge(baseline: Baseline, reading: Reading, normal: Normal, settings: DetectSettings): Spike | undefined {
  const { value: usual } = normal;
  const value = reading.desired - surgeShare(reading, usual);
  if (usual < 1 || value <= 1.1 * normal.known || !isLargeEnough(value, usual, settings)) return undefined;
  const ratio = value / usual;
  if (ratio >= normal.ratio) return spikeOf(baseline, reading, normal, "");
  if (normal.ratio === settings.ratio && ratio >= settings.steepRatio && isSteep(baseline, reading, value, settings))
    return spikeOf(baseline, reading, normal, " and doubling within minutes");
  const { weekLevel } = baseline;
  const creeping =
    normal.mature &&
    baseline.ramp >= settings.rampSum &&
    weekLevel >= 1 &&
    value >= settings.rampRatio * weekLevel &&
    isLargeEnough(value, weekLevel, settings);
  return creeping ? spikeOf(baseline, reading, { ...normal, value: weekLevel }, " after creeping up for hours") : undefined;
}

/** Small counts are noisy: from fewer than ten, an absolute rise counts too. */
function isLargeEnough(value: number, usual: number, settings: DetectSettings): boolean {
  return usual >= settings.smallCount || value - usual >= settings.smallRise;
}

/**
 * What a rollout's own surge may have added: an autoscaler counts surge pods and may raise `spec.replicas` by as many
 * (kubernetes#72775). Never more than the surge that its usual size allows, nor than the extra pods there are.
 */
function surgeShare(reading: Reading, usual: number): number {
  const { total, updated, maxSurge, desired } = reading;
  if (total === undefined || updated === undefined || maxSurge === undefined || desired <= 0) return 0;
  const underWay = updated < total || total > desired;
  return underWay ? Math.min(Math.max(0, total - updated, total - desired), Math.ceil((maxSurge / desired) * usual)) : 0;
}

function isSteep(baseline: Baseline, reading: Reading, value: number, settings: DetectSettings): boolean {
  const from = reading.at - settings.steepMs;
  const inTime = baseline.recent.filter(([at]) => at >= from).map(([, held]) => held);
  const before = baseline.recent.findLast(([at]) => at < from)?.[1] ?? inTime[0] ?? reading.desired;
  return before >= settings.smallCount && value >= settings.steepRise * before;
}

function spikeOf(baseline: Baseline, reading: Reading, { value, basis }: Normal, manner: string): Spike {
  const ratio = reading.desired / value;
  const against = basis === "own-history" ? "its usual" : "before its last rollout";
  return {
    workload: reading.workload,
    startedAt: Math.min(baseline.calmAt, reading.at),
    detectedAt: reading.at,
    value: reading.desired,
    baseline: Math.round(value * 10) / 10,
    ratio: Math.round(ratio * 100) / 100,
    basis,
    reason: `${count(reading.desired, "replica")}, ${ratioText(ratio)} times ${against} ${basis === "own-history" ? count(value) : `(${count(value)})`}${manner}.`,
  };
}

function opened(spike: Spike): OpenSpike {
  return { baseline: spike.baseline, basis: spike.basis, highest: spike.value, roseAt: spike.detectedAt };
}

function isNear(value: number, usual: number): boolean {
  return value <= Math.max(NEAR * usual, usual + 1);
}

function follow(baseline: Baseline, spike: OpenSpike, reading: Reading): Baseline {
  const { at, desired } = reading;
  const back = isNear(baseline.lastValue, spike.baseline * 1.1)
    ? (spike.backSince ?? baseline.recent.at(-1)?.[0] ?? at)
    : undefined;
  const taken = take(baseline, desired);
  if (back !== undefined && at - back >= BACK_MS) {
    const { spike: _ended, ...calm } = taken;
    return { ...calm, calmAt: at };
  }
  const rose = desired > spike.highest ? { highest: desired, roseAt: at } : {};
  if (!("roseAt" in rose) && at - spike.roseAt >= ADOPT_MS) return adopt(taken);
  const { backSince: _before, ...kept } = spike;
  return { ...taken, spike: { ...kept, ...rose, ...(back === undefined ? {} : { backSince: back }) } };
}
