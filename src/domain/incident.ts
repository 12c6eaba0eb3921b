import type { AuditEntry } from "./audit.ts";
import type { Said } from "./verdict.ts";
import type { Alert, Spike, Trouble } from "./spike.ts";
import type { Diagnosis } from "./diagnosis.ts";
import type { Step } from "./plan.ts";
import type { Illness } from "./illness.ts";
import type { Telling } from "./quiet.ts";
import type { Instant, SubjectRef, WorkloadKey } from "./workload.ts";

/**
 * Of a runaway (of the other troubles: docs/adr/0004):
 * - `open`: it grows.
 * - `mitigated`: `spec.replicas` has stopped rising.
 * - `recovered`: ready on the intended revision, cost, latency and CPU within 1.5 times usual, and few errors and restarts, for 5 minutes.
 * - `settled`: replicas and nodes within 25 % of usual for 5 minutes; closed.
 */
export type IncidentStatus = "open" | "mitigated" | "recovered" | "settled";

/** Normal, measured before the climb. Absent where nobody could say. */
export interface Usual {
  readonly replicas: number;
  /** Highest count in the known past. */
  readonly peakReplicas: number;
  readonly nodes?: number;
  readonly requestsPerSecond?: number;
  readonly latencySeconds?: number;
  /** Of 1: requests that failed. */
  readonly errorShare?: number;
  readonly cpuCores?: number;
  /** CPU seconds a request. */
  readonly costPerRequest?: number;
  readonly basis: Spike["basis"];
}

/** How it stands at a moment. */
export interface Situation {
  readonly at: Instant;
  /** When the agent last told of the workload: what it says is no newer. */
  readonly readAt?: Instant;
  readonly desired: number;
  readonly ready: number;
  readonly total: number;
  readonly updated: number;
  readonly revision?: number;
  readonly templateHash?: string;
  /** Its rollout is held. */
  readonly paused?: boolean;
  readonly ceiling?: number;
  /** The autoscaler says that it stands at its ceiling. */
  readonly atCeiling?: boolean;
  /** The count that its metrics ask for, not clamped. */
  readonly wanted?: number;
  readonly nodes: number;
  readonly pendingPods: number;
  readonly requestsPerSecond?: number;
  readonly latencySeconds?: number;
  /** Of 1: requests that failed. */
  readonly errorShare?: number;
  readonly cpuCores?: number;
  readonly costPerRequest?: number;
  /** When the ceiling is reached if it goes on like this. */
  readonly ceilingAt?: Instant;
}

/** The highest that was seen of each; absent: never seen. */
export interface Peak {
  readonly replicas: number;
  readonly nodes: number;
  readonly requestsPerSecond?: number;
  readonly latencySeconds?: number;
  /** CPU seconds a request. */
  readonly costPerRequest?: number;
}

export type TimelineKind =
  | "alert"
  | "illness"
  | "landing"
  | "rollout"
  | "scaling"
  | "autoscaler"
  | "config-edit"
  | "reported"
  | "replicas"
  | "nodes"
  | "act"
  | "state";

export interface TimelineEntry {
  /** Natural, so that a repeat is no second entry. */
  readonly id: string;
  readonly at: Instant;
  readonly kind: TimelineKind;
  /** Plain text, not escaped: the mouth escapes. */
  readonly text: string;
  /** The same in a few words, for the picture. */
  readonly short?: string;
}

/** The picture that the headline shows. */
export interface Picture {
  /** Slack's id. */
  readonly fileId: string;
  /** What it shows, in words; at most 2,000 characters. */
  readonly alt: string;
  readonly drawnAt: Instant;
}

/** The record of one spike, from opening to closing. */
export interface Incident {
  readonly id: string;
  /** Rises by one with each write; writes are compare-and-set on it. */
  readonly version: number;
  readonly workload: SubjectRef;
  readonly key: WorkloadKey;
  readonly status: IncidentStatus;
  readonly openedAt: Instant;
  /** What it was opened for; a runaway takes the first place when it joins. */
  readonly spike: Spike;
  /** Troubles of the same workload that joined, oldest first. */
  readonly also?: readonly Spike[];
  /** What was seen to be wrong at the last look. */
  readonly illnesses?: readonly Illness[];
  readonly usual: Usual;
  readonly now: Situation;
  /** Where it was seen to suffer, at the last look that saw it. */
  readonly suffers?: Suffers;
  /** The highest that was seen. */
  readonly peak: Peak;
  readonly diagnosis?: Diagnosis;
  readonly plan: readonly Step[];
  /** What people said of its suspects afterwards, oldest first. */
  readonly said?: readonly Said[];
  readonly picture?: Picture;
  readonly alerts: readonly Alert[];
  readonly timeline: readonly TimelineEntry[];
  /** What has changed and is not in the audit stream yet. */
  readonly unrecorded?: readonly AuditEntry[];
  /** When the condition for the next status began to hold, if it holds. */
  readonly holdingSince?: Instant;
  /** How the count was moving when somebody first acted on it. */
  readonly course?: Course;
  /** How it is told; absent: it was not told yet, or by an older version of us. */
  readonly telling?: Telling;
  readonly lastRiseAt: Instant;
  /** When a change was first named as the suspect. */
  readonly namedAt?: Instant;
  readonly mitigatedAt?: Instant;
  readonly recoveredAt?: Instant;
  readonly settledAt?: Instant;
}

/** What of the cluster it suffers from, or with. Foreign names. */
export interface Suffers {
  /** Node pools that hold at least half of the nodes on which its pods are not well. */
  readonly pools: readonly string[];
  /** Quotas that refuse its pods, `namespace/name`. */
  readonly quotas: readonly string[];
}

/** Where a count was going: what an estimate of "without the act" is made from. */
export interface Course {
  readonly at: Instant;
  readonly replicas: number;
  /** Of the 10 minutes before. */
  readonly perMinute: number;
  /** It could not have gone higher: the ceiling of then, or less where a quota stands in the way. */
  readonly most?: number;
}

/** What an incident is about first of all. */
export function leadOf({ spike }: Pick<Incident, "spike">): Trouble {
  return spike.trouble ?? "runaway";
}

/** All its troubles, the first one first. */
export function troublesOf({ spike, also = [] }: Pick<Incident, "spike" | "also">): Trouble[] {
  return [...new Set([spike, ...also].map((one) => one.trouble ?? "runaway"))];
}
