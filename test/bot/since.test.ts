import { describe, expect, test } from "vitest";
import { DAY, HOUR, MINUTE, NOON } from "#test/builders.ts";
import { parseSince } from "#bot/since-text.ts";

/** Noon in UTC is 13:00 in Berlin, on a Monday. */
const since = (text: string) => parseSince(text, { now: NOON, timeZone: "Europe/Berlin", usualMs: 2 * HOUR });

describe("since when", () => {
  test.each([
    ["", 2 * HOUR],
    ["30m", 30 * MINUTE],
    ["since 2h", 2 * HOUR],
    ["90 minutes ago", 90 * MINUTE],
    ["the last hour", HOUR],
    ["an hour ago", HOUR],
    ["last day", DAY],
    ["3 days", 3 * DAY],
    ["12:30", 30 * MINUTE],
    ["18:00?", 19 * HOUR],
    ["yesterday 18:00", 19 * HOUR],
    ["2026-03-02T11:00Z", HOUR],
  ])("%j is %i ms ago", (text, ago) => expect(since(text)).toEqual({ from: NOON - ago }));

  test.each([
    ["tomorrow", /not come yet/],
    ["31d", /30 days/],
    ["yesterday `<!channel>`", /cannot read since when/],
    ["soon", /cannot read since when/],
    ["1".repeat(5_000), /cannot read since when/],
  ])("%j is no such moment", (text, problem) => expect(since(text)).toEqual({ problem: expect.stringMatching(problem) }));
});
