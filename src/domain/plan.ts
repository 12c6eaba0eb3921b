import type { Instant, WorkloadRef } from "./workload.ts";

export type StepKind = "cap" | "rollback" | "drain";

/**
 * - `waiting`: its gate is closed (`waitingFor` says why).
 * - `ready`: may be pressed.
 * - `running`: approved, not yet read back.
 * - `done`, `failed`: read back. A failed step may be pressed again.
 * - `needless`: nothing to do, e.g. no node was added.
 */
export type StepState = "waiting" | "ready" | "running" | "done" | "failed" | "needless";

/** One remediation of an incident's plan. */
export interface Step {
  /** Stable within the incident; also the claim's name. */
  readonly id: string;
  readonly kind: StepKind;
  readonly state: StepState;
  /** A sentence: what it does. */
  readonly summary: string;
  readonly waitingFor?: string;
  /** Slack user id of who approved, and of who approved as the second. */
  readonly by?: string;
  readonly second?: string;
  /** Why it was done against the rules. Foreign text. */
  readonly breakGlass?: string;
  /** A yes that waits for another person's. */
  readonly firstYes?: FirstYes;
  readonly at?: Instant;
  /** A sentence: what happened. */
  readonly outcome?: string;
}

/** What a step will do to what: identities and the values that this step changes or relies on. Counts are not part of it. */
export type Intent = CapIntent | RollbackIntent | DrainIntent;

export interface CapIntent {
  readonly kind: "cap";
  readonly workload: WorkloadRef;
  readonly autoscaler: string;
  readonly autoscalerUid: string;
  readonly fromMax: number;
  readonly toMax: number;
}

export interface RollbackIntent {
  readonly kind: "rollback";
  readonly workload: WorkloadRef;
  readonly uid: string;
  readonly fromRevision: number;
  readonly fromTemplateHash: string;
  readonly toRevision: number;
  readonly toTemplateHash: string;
}

export interface DrainIntent {
  readonly kind: "drain";
  readonly cluster: string;
  /** Nodes born in the spike, youngest first. */
  readonly nodes: readonly { readonly name: string; readonly uid: string }[];
}

/** What an agent is asked to look at. Everything else it reads itself. */
export interface StepOrder {
  readonly incidentId: string;
  readonly stepId: string;
  readonly kind: StepKind;
  readonly workload: WorkloadRef;
  /** Cap: never below this, the usual peak times a margin. */
  readonly capFloor?: number;
  /** Rollback: where to. */
  readonly revision?: number;
  readonly revisionTemplateHash?: string;
  /** Drain: nodes created at or after this moment, and keep at least so many nodes. */
  readonly bornSince?: Instant;
  readonly keepNodes?: number;
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
}

/** A no, or the preview. */
export type PreviewResult =
  | { readonly kind: "preview"; readonly preview: Preview }
  | { readonly kind: "already-done"; readonly text: string }
  | { readonly kind: "refused"; readonly text: string };

export type ActResult =
  | { readonly kind: "done"; readonly text: string }
  | { readonly kind: "already-done"; readonly text: string }
  /** The state moved since it was shown: show it again. */
  | { readonly kind: "stale"; readonly text: string }
  | { readonly kind: "refused"; readonly text: string };

/** The first of two people has said yes. */
export interface FirstYes {
  /** Slack user id. */
  readonly by: string;
  readonly at: Instant;
  readonly intent: Intent;
}

/** A first yes waits so long for the second, ms. */
export const FIRST_YES_MS = 15 * 60_000;

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
