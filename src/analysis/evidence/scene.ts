import type { Evidence } from "#domain/diagnosis.ts";
import type { Alert } from "#domain/spike.ts";
import type { Ownership } from "#domain/ownership.ts";
import type { Preempted, WorkloadRef } from "#domain/workload.ts";
import type { Candidate, Window } from "#analysis/correlate.ts";
import type { Drift } from "#analysis/drift.ts";
import type { Onset } from "#analysis/onset.ts";
import type { Past } from "#analysis/past/past.ts";
import type { WellElsewhere } from "#analysis/well-elsewhere.ts";
import type { Survey } from "./survey.ts";

/** What a candidate is judged against. */
export interface Scene {
  readonly workload: Pick<WorkloadRef, "namespace" | "name">;
  readonly onset: Onset;
  readonly window: Window;
  readonly ownership: Ownership;
  /** The owner's directory prefixes that occur in the repository. */
  readonly own: readonly string[];
  readonly alerts: readonly Alert[];
  /**
   * What is known of when a change began to run: `rollouts` where the workload's rollouts are watched, `landings` where only
   * what landed is known (rankings of a repository's history).
   */
  readonly regime: "rollouts" | "landings";
  /** Pods of the workload that were taken away for others around the onset; absent where too few were to matter. */
  readonly preempted?: Preempted;
  /** Cost per request crept up before it climbed; absent where it did not, or nobody can say. */
  readonly drift?: Drift;
  /** Other workloads that run a landing and are well. */
  readonly wellElsewhere?: WellElsewhere;
  /** What the repository's past says; absent where nobody looked. */
  readonly past?: Past;
  /** The candidates seen against each other. */
  readonly survey: Survey;
}

/**
 * What one kind of evidence has to say about one candidate. Either it holds features, whose weights are learnt
 * (`npm run train`, weights.json), or a weight set by hand: log-odds, positive for it, negative against it. The text is
 * made for the few that are shown.
 */
export interface Finding {
  readonly kind: string;
  readonly features?: Features;
  readonly weight?: number;
  readonly text: () => string;
}

/** Numbers by name; a name belongs to one kind only. */
export type Features = Readonly<Record<string, number>>;

/** One kind of evidence: looks at one candidate, and says something or nothing. */
export type EvidenceKind = (candidate: Candidate, scene: Scene) => Finding | undefined;

/** A finding whose weight is set by hand, for the candidate. */
export function supports(kind: string, weight: number, text: string): Finding {
  return { kind, weight, text: () => text };
}

/** A finding whose weight is set by hand, against the candidate. */
export function opposes(kind: string, weight: number, text: string): Finding {
  return { kind, weight: -weight, text: () => text };
}

/** The same as a piece of evidence, with the weight that it came to. */
export function evidenceOf({ kind, text }: Finding, weight: number): Evidence {
  return { kind, for: weight >= 0, weight: Math.abs(weight), text: text() };
}
