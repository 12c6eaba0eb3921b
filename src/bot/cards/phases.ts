import type { Phase } from "#domain/phases.ts";
import type { Instant } from "#domain/workload.ts";
import { duration, when } from "#bot/words.ts";

/** A moment of an incident, as a field of its own: when, and how long after it was noticed. */
export function phaseField(phase: Phase, now: Instant): string {
  return `*${phase.name}*\n${momentOf(phase, now)}`;
}

/** The same as a piece of a line. */
export function phasePiece(phase: Phase, now: Instant): string {
  return `*${phase.name}* ${momentOf(phase, now)}`;
}

function momentOf({ at, afterMs }: Phase, now: Instant): string {
  const later = afterMs === undefined ? "" : afterMs < 30_000 ? " (at once)" : ` (after ${duration(afterMs)})`;
  return `${when(at, now)}${later}`;
}
