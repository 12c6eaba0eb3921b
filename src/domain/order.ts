import type { Forecast, ActKind } from "./plan.ts";
import type { Instant, WorkloadRef } from "./workload.ts";
import type { Intent, NodeRef } from "./intent.ts";

/** What an agent is asked to look at. Everything else it reads itself. */
export interface StepOrder {
  readonly incidentId: string;
  readonly stepId: string;
  readonly kind: ActKind;
  readonly workload: WorkloadRef;
  /** What the person picked in the modal, one of `Preview.choices`; absent: what is suggested. */
  readonly choice?: string;
  /** Cap: never below this, the usual peak times a margin. Lower: the ceiling that is suggested. */
  readonly capFloor?: number;
  /** Rollback: where to. */
  readonly revision?: number;
  readonly revisionTemplateHash?: string;
  /** Migrate: files of the range that must be taken back, newest first; `migrationsCut`: there are more. */
  readonly migrations?: readonly string[];
  readonly migrationsCut?: boolean;
  /** Scale: the count that is suggested. */
  readonly replicas?: number;
  /** A replica works more than 1.5 times its usual: what serves now must not become fewer. */
  readonly isBusy?: boolean;
  /** Drain, cordon: nodes created at or after this moment, and keep at least so many nodes. */
  readonly bornSince?: Instant;
  readonly keepNodes?: number;
  /** Uncordon: those that we cordoned. */
  readonly nodes?: readonly NodeRef[];
}

/** What a person is shown before they approve. */
export interface Preview {
  readonly at: Instant;
  readonly intent: Intent;
  /** Short sentences: what will happen, in order. */
  readonly effects: readonly string[];
  /** Before and after, e.g. `maxReplicas`, `4,000`, `96`. */
  readonly changes: readonly { readonly what: string; readonly before: string; readonly after: string }[];
  /** What it does not touch, and what may hurt. */
  readonly warnings: readonly string[];
  /** The server accepted the same write as a dry run. */
  readonly dryRun: "accepted" | "not-applicable";
  /** What else may be picked; picking another one makes another preview. */
  readonly choices?: Choices;
  /** Lines of a readable diff: `-` goes, `+` comes, `~` changed and is hidden; values of the environment masked. */
  readonly diff?: readonly string[];
  /** What must be ticked before it can be submitted. */
  readonly confirm?: string;
  readonly forecast?: Forecast;
}

/** One of several, e.g. revisions to go back to. */
export interface Choices {
  /** What is chosen, e.g. `Revision`. */
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  /** The value of the one that is shown. */
  readonly chosen: string;
}

/** A no, or the preview. */
export type PreviewResult =
  | { readonly kind: "preview"; readonly preview: Preview }
  | { readonly kind: "already-done"; readonly text: string }
  | { readonly kind: "refused"; readonly text: string };

export type ActResult =
  | {
      readonly kind: "done";
      readonly text: string;
      readonly forecast?: Forecast;
      /** Replicas that quotas would have let run at most. */
      readonly quotaMost?: number;
    }
  | { readonly kind: "already-done"; readonly text: string }
  /** The state moved since it was shown: show it again. `partly`: as with a refusal. */
  | { readonly kind: "stale"; readonly text: string; readonly partly?: boolean }
  /** `partly`: something was done, or may have been, before it stopped, so there may be something to take back. */
  | { readonly kind: "refused"; readonly text: string; readonly partly?: boolean };

/** A named person's yes to one intent; or two people's. */
export interface Approval {
  readonly incidentId: string;
  readonly stepId: string;
  readonly by: string;
  readonly second?: string;
  /** Why it was done against the rules, as the person wrote it. */
  readonly breakGlass?: string;
  readonly at: Instant;
  readonly intent: Intent;
}
