import type { SuspectSubject } from "#domain/diagnosis.ts";
import { wordsOf } from "#domain/change-words.ts";
import { titleOf } from "./words.ts";

/** A suspect in a few words: `9f1c2ab "Show prices with tax"`. Foreign text. */
export function suspectTitle(subject: SuspectSubject, length = 80): string {
  switch (subject.kind) {
    case "landing":
      return `${subject.landing.sha.slice(0, 7)} "${titleOf(subject.landing.message, length)}"`;
    case "rollout":
      return `the rollout of revision ${subject.rollout.revision}`;
    case "other":
      return titleOf(wordsOf(subject.change), length);
  }
}
