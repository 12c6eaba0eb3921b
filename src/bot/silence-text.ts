import type { Instant } from "#domain/workload.ts";
import type { SilenceRequest } from "#domain/ports/quiet.ts";
import { parseUntil } from "./until.ts";

/** What a person typed after `silence`, or a sentence about what is missing. */
export type SilenceText = Omit<SilenceRequest, "user"> | { readonly problem: string };

const shape = /^(\S{1,400})\s+(?:(off)|(?:until|till|for)\s+(.{1,300}))$/iu;
/** `tomorrow at 9 pm UTC` is the longest that people write. */
const mostWords = 6;

/** Reads `<workload> for 2h <reason>`, `<workload> until 18:00 <reason>` and `<workload> off`. */
export function parseSilence(text: string, now: Instant, timeZone: string): SilenceText {
  const [, workload, off, rest] = shape.exec(text) ?? [];
  if (workload === undefined)
    return { problem: "Say it like this: `silence shop/web for 2h a load test`, `silence shop/* until 18:00 we move the database` or `silence shop/web off`. An end and a reason are needed." }; // prettier-ignore
  if (off !== undefined) return { workload, what: { kind: "off" } };
  const words = (rest ?? "").split(/\s+/);
  // `18:00` is a time and so is `18:00 tomorrow`: the longest that can be read is meant.
  for (let length = Math.min(mostWords, words.length); length > 0; length -= 1) {
    const until = parseUntil(words.slice(0, length).join(" "), now, timeZone);
    if (until === undefined) continue;
    const reason = words.slice(length).join(" ");
    if (reason === "") return { problem: "Say why, after the time, so that others know: `silence shop/web for 2h a load test`." };
    return { workload, what: { kind: "until", until, reason } };
  }
  return {
    problem: "I cannot read until when: `for 2h`, `until 18:00`, `until tomorrow 18:00` or `until 2026-11-28T18:00Z` would do.",
  };
}
