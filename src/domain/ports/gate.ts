import type { ActKind } from "#domain/plan.ts";
import type { Identity } from "#domain/identity.ts";
import type { Instant, WorkloadKey, WorkloadRef } from "#domain/workload.ts";
import type { StepDocument } from "#domain/signed-step.ts";

/** A document that an agent carries out, or has carried out. */
export interface NonceEntry {
  readonly nonce: string;
  /** Of the whole document. */
  readonly digest: string;
  readonly workload: WorkloadKey;
  /** It is remembered until then. */
  readonly until: Instant;
}

/**
 * - `begun`: nobody has used it.
 * - `again`: it was begun and not ended: whoever had it was killed.
 * - `over`: the same, but its time is up.
 * - `used`: it has ended, or another document has the same nonce.
 * - `busy`: another document is under way for the workload.
 */
export type Begun = "begun" | "again" | "over" | "used" | "busy";

/** What the agent's own cluster remembers of documents. Verbs throw where it cannot. */
export interface NoncePort {
  /** `onlyAgain`: it may not begin any more; what was begun in its time may go on. */
  beginStep(entry: NonceEntry, onlyAgain: boolean): Promise<Begun | "late">;
  endStep(nonce: string): Promise<void>;
}

/** Is a document what was signed? */
export type VerifyStep = (document: StepDocument, signature: string) => boolean;

/** Why Kubernetes does not let a person do that by themselves; undefined: it does. Throws where it cannot be asked. */
export type WhyPersonMayNot = (identity: Identity, kind: ActKind, workload: WorkloadRef) => Promise<string | undefined>;
