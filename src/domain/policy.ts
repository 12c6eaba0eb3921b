import { type ActKind, stepKinds } from "./plan.ts";
import type { WorkloadRef } from "./workload.ts";

/** What somebody may be allowed to do. */
export type Verb = ActKind;

/** Every verb there is. */
export const verbs: readonly Verb[] = stepKinds.filter((kind) => kind !== "verify");

/** Who a person is in Slack. Only members may ever act. */
export interface Person {
  /** Slack user id. */
  readonly id: string;
  readonly kind: "member" | "guest" | "bot" | "deactivated" | "foreign";
  /** As Slack shows it: foreign text. */
  readonly name?: string;
  /** Verified by Slack, lower case. */
  readonly email?: string;
  /** Ids of the user groups of the policy that they are in. */
  readonly groups: readonly string[];
}

/** Allows verbs on workloads to people. Names are globs: `*` stands for any characters. */
export interface Rule {
  readonly name: string;
  readonly allow: readonly (Verb | "*")[];
  readonly clusters: readonly string[];
  readonly namespaces: readonly string[];
  readonly workloads: readonly string[];
  readonly users: readonly string[];
  readonly groups: readonly string[];
  /** Of verified e-mail addresses, lower case. */
  readonly domains: readonly string[];
  /** People that must approve; absent: as many as the act asks for by itself. */
  readonly approvals?: 1 | 2;
}

/** Who may do what. Nothing is allowed but by a rule; the first rule that fits decides. */
export interface Policy {
  readonly rules: readonly Rule[];
  /** Slack user ids that may go past the rules, with a written reason, in front of everybody; never past guardrails. */
  readonly breakGlass: readonly string[];
  /** Nothing in these namespaces is ever touched. */
  readonly protectedNamespaces: readonly string[];
}

/** What is asked of a policy. */
export interface Deed {
  readonly verb: Verb;
  readonly workload: Pick<WorkloadRef, "cluster" | "namespace" | "name">;
  /** Is it known that the code may go back without more ado? Counts for a rollback only. */
  readonly isSafe: boolean;
}

/** What a policy says, and which rule said it. */
export type Judgement =
  | { readonly kind: "allowed"; readonly approvals: 1 | 2; readonly rule: string; readonly why: string }
  | { readonly kind: "denied"; readonly why: string };

/** All acts are off until somebody says "go". */
export interface Stop {
  /** Slack user id. */
  readonly by: string;
  readonly at: number;
  /** Foreign text, one line. */
  readonly reason?: string;
}
