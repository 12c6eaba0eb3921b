import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change } from "#domain/change.ts";
import { type DiagnoseInput, diagnose } from "#analysis/diagnose.ts";
import { MINUTE, NOON, aConfigEdit, aFile, aLanding, aRollout, aScaling, aSha, anAlert, aSpike } from "#test/builders.ts";
import { anInput, chained, dearer, olderParts } from "./stories.ts";

const onset = NOON - 8 * MINUTE;

const drawn = fc.record({
  /** From two days before the climb to two hours after it. */
  minutes: fc.integer({ min: -2_880, max: 120 }),
  kind: fc.constantFrom("landing", "landing", "landing", "rollout", "elsewhere", "config", "scaling"),
  path: fc.constantFrom(
    "services/web/src/a.ts",
    "services/cart/a.ts",
    "lib/a.ts",
    "docs/a.md",
    "services/web/db/migrate/1_a.sql",
  ),
  patch: fc.constantFrom(undefined, "+for (const one of all) {}", "+replicas: 3"),
  message: fc.constantFrom("Show prices", 'Revert "Show prices"', "Retry thrice", "Fix the cart"),
  author: fc.constantFrom("ada", "bob"),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

/** Names by which everything in a case goes. */
type Names = (index: number) => string;

function toChange({ minutes, kind, path, patch, message, author }: Drawn, index: number, names: Names, shift: number): Change {
  // Never in the same millisecond as one of the older ones, which are at whole minutes.
  const at = onset + minutes * MINUTE - 7 + shift;
  const name = names(index);
  const sha = aSha(name);
  const commit = { sha: sha.slice(0, 12), from: "image-tag" as const };
  switch (kind) {
    case "landing": {
      const file = aFile(path, patch === undefined ? {} : { patch });
      return aLanding({ sha, at, message, author: { name: author }, files: [file] });
    }
    case "rollout":
      return aRollout({ id: name, at, revision: 10 + index, commit });
    case "elsewhere":
      return aRollout({ id: name, at, workload: "prod/shop/cart", revision: 10 + index, commit });
    case "config":
      return aConfigEdit({ id: name, at, name: "web", usedBy: ["prod/shop/web"] });
    default:
      return aScaling({ id: name, at });
  }
}

function inputOf(changes: readonly Change[], shift = 0): DiagnoseInput {
  const base = anInput({ signals: dearer(onset, 6), changes, alerts: [anAlert({ at: NOON })] });
  const series = Object.entries(base.signals as unknown as Record<string, { at: number; value: number }[]>).map(
    ([name, points]) => [name, points.map((point) => ({ ...point, at: point.at + shift }))] as const,
  );
  return {
    ...base,
    now: base.now + 3 * 60 * MINUTE + shift,
    signals: Object.fromEntries(series) as never,
    spike: aSpike({ startedAt: base.spike.startedAt + shift, detectedAt: base.spike.detectedAt + shift }),
    alerts: [anAlert({ at: NOON + shift })],
  };
}

/** Chances by name, to a billionth; names are read off the ids. */
function chancesOf(input: DiagnoseInput, nameOf: ReadonlyMap<string, string> = new Map()): Record<string, number> {
  const { suspects, none, others = 0 } = diagnose(input);
  const named = suspects.map(({ id, probability }) => [nameOf.get(id) ?? id, probability] as const);
  const all = [...named, ["none", none] as const, ["others", others] as const];
  return Object.fromEntries(all.map(([name, chance]) => [name, Math.round(chance * 1e9)]));
}

const older = (shift: number) => chained(olderParts()).map((change): Change => ({ ...change, at: change.at + shift }));

/**
 * With the three older ones no more than the ten suspects that are kept. No two in the same millisecond: which of two such changes came first nobody can say, and
 * their ids decide.
 */
const few = fc.uniqueArray(drawn, { maxLength: 7, selector: ({ minutes }) => minutes });

describe("whatever changed", () => {
  it("another time and other ids change no chance, and all chances add up to 1", () => {
    fc.assert(
      fc.property(few, fc.integer({ min: -1e6, max: 1e6 }), (some, seconds) => {
        const shift = seconds * 1_000;
        const plain = some.map((one, index) => toChange(one, index, (at) => `a${at}`, 0));
        const other = some.map((one, index) => toChange(one, index, (at) => `z${99 - at}`, shift));
        const nameOf = new Map([...plain, ...other].map(({ id }, index) => [id, String(index % some.length)]));
        const before = chancesOf(inputOf([...older(0), ...plain]), nameOf);
        expect(chancesOf(inputOf([...older(shift), ...other], shift), nameOf)).toEqual(before);
        expect(Math.abs(Object.values(before).reduce((sum, chance) => sum + chance, -1e9))).toBeLessThan(20);
      }),
      { numRuns: 200 },
    );
  });

  it("what came after the onset changes no chance", () => {
    fc.assert(
      fc.property(few, (some) => {
        const changes = [...older(0), ...some.map((one, index) => toChange(one, index, (at) => `a${at}`, 0))];
        const whole = diagnose(inputOf(changes));
        const before = changes.filter(({ at }) => at <= whole.onsetAt);
        expect(chancesOf(inputOf(before))).toEqual(chancesOf(inputOf(changes)));
      }),
      { numRuns: 200 },
    );
  });
});
