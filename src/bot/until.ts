import { parseMoment, parseSpan } from "./moment-text.ts";
import type { Instant } from "#domain/workload.ts";

/** Reads `2h`, `18:00`, `tomorrow 18:00` or `2026-11-28T18:00Z` as a moment to come; times of day are those of `timeZone` (an IANA name). */
export function parseUntil(text: string, now: Instant, timeZone: string): Instant | undefined {
  const span = parseSpan(text);
  return span === undefined ? parseMoment(text, now, timeZone, "future") : now + span;
}
