import type { IllnessKind } from "#domain/illness.ts";
import type { Instant, WorkloadState } from "#domain/workload.ts";

/** A value from a moment on. */
export type Mark = readonly [Instant, number];

/** What the rules for one workload look at. */
export interface Facts {
  readonly at: Instant;
  readonly state: WorkloadState;
  /** When the newest rollout began, if one was seen. */
  readonly rolloutAt?: Instant;
  /** When the rollout last came nearer to its end, or the template changed. */
  readonly progressAt: Instant;
  /** Restarts and kills for memory within the last ten minutes, and since when these are counted. */
  readonly restarts: number;
  readonly memoryKills: number;
  readonly countedSince: Instant;
  /** Restarts in the ten minutes before the newest template was first seen. */
  readonly restartsBefore: number;
  /** Seconds a request before the newest rollout and now, where they can be compared. */
  readonly latency?: { readonly before: number; readonly now: number };
  /** Counts that the autoscaler asked for in the last hour, oldest first. */
  readonly counts: readonly Mark[];
}

/** A sign of an illness at this moment; a person hears of it once it has held. */
export interface Symptom {
  readonly kind: IllnessKind;
  readonly value: number;
  readonly usual: number;
  readonly text: string;
  /** When it began, where that was before it could be seen. */
  readonly beganAt?: Instant;
  /** Must hold for so long before it is told, ms. */
  readonly holdMs: number;
}

/** One rule: looks at the facts, and says what it sees or nothing. */
export type Rule<F> = (facts: F) => Symptom | undefined;

const MINUTE = 60_000;
/** Trouble within so long after a rollout is taken for the rollout's. */
const RECENT_MS = 60 * MINUTE;

/** Did a rollout begin within the last hour? */
export function isRecent({ at, rolloutAt }: Pick<Facts, "at" | "rolloutAt">): boolean {
  return rolloutAt !== undefined && at - rolloutAt <= RECENT_MS;
}

/** `Revision 12`, or where the number is not known `The current revision`. */
export function revisionName({ revision }: Pick<WorkloadState, "revision">): string {
  return revision === undefined ? "The current revision" : `Revision ${revision}`;
}

/** Foreign text in a sentence: one line, cut. */
export function quoted(message: string, most = 160): string {
  const line = message.replace(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
