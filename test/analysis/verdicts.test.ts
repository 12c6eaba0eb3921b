import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Verdict } from "#domain/verdict.ts";
import { diagnose } from "#analysis/diagnose.ts";
import { factorsOf, faredOf } from "#analysis/verdicts.ts";
import { MINUTE, NOON, aFile } from "#test/builders.ts";
import { anInput, chained, olderParts, shipped } from "./stories.ts";

const drawn = fc.array(
  fc.record({
    incidentId: fc.string(),
    suspectId: fc.string(),
    right: fc.boolean(),
    by: fc.constant("U0NINA"),
    at: fc.integer(),
    probability: fc.double({ min: 0, max: 1, noNaN: true }),
    evidence: fc.array(fc.record({ kind: fc.constantFrom("a", "b", "c"), for: fc.boolean() })),
  }),
);

function aVerdict(right: boolean, kind = "in-rollout", probability = 0.5): Verdict {
  return { incidentId: "i", suspectId: "s", right, by: "U0NINA", at: NOON, probability, evidence: [{ kind, for: true }] };
}

describe("what verdicts teach", () => {
  it("is nothing without any", () => {
    expect(factorsOf([])).toEqual({});
  });

  it("raises a kind that was right more often than told, and lowers one that was wrong, little at first", () => {
    expect(faredOf([aVerdict(true)]).get("in-rollout")).toEqual({ verdicts: 1, right: 1, expected: 0.5, factor: 11 / 10.5 });
    expect(factorsOf([aVerdict(false)])["in-rollout"]).toBeCloseTo(10 / 10.5);
    expect(factorsOf(Array.from({ length: 500 }, () => aVerdict(false)))["in-rollout"]).toBe(0.5);
  });

  it("learns from a kind that spoke against in the same way", () => {
    const against = (right: boolean): Verdict => ({
      ...aVerdict(right),
      probability: 0.8,
      evidence: [{ kind: "ran-well", for: false }],
    });
    expect(factorsOf([against(true)])["ran-well"]).toBeCloseTo(10 / 10.2);
    expect(factorsOf([against(false)])["ran-well"]).toBeCloseTo(11 / 10.2);
  });

  it("does not depend on their order, and stays bounded", () => {
    fc.assert(
      fc.property(drawn, drawn, (some, more) => {
        const factors = factorsOf([...some, ...more]);
        for (const [kind, factor] of Object.entries(factorsOf([...more, ...some]))) expect(factors[kind]).toBeCloseTo(factor, 9);
        expect(Object.values(factors).every((factor) => factor >= 0.5 && factor <= 2)).toBe(true);
      }),
    );
  });

  it("moves a later guess in their direction", () => {
    const last = shipped("Trim a label", NOON - 40 * MINUTE, NOON - 12 * MINUTE, 7, {
      files: [aFile("services/web/src/index.ts", { patch: "@@ -1 +1 @@\n+const label = text.trim();" })],
    });
    const input = anInput({ changes: chained([...olderParts(), last]) });
    const chance = (verdicts: readonly Verdict[]) =>
      diagnose({ ...input, factors: factorsOf(verdicts) }).suspects[0]?.probability ?? 0;
    const before = diagnose(input).suspects[0]?.probability ?? 0;
    const wrong = Array.from({ length: 8 }, () => aVerdict(false, "in-rollout", 0.9));
    const right = Array.from({ length: 8 }, () => aVerdict(true, "in-rollout", 0.3));
    expect(chance(wrong)).toBeLessThan(before);
    expect(chance(right)).toBeGreaterThan(before);
  });
});
