import { describe, expect, it } from "vitest";
import type { Landing } from "#domain/change.ts";
import { createPast } from "#analysis/past/past.ts";
import { isRevert, plainTitle, takenBack } from "#analysis/past/reverts.ts";
import { DAY, HOUR, NOON, aFile, aLanding, aSha } from "#test/builders.ts";

const START = NOON - 60 * DAY;

/** Sixty landings in services/other/, ten hours apart, so that something is usual. */
function usual(): Landing[] {
  return Array.from({ length: 60 }, (_value, index) =>
    aLanding({
      at: START + index * 10 * HOUR,
      files: [aFile("services/other/a.ts")],
      message: `Change ${index}`,
      author: { name: "Bo" },
    }),
  );
}

function pastOf(landings: readonly Landing[]): ReturnType<typeof createPast> {
  const past = createPast();
  for (const landing of landings) past.add(landing);
  return past;
}

describe("what the past says of a landing", () => {
  it("counts what was reverted in its place and of its author before it landed", () => {
    const bad = aLanding({ at: START + 30 * DAY, sha: aSha("bad"), author: { name: "Cy" } });
    const revert = aLanding({ at: bad.at + HOUR, message: `Revert "Show prices with tax"\n\nThis reverts commit ${bad.sha}.` });
    const next = aLanding({ at: bad.at + DAY, author: { name: "Cy" } });
    const past = pastOf([...usual(), bad, revert, next]);
    expect(past.factsOf(next.id)).toMatchObject({
      place: "services/web",
      placeLandings: 2,
      placeReverted: 1,
      revertedOfAuthor: 1,
      byAuthor: 1,
    });
    expect(past.factsOf(bad.id)).toMatchObject({ placeReverted: 0, revertedOfAuthor: 0 });
    expect(past.revertedAt(bad.id)).toBe(revert.at);
    expect(past.revertedAt(next.id)).toBeUndefined();
  });

  it("finds what a revert takes back by its title where it names no commit", () => {
    const bad = aLanding({ at: NOON - 2 * HOUR, message: "Show prices with tax (#12)" });
    const past = pastOf([bad, aLanding({ at: NOON - HOUR, message: 'Revert "Show prices with tax" (#13)' })]);
    expect(past.revertedAt(bad.id)).toBe(NOON - HOUR);
  });

  it("does not take the files and titles of one repository for another's", () => {
    const bad = aLanding({ at: START + 30 * DAY, repository: "acme/one", sha: aSha("one") });
    const revert = aLanding({
      at: bad.at + HOUR,
      repository: "acme/one",
      message: `Revert it\n\nThis reverts commit ${bad.sha}`,
    });
    const next = aLanding({ at: bad.at + DAY, repository: "acme/two" });
    expect(pastOf([...usual(), bad, revert, next]).factsOf(next.id)).toMatchObject({ placeLandings: 0, placeReverted: 0 });
  });

  it("forgets what is older than 90 days", () => {
    const old = aLanding({ at: START - 40 * DAY });
    const next = aLanding({ at: START + 55 * DAY });
    expect(pastOf([old, ...usual(), next]).factsOf(next.id)).toMatchObject({ placeLandings: 0, days: 90 });
  });

  it("says nothing while it knows less than two weeks or fifty landings", () => {
    const early = usual().slice(0, 20);
    const past = pastOf(early);
    expect(early.map((one) => past.factsOf(one.id))).toEqual(early.map(() => undefined));
  });

  it("takes a landing that comes twice once", () => {
    const landings = usual();
    const next = aLanding({ at: NOON, files: [aFile("services/other/a.ts")] });
    expect(pastOf([...landings, ...landings, next]).factsOf(next.id)?.placeLandings).toBe(60);
  });
});

describe("reverts", () => {
  it.each([
    ['Revert "Show prices"\n\nThis reverts commit 0123456789abcdef.', { shas: ["0123456"] }],
    ['Revert "Show prices" (#12)', { shas: [], title: "show prices" }],
    ["Show prices", undefined],
    ["revert to the old way of counting", undefined],
  ])("%j takes back %j", (message, taken) => {
    expect(takenBack(message)).toEqual(taken);
  });

  it.each([
    ['Revert "Show prices"', true],
    ["Revert of Show prices", true],
    ['Revert "Revert "Show prices""', false],
    ["Reland: show prices", false],
    ["reverted logic in a test", false],
  ])("%j is one: %s", (message, is) => {
    expect(isRevert({ message })).toBe(is);
  });

  it("compares titles without numbers and marks", () => {
    expect(plainTitle('Reland "Show prices" (#14)\n\nagain')).toBe("show prices");
  });

  it("reads a hostile message in no time", () => {
    expect(takenBack(`revert ${'"'.repeat(200_000)}`)).toBeDefined();
    expect(plainTitle(`revert `.repeat(100_000))).toBeDefined();
  });
});
