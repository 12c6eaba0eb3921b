import type { Instant } from "#domain/workload.ts";
import type { Spike } from "#domain/spike.ts";
import type { DetectSettings, Reading } from "./detect-settings.ts";
import type { Normal } from "./normal.ts";
import type { Track } from "./track.ts";
import { count, duration, ratioText } from "./words.ts";

/** So long demand must fit under the ceiling again before it can be told anew. */
const BELOW_MS = 10 * 60_000;

/**
 * Does the autoscaler stand at its ceiling and want more, by a margin and for a while? The margin lies above the tolerance of 10 %
 * within which an HPA does not move at all; the while spans several of its looks (15 s) and of the metrics' windows. Told once
 * until demand fits again. An open runaway has been told already; a rollout's pods use more CPU while they start.
 */
export function judgeDemand(
  track: Track,
  reading: Reading,
  normal: Normal | undefined,
  settings: DetectSettings,
): Spike | undefined {
  if (reading.ceiling === undefined && !track.demand) return undefined;
  const { at } = reading;
  const pressure = pressureOf(reading);
  if (!pressure || pressure.ratio < settings.demandRatio) {
    track.demand = relieved(track.demand, at, pressure);
    return undefined;
  }
  const { since, toldAt } = track.demand ?? { since: at };
  track.demand = { since, toldAt };
  // A first launch has no normal yet, and nobody expects it to fit at once.
  if (toldAt !== undefined || !normal || track.spike || at - since < settings.demandMs) return undefined;
  track.demand = { since, toldAt: at };
  return spikeOf(reading, pressure, since, normal);
}

interface Pressure {
  readonly ceiling: number;
  readonly demand: number;
  /** demand / ceiling; 0 while there is room below the ceiling. */
  readonly ratio: number;
}

/** Undefined while it cannot be told: no metric, or a rollout is under way. */
function pressureOf(reading: Reading): Pressure | undefined {
  const { ceiling, demand, desired } = reading;
  if (ceiling === undefined || demand === undefined || isRollingOut(reading)) return undefined;
  return { ceiling, demand, ratio: desired < ceiling ? 0 : demand / ceiling };
}

/** The margin is not reached, or nobody knows. What was told stays told until demand has fitted under the ceiling for a while. */
function relieved(known: Track["demand"], at: Instant, pressure: Pressure | undefined): Track["demand"] {
  if (known?.toldAt === undefined) return undefined;
  if (!pressure) return known;
  if (pressure.ratio > 1) return { since: known.since, toldAt: known.toldAt };
  const belowSince = known.belowSince ?? at;
  return at - belowSince >= BELOW_MS ? undefined : { ...known, belowSince };
}

function isRollingOut({ total, updated, desired }: Reading): boolean {
  return total !== undefined && updated !== undefined && (updated < total || total > desired);
}

function spikeOf(
  { workload, at, desired }: Reading,
  { ceiling, demand, ratio }: Pressure,
  since: Instant,
  normal: Normal,
): Spike {
  const usual = normal.value >= 1 ? normal.value : ceiling;
  const times = `${count(demand)} (${ratioText(ratio)} times as many)`;
  return {
    trouble: "above-ceiling",
    workload,
    startedAt: since,
    detectedAt: at,
    value: desired,
    baseline: Math.round(usual * 10) / 10,
    ratio: Math.round((demand / usual) * 100) / 100,
    basis: normal.basis,
    reason: `It stands at its autoscaler's ceiling of ${count(ceiling, "replica")}, and its metric has asked for ${times} for ${duration(at - since)}.`,
  };
}
