import { expect, test } from "vitest";
import { backoffMs } from "#lib/backoff.ts";
import { digestOf } from "#lib/digest.ts";

test("backoff doubles up to its ceiling, with jitter in the upper half", () => {
  const at = (attempt: number, random: number) => backoffMs(attempt, { baseMs: 100, maxMs: 1_000, random: () => random });
  expect([0, 1, 2, 3, 4, 100].map((attempt) => at(attempt, 1))).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  expect(at(2, 0)).toBe(200);
});

test("a digest depends on the facts, not on their order", () => {
  expect(digestOf({ a: 1, b: { c: [1, 2], d: undefined } })).toBe(digestOf({ b: { c: [1, 2] }, a: 1 }));
  expect(digestOf({ a: [1, 2] })).not.toBe(digestOf({ a: [2, 1] }));
  expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: "1" }));
});
