import { expect, test } from "vitest";
import { doublingsOf, withDoubling } from "#analysis/again.ts";
import { MINUTE, anIncident } from "#test/builders.ts";

test("a doubling is an entry of the timeline, once; and a reply where the last word is ten minutes old", () => {
  const incident = anIncident();
  const doubled = (minutes: number) => ({ ...incident.spike, again: true as const, detectedAt: incident.openedAt + minutes * MINUTE, reason: `${minutes}.` }); // prettier-ignore
  const told = [2, 12, 12, 15, 23].reduce((seen, minutes) => withDoubling(seen, doubled(minutes)), incident);
  expect(told.timeline.slice(incident.timeline.length).map(({ text }) => text)).toEqual(["2.", "12.", "15.", "23."]);
  expect(doublingsOf(told).map(({ text }) => text)).toEqual(["12.", "23."]);
});
