import { casual } from "chrono-node/en";
import type { Instant } from "#domain/workload.ts";
import { InputError } from "./input.ts";

/** Reads a moment as a person writes it: ISO 8601, `now`, `2 hours ago`, `yesterday 14:30`. Without a zone it is the machine's. Throws InputError. */
export function parseMoment(text: string, now: Instant): Instant {
  const iso = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?$/.test(text.trim()) ? Date.parse(text.trim()) : Number.NaN;
  if (!Number.isNaN(iso)) return iso;
  const [found, ...others] = casual.parse(text.slice(0, 200), new Date(now));
  // A part that was passed over could have changed the meaning.
  if (found && others.length === 0 && found.text.length === text.trim().length) return found.start.date().getTime();
  throw new InputError(
    `Cannot read the moment "${text.slice(0, 100)}": expected for example 2026-03-02T12:00:00Z, now, "2 hours ago" or "yesterday 14:30".`,
  );
}
