import type { Change } from "#domain/change.ts";
import type { Evidence, Suspect } from "#domain/diagnosis.ts";
import type { Instant, WorkloadKey } from "#domain/workload.ts";
import type { Point } from "#domain/sample.ts";

/** What is asked about a moment. */
export interface Question {
  readonly id: string;
  readonly at: Instant;
  readonly windowMs?: number;
  /** Id of a change that is no candidate. */
  readonly leaveOut?: string;
  /** Directory of the service that hurts. */
  readonly service?: string;
  readonly symptom?: string;
  readonly workload?: WorkloadKey;
  readonly services?: readonly string[];
  readonly signals?: Readonly<Record<string, { readonly before: readonly Point[]; readonly after: readonly Point[] }>>;
}

/** Every candidate, best first, and the chance that none did it. */
export interface Answer {
  readonly suspects: readonly Suspect[];
  readonly none: number;
  readonly noneEvidence: readonly Evidence[];
}

/** Takes changes, oldest first, and ranks those before a moment. */
export interface Ranker {
  add(change: Change): void;
  rankAt(question: Question): Answer;
}
