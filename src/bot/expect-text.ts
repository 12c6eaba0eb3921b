import { casual } from "chrono-node/en";
import type { ExpectRequest } from "#domain/ports/slack.ts";
import type { Instant } from "#domain/workload.ts";

/** What a person typed after `expect`, or a sentence about what is missing. */
export type ExpectText = Omit<ExpectRequest, "user"> | { readonly problem: string };

const shape = /^(\S{1,400})\s+(?:(off)|(?:[x×]\s*([\d.]{1,8})\s+)?(?:until|till|for)\s+(.{1,100}))$/iu;

/** Reads `<workload> [x N] until <time>` and `<workload> off`; times of day are those of `timeZone` (an IANA name). */
export function parseExpect(text: string, now: Instant, timeZone: string): ExpectText {
  const [, workload, off, times, when] = shape.exec(text) ?? [];
  if (workload === undefined)
    return { problem: "Say it like this: `expect shop/web x3 until 18:00`, `expect shop/web until tomorrow 9:00`, `expect shop/web for 2h` or `expect shop/web off`." }; // prettier-ignore
  if (off !== undefined) return { workload, what: { kind: "off" } };
  const until = parseUntil(when ?? "", now, timeZone);
  if (until === undefined)
    return { problem: "I cannot read until when: `18:00`, `tomorrow 18:00`, `2h` or `2026-11-28T18:00Z` would do." };
  return { workload, what: { kind: "until", until, ...(times !== undefined && { times: Number(times) }) } };
}

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function parseUntil(text: string, now: Instant, timeZone: string): Instant | undefined {
  const [, amount, unit] = /^(\d{1,4}(?:\.\d)?)\s*([mhd])(?:in(?:ute)?s?|ours?|rs?|ays?)?$/i.exec(text) ?? [];
  if (amount !== undefined) return now + Number(amount) * unitMs[unit?.toLowerCase() as keyof typeof unitMs];
  const first = parseLocal(text, now, offsetMinutes(timeZone, now));
  // Clocks may be changed until then.
  return first === undefined ? undefined : parseLocal(text, now, offsetMinutes(timeZone, first));
}

function parseLocal(text: string, now: Instant, offset: number): Instant | undefined {
  const [found, ...others] = casual.parse(text, { instant: new Date(now), timezone: offset }, { forwardDate: true });
  // A part that was passed over could have changed the meaning.
  return found && others.length === 0 && found.text.length === text.trim().length ? found.start.date().getTime() : undefined;
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
