import type { Instant } from "#domain/workload.ts";
import type { QuietHours } from "#domain/quiet.ts";

const MINUTE = 60_000;
const DAY_MINUTES = 24 * 60;
/** Quiet days may follow each other. */
const MOST_DAYS = 8;

/** The moment at which the quiet hours that hold now end; undefined: it is not quiet. */
export function quietUntil(hours: QuietHours | undefined, at: Instant): Instant | undefined {
  if (!hours || !isQuiet(hours, at)) return undefined;
  let end = endAfter(hours, at);
  for (let days = 0; days < MOST_DAYS && isQuiet(hours, end); days++) end = endAfter(hours, end);
  return end;
}

function isQuiet({ timeZone, from, to, days }: QuietHours, at: Instant): boolean {
  const { day, minute } = localOf(timeZone, at);
  const beganToday = days.includes(day) && minute >= from;
  if (from < to) return beganToday && minute < to;
  return beganToday || (days.includes((day + 6) % 7) && minute < to);
}

/** The next moment at which clocks there show `to`. */
function endAfter({ timeZone, to }: QuietHours, at: Instant): Instant {
  const { minute } = localOf(timeZone, at);
  const guess = Math.floor(at / MINUTE) * MINUTE + ((to - minute + DAY_MINUTES - 1) % DAY_MINUTES) * MINUTE + MINUTE;
  // Clocks may be changed until then.
  const off = (to - localOf(timeZone, guess).minute + 1.5 * DAY_MINUTES) % DAY_MINUTES;
  return guess + (off - DAY_MINUTES / 2) * MINUTE;
}

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const formats = new Map<string, Intl.DateTimeFormat>();

/** Day of the week and minutes after midnight, as clocks there show them. */
function localOf(timeZone: string, at: Instant): { readonly day: number; readonly minute: number } {
  const parts = Object.fromEntries(formatOf(timeZone).formatToParts(at).map(({ type, value }) => [type, value])); // prettier-ignore
  return { day: weekdays.indexOf(parts["weekday"] ?? ""), minute: Number(parts["hour"]) * 60 + Number(parts["minute"]) };
}

/** Making one takes a tenth of a millisecond. A zone that nobody knows is UTC. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const fields = { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", { ...fields, timeZone });
  } catch {
    format = new Intl.DateTimeFormat("en-US", { ...fields, timeZone: "UTC" });
  }
  formats.set(timeZone, format);
  return format;
}
