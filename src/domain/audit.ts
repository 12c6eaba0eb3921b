import type { Instant } from "./workload.ts";

/** A request that we sent to an API server, as its answer came. */
export interface ApiCall {
  /** `PATCH`, `POST`... */
  readonly method: string;
  /** Without the server's address. */
  readonly path: string;
  /** HTTP status of the answer; absent: none came. */
  readonly status?: number;
  readonly dryRun: boolean;
}

/** What a look or an act sent, beside its result. */
export interface Called {
  /** Of very many the first and the last. */
  readonly calls?: readonly ApiCall[];
  /** How many there were, where not all are listed. */
  readonly callsInAll?: number;
}

/** What happened. */
export type AuditWhat =
  | "proposed"
  | "previewed"
  | "refused"
  | "approved"
  | "broke-glass"
  | "done"
  | "failed"
  | "interrupted"
  | "checked"
  | "judged"
  | "expected"
  | "silenced"
  | "stopped"
  | "resumed";

/** Who did what on what, and what came of it. */
export interface AuditEntry extends Called {
  /** Natural id of what may be told again by a job that runs twice; a repeat is no second record. Absent: each time is another time. */
  readonly key?: string;
  readonly at: Instant;
  readonly what: AuditWhat;
  /** Slack user id; two, with a comma between, where it took two; `k8s-why` itself; or the command line. */
  readonly by: string;
  readonly incidentId: string;
  readonly stepId: string;
  /** Key of the workload. */
  readonly on?: string;
  /** Foreign text. */
  readonly text: string;
}

/** An entry in the chain. */
export interface AuditRecord extends AuditEntry {
  /** From 1 on, without gaps. */
  readonly seq: number;
  /** Hash of the record before; empty for the first. */
  readonly previous: string;
  /** SHA-256, 64 hex digits, of all other fields as JSON with sorted keys. */
  readonly hash: string;
}

/** The newest record, in short: who knows it can tell whether anything before it was changed. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}
