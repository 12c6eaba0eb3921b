import type { Instant } from "./workload.ts";

/** What a person said afterwards of a suspect: that was it, or that was not it. */
export interface Verdict {
  readonly incidentId: string;
  readonly suspectId: string;
  readonly right: boolean;
  /** Slack user id. */
  readonly by: string;
  readonly at: Instant;
  /** Its place among the suspects, from 0; absent: the first. */
  readonly rank?: number;
  /** What was told of the suspect then: its chance, and which kinds of evidence spoke for it or against it. */
  readonly probability: number;
  readonly evidence: readonly { readonly kind: string; readonly for: boolean }[];
}

/** What somebody said of a suspect of an incident; without `right` they took back what stood. */
export interface Said {
  readonly suspectId: string;
  /** The suspect in a few words, as it was then. Foreign text. */
  readonly title: string;
  readonly right?: boolean;
  /** Slack user id, or the command line. */
  readonly by: string;
  readonly at: Instant;
}

/** The last word on a suspect, where it was not taken back. */
export function standingOn(suspectId: string, said: readonly Said[] = []): (Said & { readonly right: boolean }) | undefined {
  const last = said.findLast((one) => one.suspectId === suspectId);
  return last?.right === undefined ? undefined : { ...last, right: last.right };
}
