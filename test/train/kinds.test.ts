import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { kindsSetByHand } from "#train/kinds-set-by-hand.ts";

/** Learnt, or told without any weight. */
const others = new Set([
  "author-history",
  "description",
  "file-kinds",
  "follow-up",
  "lag",
  "later-changes",
  "nothing-of-service",
  "place-history",
  "symptom",
  "taken-back",
  "wording",
]);

test("every kind of evidence that is set by hand has a row in the ablation table", () => {
  const sources = globSync("src/analysis/evidence/*.ts").map((file) => readFileSync(file, "utf8"));
  const named = sources.flatMap((text) => [...text.matchAll(/\b(?:supports|opposes)\(\s*"([a-z-]+)"|\bkind: "([a-z-]+)"/g)]);
  const kinds = new Set(named.map(([, told, held]) => told ?? held ?? ""));
  expect([...kinds].filter((kind) => !others.has(kind)).toSorted()).toEqual(kindsSetByHand);
});
