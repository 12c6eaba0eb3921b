import type { Incident } from "./incident.ts";

/** How bad an incident is, least first: what routes go by. */
export const severities = ["low", "medium", "high"] as const;
export type Severity = (typeof severities)[number];

/** Who is to be called: a Slack id of a person or user group, or whoever a schedule names at that moment. */
export type Callee =
  | { readonly kind: "slack"; readonly id: string }
  /** On-calls of PagerDuty, of a schedule or an escalation policy; with `level` only those who stand on it. */
  | { readonly kind: "pagerduty"; readonly schedule?: string; readonly policy?: string; readonly level?: number }
  /** A schedule of Opsgenie, by its name or id. */
  | { readonly kind: "opsgenie"; readonly schedule: string };

/** Where incidents that fit are told. Names may hold `*`. */
export interface Route {
  /** How it is called in answers. */
  readonly name: string;
  readonly clusters: readonly string[];
  readonly namespaces: readonly string[];
  readonly workloads: readonly string[];
  /** Absent: of any team, or of none. */
  readonly teams?: readonly string[];
  readonly severities: readonly Severity[];
  /** Slack id. */
  readonly channel: string;
  /** Absent: as everywhere else. */
  readonly onCall?: readonly Callee[];
  readonly escalation?: readonly Callee[];
}

/** What the configuration says of who is told. */
export interface TellSettings {
  /** In order: the first that fits decides. */
  readonly routes: readonly Route[];
  /** Where none fits. */
  readonly channel: string;
  readonly onCall: readonly Callee[];
  readonly escalation: readonly Callee[];
  /** GitHub login or e-mail address, in lower case, to Slack user id. */
  readonly people: Readonly<Record<string, string>>;
  /** An owner as CODEOWNERS writes it, in lower case without `@` in front, to the Slack id of a user group, channel or person. */
  readonly owners: Readonly<Record<string, string>>;
  /** People and groups that one message calls at most. */
  readonly mostCalls: number;
}

/** Somebody as a message names them: by a Slack id, which calls people and groups; or plainly. */
export interface Named {
  readonly id?: string;
  /** Foreign text. */
  readonly name: string;
}

/** Where an incident is told, and who was called by its first message. Decided once and kept, whatever the configuration says later. */
export interface Told {
  readonly channel: string;
  /** The route that said so; absent: none fitted. */
  readonly route?: string;
  readonly severity: Severity;
  readonly onCall: readonly Named[];
  /** A sentence, where nobody could be found out. */
  readonly onCallNote?: string;
  /** Of the suspect that was named first. */
  readonly author?: Named & { readonly suspect: string };
  readonly owners: readonly Named[];
  /** Who is called by later messages. */
  readonly later: { readonly onCall: readonly Callee[]; readonly escalation: readonly Callee[] };
}

/** Told in one channel, and nobody is called. */
export function toldIn(channel: string): Told {
  return { channel, severity: "medium", onCall: [], owners: [], later: { onCall: [], escalation: [] } };
}

/** What routes look at. */
export interface Subject {
  readonly workload: Pick<Incident["workload"], "cluster" | "namespace" | "name">;
  /** Teams whose it is; those of its annotation, else of CODEOWNERS. */
  readonly teams: readonly string[];
  readonly severity: Severity;
}
