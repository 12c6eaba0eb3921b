import type { Landing, OtherChange, Rollout } from "./change.ts";
import type { Ownership } from "./ownership.ts";
import type { Instant } from "./workload.ts";

/** A checkable reason for or against a candidate. */
export interface Evidence {
  /** A short stable word, e.g. `in-rollout`, `touches-service`. */
  readonly kind: string;
  readonly for: boolean;
  /** Log-odds it adds (for) or takes (against); positive. */
  readonly weight: number;
  /** A sentence that a person can check. */
  readonly text: string;
}

/** What a suspect is: a landing; where no landing is known for it, the rollout itself; or a change of another kind. */
export type SuspectSubject =
  | { readonly kind: "landing"; readonly landing: Landing }
  | { readonly kind: "rollout"; readonly rollout: Rollout }
  | { readonly kind: "other"; readonly change: OtherChange };

/** A ranked candidate. */
export interface Suspect {
  /** The change's id. */
  readonly id: string;
  /** Chance that it is the cause, 0 to 1. All suspects, `others` and `none` add up to 1. */
  readonly probability: number;
  readonly subject: SuspectSubject;
  readonly evidence: readonly Evidence[];
}

/** May the code go back without more ado? */
export interface RollbackSafety {
  readonly verdict: "safe" | "needs-down-migration" | "fix-forward" | "unknown";
  /** Migration files in the range, paths as in the repository: what decides first, at most 20, to be shown. */
  readonly migrations: readonly string[];
  /** What a down-migration takes back, newest first; `isCut`: not all of it. */
  readonly takeBack?: { readonly files: readonly string[]; readonly isCut: boolean };
  readonly reason: string;
  /** What decides, worst first; at most 10. Foreign text. */
  readonly statements?: readonly SchemaStatement[];
  /** Landings of the range whose migrations nobody has read yet, by id. */
  readonly unread?: readonly string[];
}

/** One statement of a migration, and what it means for the code that ran before. */
export interface SchemaStatement {
  readonly path: string;
  /** One line, at most 200 characters. */
  readonly text: string;
  /** The code that ran before misses what it takes, or is refused by what it asks. */
  readonly destructive: boolean;
}

export interface Diagnosis {
  readonly at: Instant;
  /** Best first. */
  readonly suspects: readonly Suspect[];
  /** Chance that no change did it, 0 to 1. */
  readonly none: number;
  /** Chance of all candidates that are not listed, together; absent in what was stored before it was counted apart. */
  readonly others?: number;
  /** Reasons that speak for "no suspect", e.g. requests rose as much as replicas. */
  readonly noneEvidence: readonly Evidence[];
  /** Is a change named in the headline? False: the answer is "no suspect". */
  readonly named: boolean;
  /** When cost per request (or the count, without Prometheus) began to climb. */
  readonly onsetAt: Instant;
  /** The rollout that precedes the climb, if one does. */
  readonly rollout?: Rollout;
  /** The newest revision that ran before that rollout: where "roll back" goes. */
  readonly goodRevision?: { readonly revision: number; readonly templateHash: string };
  readonly rollbackSafety: RollbackSafety;
  /** GitHub's comparison of what ran before with what runs now. */
  readonly compareUrl?: string;
  /** Of that, the commits to the service's directories, each by itself. */
  readonly ownUrls?: readonly { readonly path: string; readonly url: string }[];
  /** Landings that the comparison holds, and those of them that touch the service. */
  readonly between?: { readonly all: number; readonly own: number };
  /** Whose code the workload runs, where that is known. */
  readonly ownership?: Ownership;
  /** How many changes were looked at. */
  readonly candidates: number;
  /** The latest of them in a line each, the latest first; foreign text. Absent in what was stored before it was kept. */
  readonly looked?: readonly { readonly at: Instant; readonly text: string }[];
}
