import type { ExpectRequest } from "#domain/ports/slack.ts";
import type { Instant } from "#domain/workload.ts";
import { parseUntil } from "./until.ts";

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
