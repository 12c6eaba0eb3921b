import type { OpenSpike } from "#domain/baseline.ts";
import type { Spike } from "#domain/spike.ts";
import type { DetectSettings, Reading } from "./detect-settings.ts";
import type { Normal } from "./normal.ts";
import type { Track } from "./track.ts";
import { count, ratioText } from "./words.ts";

/** Is this reading a spike against its normal, and above what somebody expects? */
export function judge(track: Track, reading: Reading, normal: Normal, settings: DetectSettings): Spike | undefined {
  const value = reading.desired - surgeShare(reading, normal.value);
  if (normal.value < 1 || value <= normal.silentTo || value <= (reading.expected ?? 0) * normal.value) return undefined;
  if (isHigh(value, normal.value, normal.ratio, settings)) return spikeOf(track, reading, normal, "");
  if (isSteep(track, reading, value, normal, settings)) return spikeOf(track, reading, normal, ", doubling within minutes");
  if (!creeps(track, value, normal, settings)) return undefined;
  return spikeOf(track, reading, { ...normal, value: track.weekLevel }, ", after creeping up for hours");
}

/** High enough by factor; and, since small counts are noisy, from fewer than ten also by an absolute rise. */
function isHigh(value: number, usual: number, ratio: number, settings: DetectSettings): boolean {
  return value >= ratio * usual && (usual >= settings.smallCount || value - usual >= settings.smallRise);
}

/**
 * What a rollout's own surge may have added: an autoscaler counts surge pods and may raise `spec.replicas` by as many
 * (kubernetes#72775). Never more than the surge that its usual size allows, nor than the extra pods there are.
 */
function surgeShare({ total, updated, maxSurge, desired }: Reading, usual: number): number {
  if (total === undefined || updated === undefined || maxSurge === undefined || desired <= 0) return 0;
  const surge = Math.max(0, total - desired);
  const underWay = surge > 0 || updated < total;
  return underWay ? Math.min(Math.max(surge, total - updated), Math.ceil((maxSurge / desired) * usual)) : 0;
}

/** Not as high, but it got there within minutes. */
function isSteep(track: Track, { at, desired }: Reading, value: number, normal: Normal, settings: DetectSettings): boolean {
  if (!normal.mayBeSteep || !isHigh(value, normal.value, settings.steepRatio, settings)) return false;
  const before = (track.recent.findLast(([changedAt]) => changedAt < at - settings.steepMs) ?? track.recent[0])?.[1] ?? desired;
  return before >= settings.smallCount && desired >= settings.steepRise * before;
}

/** It rose so slowly that the last day's level rose with it: measured against the week. */
function creeps({ ramp, weekLevel }: Track, value: number, normal: Normal, settings: DetectSettings): boolean {
  return normal.mayCreep && weekLevel >= 1 && ramp >= settings.rampSum && isHigh(value, weekLevel, settings.rampRatio, settings);
}

function spikeOf(track: Track, reading: Reading, { value, basis }: Normal, manner: string): Spike {
  const ratio = reading.desired / value;
  const against = basis === "own-history" ? `its usual ${count(value)}` : `the ${count(value)} before its last rollout`;
  return {
    workload: reading.workload,
    startedAt: Math.min(track.calmAt, reading.at),
    detectedAt: reading.at,
    value: reading.desired,
    baseline: Math.round(value * 10) / 10,
    ratio: Math.round(ratio * 100) / 100,
    basis,
    reason: `${count(reading.desired, "replica")}: ${ratioText(ratio)} times ${against}${manner}.`,
  };
}

/** The same spike once more, when it has doubled since it was told. */
export function judgeAgain(spike: OpenSpike, reading: Reading, settings: DetectSettings): Spike | undefined {
  const { at, desired, workload } = reading;
  const { baseline, basis, startedAt = spike.roseAt, told = spike.highest } = spike;
  if (!isHigh(desired, told, settings.againRatio, settings) || desired <= (reading.expected ?? 0) * baseline) return undefined;
  const ratio = desired / baseline;
  return {
    workload,
    startedAt,
    detectedAt: at,
    value: desired,
    baseline,
    ratio: Math.round(ratio * 100) / 100,
    basis,
    reason: `${count(desired, "replica")}: ${ratioText(ratio)} times its usual ${count(baseline)}; there were ${count(told)} when it was told.`,
    again: true,
  };
}
