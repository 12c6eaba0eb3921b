import { casual } from "chrono-node/en";
import type { Instant } from "#domain/workload.ts";

/** When a person means: `18:00` may lie behind or ahead. */
export type Direction = "past" | "future";

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `30m`, `2h`, `3 days`; undefined: it is no such thing. */
export function parseSpan(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,4}(?:\.\d)?)\s*([mhd])(?:in(?:ute)?s?|ours?|rs?|ays?)?$/i.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * unitMs[unit?.toLowerCase() as keyof typeof unitMs];
}

/** Reads a moment as people write it; times of day are those of `timeZone` (an IANA name). */
export function parseMoment(text: string, now: Instant, timeZone: string, direction: Direction): Instant | undefined {
  const first = parseLocal(text, now, offsetMinutes(timeZone, now), direction);
  // Clocks may be changed between now and then.
  return first === undefined ? undefined : parseLocal(text, now, offsetMinutes(timeZone, first), direction);
}

function parseLocal(text: string, now: Instant, offset: number, direction: Direction): Instant | undefined {
  const reference = { instant: new Date(now), timezone: offset };
  const [found, ...others] = casual.parse(text, reference, { forwardDate: direction === "future" });
  // A part that was passed over could have changed the meaning.
  if (!found || others.length > 0 || found.text.length !== text.trim().length) return undefined;
  const at = found.start.date().getTime();
  const isOnlyHour = !found.start.isCertain("day") && !found.start.isCertain("weekday");
  return direction === "past" && at > now && isOnlyHour ? at - unitMs.d : at;
}

/** Minutes east of Greenwich; 0 for a zone that nobody knows. */
function offsetMinutes(timeZone: string, at: Instant): number {
  try {
    const parts = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" }).formatToParts(at);
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(parts.find(({ type }) => type === "timeZoneName")?.value ?? "") ?? []; // prettier-ignore
    return (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
  } catch {
    return 0;
  }
}
