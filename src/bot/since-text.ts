import type { Instant } from "#domain/workload.ts";
import { parseMoment, parseSpan } from "./moment-text.ts";

/** A moment that lies behind, or a sentence about why it cannot be read. */
export type Since = { readonly from: Instant } | { readonly problem: string };

/** The ledger keeps so long. */
const longestMs = 30 * 86_400_000;
const examples = "`2h`, `30m`, `3d`, `18:00`, `yesterday 18:00` or `2026-11-28T18:00Z` would do.";

/** Reads since when somebody asks; without a word it is `usualMs` ago. Times of day are those of `timeZone`. */
export function parseSince(text: string, { now, timeZone, usualMs }: { now: Instant; timeZone: string; usualMs: number }): Since {
  const asked = text
    .trim()
    .slice(0, 100)
    .replace(/^(?:since|in the last|the last|in the past|last|past|from|for)\s+/i, "")
    .replace(/\s+ago$/i, "")
    .replace(/[?.!]+$/, "");
  if (asked === "") return { from: now - usualMs };
  const span = parseSpan(asked.replace(/^(?:an?|the)\s+(?=hour|day)/i, "1 ").replace(/^(?=hour|day)/i, "1 "));
  const from = span === undefined ? parseMoment(asked, now, timeZone, "past") : now - span;
  if (from === undefined) return { problem: `I cannot read since when: ${examples}` };
  if (from >= now) return { problem: "That moment has not come yet." };
  if (now - from > longestMs) return { problem: "I keep changes for 30 days: ask for less." };
  return { from };
}
