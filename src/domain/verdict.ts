import type { Instant } from "./workload.ts";

/** What a person said afterwards of a suspect: that was it, or that was not it. */
export interface Verdict {
  readonly incidentId: string;
  readonly suspectId: string;
  readonly right: boolean;
  /** Slack user id. */
  readonly by: string;
  readonly at: Instant;
  /** What was told of the suspect then: its chance, and which kinds of evidence spoke for it or against it. */
  readonly probability: number;
  readonly evidence: readonly { readonly kind: string; readonly for: boolean }[];
}
