import type { Ownership } from "#domain/ownership.ts";
import type { PathGuess, PathSource, Sources, Subject } from "./guess.ts";
import { fromHistory } from "./from-history.ts";
import { fromLayout } from "./from-layout.ts";
import { fromOwners } from "./from-owners.ts";

/** Sources of paths, the most reliable first. To add one: a file like its neighbours, and a line here. */
const sources: readonly (readonly [Ownership["from"], PathSource])[] = [
  ["layout", fromLayout],
  ["codeowners", fromOwners],
  ["history", fromHistory],
];

/** The first source that knows which paths are the workload's. */
export function inferPaths(subject: Subject, known: Sources): (PathGuess & { readonly from: Ownership["from"] }) | undefined {
  for (const [from, source] of sources) {
    const guess = source(subject, known);
    if (guess) return { ...guess, from };
  }
  return undefined;
}
