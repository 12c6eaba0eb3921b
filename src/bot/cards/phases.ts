import type { Phase } from "#domain/phases.ts";
import type { Instant } from "#domain/workload.ts";
import { duration, when } from "#bot/words.ts";

/** A moment of an incident, as a field: when, and how long after it was noticed. */
export function phaseField({ name, at, afterMs }: Phase, now: Instant): string {
  const later = afterMs === undefined ? "" : afterMs < 30_000 ? " (with the first message)" : ` (after ${duration(afterMs)})`;
  return `*${name}*\n${when(at, now)}${later}`;
}
