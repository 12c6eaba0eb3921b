import { describe, expect, test } from "vitest";
import { NOON } from "#test/builders.ts";
import type { Verdict } from "#domain/verdict.ts";
import { accuracyOf } from "#analysis/accuracy.ts";

const said = (incidentId: string, rank: number | undefined, right: boolean, probability = 0.5): Verdict => ({
  incidentId,
  suspectId: `s${rank ?? 0}`,
  right,
  by: "U1",
  at: NOON,
  probability,
  evidence: [],
  ...(rank !== undefined && { rank }),
});

describe("how right the first suspect was", () => {
  test("nobody has said anything", () =>
    expect(accuracyOf([])).toEqual({ judged: 0, first: 0, among: 0, sure: 0, sureRight: 0 }));

  test("counts incidents, not words; what an older release wrote is of the first", () => {
    const verdicts = [
      said("a", undefined, true, 0.9),
      said("b", 0, false, 0.85),
      said("b", 1, true),
      said("c", 0, false),
      said("d", 2, true),
      said("e", 1, false),
    ];
    expect(accuracyOf(verdicts)).toEqual({ judged: 4, first: 1, among: 3, sure: 2, sureRight: 1 });
  });
});
