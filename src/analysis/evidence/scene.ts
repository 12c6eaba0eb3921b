import type { Evidence } from "#domain/diagnosis.ts";
import type { Alert } from "#domain/spike.ts";
import type { Ownership } from "#domain/ownership.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import type { Candidate, Window } from "#analysis/correlate.ts";
import type { Onset } from "#analysis/onset.ts";

/** What a candidate is judged against. */
export interface Scene {
  readonly workload: Pick<WorkloadRef, "namespace" | "name">;
  readonly onset: Onset;
  readonly window: Window;
  readonly ownership: Ownership;
  /** The owner's directory prefixes that occur in the repository. */
  readonly own: readonly string[];
  readonly alerts: readonly Alert[];
}

/** One kind of evidence: looks at one candidate, and says something or nothing. */
export type EvidenceKind = (candidate: Candidate, scene: Scene) => Evidence | undefined;

export function supports(kind: string, weight: number, text: string): Evidence {
  return { kind, for: true, weight, text };
}

export function opposes(kind: string, weight: number, text: string): Evidence {
  return { kind, for: false, weight, text };
}
