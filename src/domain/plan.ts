import type { Instant } from "./workload.ts";
import type { Intent } from "./intent.ts";

/** Every kind of step, in the order in which people think of them. */
export const stepKinds = [
  "cap",
  "migrate",
  "rollback",
  "verify",
  "lower",
  "drain",
  "restore",
  "scale",
  "pause",
  "resume",
  "restart",
  "cordon",
  "uncordon",
] as const;

export type StepKind = (typeof stepKinds)[number];

/** What people call it. At most 24 characters: a modal's title. */
export const stepName: Readonly<Record<StepKind, string>> = {
  cap: "Cap",
  migrate: "Down-migration",
  rollback: "Roll back",
  verify: "Verify",
  lower: "Lower the ceiling",
  drain: "Scale down nodes",
  restore: "Give the ceiling back",
  scale: "Set the count",
  pause: "Hold the rollout",
  resume: "Let the rollout go on",
  restart: "Restart all pods",
  cordon: "Cordon the new nodes",
  uncordon: "Uncordon the nodes",
};

/** What people call this step: what takes one back is called after it. At most 24 characters. */
export function nameOf({ id, kind }: Pick<Step, "id" | "kind">): string {
  const names: Readonly<Record<string, string>> = { "undo-rollback": "Undo the rollback", "undo-scale": "Undo the new count" };
  return names[id] ?? stepName[kind];
}

/** A step that changes something; `verify` only looks. */
export type ActKind = Exclude<StepKind, "verify">;

/**
 * - `waiting`: its gate is closed (`waitingFor` says why).
 * - `ready`: may be pressed.
 * - `running`: approved, not yet read back; or, of `verify`, holding.
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
  /** Beside the ordered plan: takes back a step that was done, or is another act that may be wanted. */
  readonly aside?: "undo" | "other";
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
  /** While it runs: the moment of the act before. Every answer to a later yes is this run's. */
  readonly before?: Instant;
  /** A sentence: what happened. */
  readonly outcome?: string;
  /** What was done, once it was: undo is made from it. */
  readonly did?: Intent;
  /** Replicas that quotas would have let run at most when it was done. */
  readonly quotaMost?: number;
  /** What was foretold when it was done, and what was seen since. */
  readonly forecast?: Forecast;
  readonly seen?: Seen;
  /** Whether it helped, once that can be said. */
  readonly helped?: Help;
}

/** Its last act was done; also where it may be pressed again since, or makes no sense any more. */
export function wasDone({ state, did, outcome }: Step): boolean {
  if (state === "done") return true;
  return state !== "running" && state !== "failed" && did !== undefined && outcome !== undefined;
}

/** What became of an act. */
export interface Help {
  readonly at: Instant;
  readonly ok: boolean;
  /** A sentence. */
  readonly text: string;
}

/** What a rollout will do on its way, before it is well. Absent: not known. */
export interface Forecast {
  readonly at: Instant;
  /** Replicas wanted when it was foretold. */
  readonly replicas: number;
  /** Pods at most, those that are replaced included. */
  readonly mostPods?: number;
  /** Ready pods at least. */
  readonly leastReady?: number;
  /** Nodes that are bought for the way, at most. */
  readonly addedNodes?: number;
  /** Until all pods are replaced. */
  readonly seconds?: number;
}

/** What a rollout did on its way, as it was seen every few seconds. */
export interface Seen {
  readonly mostPods: number;
  readonly leastReady: number;
  readonly addedNodes: number;
  /** Absent: not complete yet. */
  readonly seconds?: number;
}

/** The first of two people has said yes. */
export interface FirstYes {
  /** Slack user id. */
  readonly by: string;
  readonly at: Instant;
  readonly intent: Intent;
  /** By `serve`, over all of this and the step's id: Ed25519, base64. Without it a yes counts for nothing. */
  readonly signature?: string;
}

/** A first yes waits so long for the second, ms. */
export const FIRST_YES_MS = 15 * 60_000;
