import { wordsOf } from "#domain/change-words.ts";
import type { Diagnosis } from "#domain/diagnosis.ts";
import type { Candidate } from "./correlate.ts";
import { titleOf } from "./words.ts";

/** What an incident keeps: about four messages in its thread. */
const MOST = 300;

/** What was looked at, a line each, the latest first. */
export function lookedAt(candidates: readonly Candidate[]): Diagnosis["looked"] {
  return candidates
    .toSorted((a, b) => b.at - a.at)
    .slice(0, MOST)
    .map((candidate) => ({ at: candidate.at, text: lineOf(candidate) }));
}

function lineOf({ landing, other, elsewhere, rollout }: Candidate): string {
  if (landing) return `${landing.sha.slice(0, 7)} ${titleOf(landing.message, 70)} · ${landing.author.name.slice(0, 30)}`;
  if (other) return titleOf(wordsOf(other), 110);
  const rolled = elsewhere ?? rollout;
  return rolled ? `Revision ${rolled.revision} of ${rolled.workload.split("/").slice(1).join("/")} rolls out` : "A change";
}
