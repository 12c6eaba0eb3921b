import type { Approval, StepOrder } from "./order.ts";
import type { Instant } from "./workload.ts";
import type { Person } from "./policy.ts";

/** What `serve` says was approved. An agent believes nothing that is not in it, and of it only what its own policy allows. */
export interface StepDocument {
  readonly cluster: string;
  /** Who said yes and when, and the intent with the uids of what it touches. */
  readonly approval: Approval;
  readonly order: StepOrder;
  /** Who they are, as Slack told `serve`: an agent cannot ask. In the order of the yeses. */
  readonly approvers: readonly Person[];
  readonly expiresAt: Instant;
  /** Used once. */
  readonly nonce: string;
}

/** The document with its signature. */
export interface SignedStep {
  readonly document: StepDocument;
  /** Ed25519, base64. */
  readonly signature: string;
}

/** An approval is good for so long after its last yes, ms. */
export const APPROVAL_MS = 15 * 60_000;

/** Clocks of `serve` and of an agent may differ by so much, ms. */
export const CLOCK_SKEW_MS = 10 * 60_000;
