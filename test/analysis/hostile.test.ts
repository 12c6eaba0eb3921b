import { describe, expect, it } from "vitest";
import type { Landing } from "#domain/change.ts";
import { createHistory } from "#analysis/history.ts";
import { diagnose } from "#analysis/diagnose.ts";
import { MINUTE, NOON, aFile, anAlert } from "#test/builders.ts";
import { anInput, chained, dearer, olderParts, shipped } from "./stories.ts";
import { regExpWork } from "./regexp-work.ts";

/** As much as the door lets in: src/watchers/github/landing.ts, read.ts. */
const MESSAGE = 10_000;
const PATH = 4_096;
const PATCH = 20_000;

const onset = NOON - 9 * MINUTE;

function full(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}

/** Everything that the brain does with a landing: in the service, and in a repository's history. */
function think(over: Partial<Landing>): void {
  const part = shipped("Tidy up", onset - 20 * MINUTE, onset - 5 * MINUTE, 7, over);
  const alerts = [anAlert({ at: NOON - MINUTE, message: "Timeouts of the handler, 12345 signed and fixed" })];
  const usual = anInput();
  const workload = { ...usual.workload, preempted: { pods: 9, firstAt: onset, lastAt: onset, by: [] } };
  diagnose(anInput({ workload, alerts, changes: chained([...olderParts(), part]), signals: dearer(onset, 6) }));
  const history = createHistory();
  history.add(part.landing);
  history.rankAt({ id: "one", at: onset, service: "services/web", symptom: "Timeouts of the handler, 12345 signed and fixed" });
}

describe("no pattern goes through a hostile text again and again", () => {
  it.each([
    "\n",
    " ",
    "\n ",
    "\t",
    "a",
    "aA",
    "A1",
    "(#1",
    "fixes\n",
    "revert ",
    "revert: ",
    'revert "',
    "reverts commit abcdef",
    "merge ",
    "a(",
    "a()!",
    "signed",
    "\n  signed-x",
    "migration_ ",
    "update deps ",
    "batch",
    ". ",
  ])("a message of %j", (text) => {
    expect(regExpWork(() => think({ message: full(text, MESSAGE) })).slow).toEqual([]);
    expect(regExpWork(() => think({ message: `revert "a\n\nTimeouts${full(text, MESSAGE)}` })).slow).toEqual([]);
  });

  it.each([
    "a",
    "/",
    "a/",
    ".",
    "_",
    "1",
    "test",
    "a.b",
    ".gitlab",
    "db/a_",
    "V1__",
    "V1",
    "prisma/",
    "prisma/migrations/",
    "migrations/",
    "migrations/12345678",
    "changelog/",
    "12345678901234_",
    "schema.a",
    "requirements/",
  ])("a path of %j", (text) => {
    const files = ["", "migrations/", "db/V1"].map((begin) => aFile(begin + full(text, PATH - begin.length)));
    expect(regExpWork(() => think({ files })).slow).toEqual([]);
  });

  it.each([
    "for ",
    "for in in : ",
    "async ",
    "select a ",
    "select a from",
    "join  a  ",
    "insert ",
    " ",
    "cache.",
    "kind: ",
    "target",
  ])("a diff of %j", (text) => {
    const patch = `${full(`\n+${full(text, 500)}`, PATCH / 2)}\n+${full(text, PATCH / 2)}`;
    const files = ["services/web/a.ts", "services/web/a.yaml", "services/web/db/migrate/1_a.rb"].map((path) =>
      aFile(path, { patch }),
    );
    expect(regExpWork(() => think({ files })).slow).toEqual([]);
  });
});

it("a landing of hundreds of long diffs is no more work than one of ten", () => {
  const patch = full("+ for for for\n for for for\n", PATCH);
  const charactersOf = (length: number) => {
    const files = Array.from({ length }, (_, index) => aFile(`services/web/${index}.yaml`, { patch }));
    return regExpWork(() => think({ files })).characters;
  };
  const ten = charactersOf(10);
  expect(ten).toBeGreaterThan(10 * PATCH);
  // Paths are looked at all the same.
  expect(charactersOf(300)).toBeLessThan(1.5 * ten);
});
