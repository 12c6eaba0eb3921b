import { describe, expect, test } from "vitest";
import { DAY, HOUR, MINUTE, NOON } from "#test/builders.ts";
import { InputError } from "#cli/input.ts";
import { parseMoment } from "#cli/moment.ts";
import { parseSpan } from "#cli/span.ts";

describe("a moment", () => {
  test.each([
    ["2026-03-02T11:00:00Z", NOON - HOUR],
    ["2026-03-02T12:00:00.5+01:00", NOON - HOUR + 500],
    ["now", NOON],
    ["2 hours ago", NOON - 2 * HOUR],
    [" 90 minutes ago ", NOON - 90 * MINUTE],
    ["2026-03-01 12:00 UTC", NOON - DAY],
  ])("%s", (text, at) => {
    expect(parseMoment(text, NOON)).toBe(at);
  });

  test.each(["", "whenever", "after 2 hours ago or so", "2026-13-45T00:00:00Z", "x".repeat(100_000)])("not %s", (text) => {
    expect(() => parseMoment(text, NOON)).toThrow(InputError);
  });
});

describe("a span", () => {
  test.each([
    ["90m", 90 * MINUTE],
    ["72h", 72 * HOUR],
    ["1.5 d", 36 * HOUR],
    ["2w", 14 * DAY],
  ])("%s", (text, ms) => {
    expect(parseSpan(text)).toBe(ms);
  });

  test.each(["", "72", "h", "0h", "-3d", "3 moons", "1e9h"])("not %s", (text) => {
    expect(() => parseSpan(text)).toThrow(InputError);
  });

  test("may have a limit", () => {
    expect(() => parseSpan("5w", 30)).toThrow("at most 30d");
  });
});
