import { describe, expect, it, test } from "vitest";
import type { QuietHours } from "#domain/quiet.ts";
import { covers } from "#analysis/pattern.ts";
import { quietUntil } from "#analysis/quiet-hours.ts";

const every = [0, 1, 2, 3, 4, 5, 6];
const night: QuietHours = { timeZone: "Europe/Berlin", from: 22 * 60, to: 7 * 60, days: every };
const until = (hours: QuietHours | undefined, at: string) => {
  const end = quietUntil(hours, Date.parse(at));
  return end === undefined ? "loud" : new Date(end).toISOString().slice(0, 16);
};

describe("quiet hours", () => {
  it.each([
    ["before they begin", night, "2026-03-02T20:59:59Z", "loud"],
    ["the moment they begin", night, "2026-03-02T21:00Z", "2026-03-03T06:00"],
    ["after midnight", night, "2026-03-03T00:30Z", "2026-03-03T06:00"],
    ["seconds before the end", night, "2026-03-03T05:59:40Z", "2026-03-03T06:00"],
    ["the moment they end", night, "2026-03-03T06:00Z", "loud"],
    ["within a day", { ...night, from: 12 * 60, to: 13 * 60 }, "2026-03-02T11:15Z", "2026-03-02T12:00"],
    ["clocks go forward in that night", night, "2026-03-28T22:00Z", "2026-03-29T05:00"],
    ["clocks go back in that night", night, "2026-10-24T21:00Z", "2026-10-25T06:00"],
    ["west of Greenwich", { ...night, timeZone: "America/New_York" }, "2026-03-02T02:59Z", "loud"],
    ["west of Greenwich, in them", { ...night, timeZone: "America/New_York" }, "2026-03-02T03:00Z", "2026-03-02T12:00"],
    ["a zone that nobody knows is UTC", { ...night, timeZone: "Nowhere/Land" }, "2026-03-02T22:00Z", "2026-03-03T07:00"],
    // 2026-03-06 is a Friday.
    ["a night belongs to the day on which it begins", { ...night, days: [5] }, "2026-03-07T05:00Z", "2026-03-07T06:00"],
    ["not the night before", { ...night, days: [5] }, "2026-03-06T05:00Z", "loud"],
    [
      "days that follow each other are one stretch",
      { ...night, from: 0, to: 0, days: [6, 0] },
      "2026-03-07T11:00Z",
      "2026-03-08T23:00",
    ],
    ["no quiet hours", undefined, "2026-03-03T00:30Z", "loud"],
  ])("%s", (_name, hours, at, end) => expect(until(hours, at)).toBe(end));

  test("hours that never end, end after some days", () => {
    expect(until({ ...night, from: 0, to: 0 }, "2026-03-02T12:00Z")).toBe("2026-03-10T23:00");
  });
});

describe("a pattern", () => {
  it.each([
    ["web", "prod/shop/web", true],
    ["web", "prod/shop/web-admin", false],
    ["web*", "prod/shop/web-admin", true],
    ["shop/web", "prod/shop/web", true],
    ["shop/web", "prod/workshop/web", false],
    ["shop/*", "prod/shop/web", true],
    ["shop/*", "prod/shop/", true],
    ["shop/*", "prod/shops/web", false],
    ["prod/*/*", "prod/shop/web", true],
    ["prod/*/*", "prod//", true],
    ["test/*/*", "prod/shop/web", false],
    ["*", "prod/shop/web", true],
    ["a/prod/shop/web", "prod/shop/web", false],
  ])("%s and %s: %s", (pattern, key, means) => expect(covers(pattern, key)).toBe(means));
});
