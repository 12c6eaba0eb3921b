import type { Illness } from "#domain/illness.ts";
import type { Instant, WorkloadState } from "#domain/workload.ts";
import { flapping, noMetrics } from "./autoscaler.ts";
import type { Facts, Mark, Rule } from "./facts.ts";
import { type Followed, type HeldSymptoms, follow, heldFrom } from "./follow.ts";
import { badConfiguration, crashLoop, imagePull, outOfMemory } from "./pods.ts";
import { slower } from "./slower.ts";
import { cannotCreate, neverReady, restarting } from "./stuck.ts";

/** What is remembered of a workload between two looks. Plain data, a few hundred bytes. */
export interface WorkloadMemory {
  readonly held: HeldSymptoms;
  readonly templateHash?: string;
  readonly progressAt: Instant;
  readonly ready: number;
  readonly updated: number;
  /** It was ready once: from then on what is wrong with it is news. */
  readonly ran: boolean;
  /** Restarts and kills for memory so far, of the last ten minutes. */
  readonly restarts: readonly Mark[];
  readonly memoryKills: readonly Mark[];
  readonly restartsBefore: number;
  /** Counts asked for, of the last hour. */
  readonly counts: readonly Mark[];
}

const MINUTE = 60_000;
const WINDOW_MS = 10 * MINUTE;
const COUNTS_MS = 60 * MINUTE;
const MOST_MARKS = 200;

const NONE = { restarts: 0, memoryKills: 0 };

const rules: readonly Rule<Facts>[] = [
  crashLoop,
  outOfMemory,
  imagePull,
  badConfiguration,
  cannotCreate,
  neverReady,
  restarting,
  slower,
  noMetrics,
  flapping,
];

/** Begins to remember; `told` is what was told before a restart. */
export function rememberWorkload(state: WorkloadState, told: readonly Illness[], at: Instant): WorkloadMemory {
  return {
    held: heldFrom(told, at),
    templateHash: state.templateHash,
    progressAt: at,
    ready: state.ready,
    updated: state.updated,
    ran: state.ready > 0 || (state.revision ?? 1) > 1 || told.length > 0,
    restarts: [[at, state.pods?.restarts ?? 0]],
    memoryKills: [[at, state.pods?.memoryKills ?? 0]],
    restartsBefore: 0,
    counts: [[at, state.desired]],
  };
}

/**
 * Looks at a workload: what is wrong with it, and what of that is news. A first launch that never was ready is silent: nothing that
 * ran is hurt, and who launches it is watching.
 */
export function lookAtWorkload(
  known: WorkloadMemory,
  state: WorkloadState,
  { at, rolloutAt, latency }: Pick<Facts, "at" | "rolloutAt" | "latency">,
): Followed & { readonly memory: WorkloadMemory } {
  const memory = advance(known, state, at);
  const facts: Facts = {
    at,
    state,
    // The launch changed nothing that ran before.
    rolloutAt: state.revision === 1 ? undefined : rolloutAt,
    progressAt: memory.progressAt,
    restarts: rise(memory.restarts),
    memoryKills: rise(memory.memoryKills),
    countedSince: memory.restarts[0]?.[0] ?? at,
    restartsBefore: memory.restartsBefore,
    counts: memory.counts,
    latency,
  };
  const symptoms = memory.ran ? rules.flatMap((rule) => rule(facts) ?? []) : [];
  const followed = follow(memory.held, symptoms, at);
  return { ...followed, memory: { ...memory, held: followed.held } };
}

/** Could time alone change what is said of it? Thousands of workloads are well, and nothing is heard of them. */
export function isWorthALook(
  { held }: WorkloadMemory,
  { pods, deadlineExceeded, cannotCreate, autoscaler }: WorkloadState,
): boolean {
  const isIll = pods !== undefined || deadlineExceeded === true || cannotCreate !== undefined;
  return isIll || autoscaler?.inactive !== undefined || Object.keys(held).length > 0;
}

function advance(known: WorkloadMemory, state: WorkloadState, at: Instant): WorkloadMemory {
  const isNew = state.templateHash !== known.templateHash;
  const moved = isNew || state.ready > known.ready || state.updated > known.updated;
  const { restarts: restarted, memoryKills: killed } = state.pods ?? NONE;
  // Another revision counts from its own beginning.
  const restarts = mark(isNew ? [] : known.restarts, at, restarted, WINDOW_MS);
  const memoryKills = mark(isNew ? [] : known.memoryKills, at, killed, WINDOW_MS);
  return {
    held: known.held,
    templateHash: state.templateHash,
    progressAt: moved ? at : known.progressAt,
    ready: state.ready,
    updated: state.updated,
    ran: known.ran || state.ready > 0,
    restarts,
    memoryKills,
    restartsBefore: isNew ? rise(known.restarts) : known.restartsBefore,
    counts: isSteady(state) ? mark(known.counts, at, state.desired, COUNTS_MS) : known.counts,
  };
}

/** An autoscaler counts surge pods: what it asks for during a rollout is no flapping. */
function isSteady({ total, desired, updated }: WorkloadState): boolean {
  return updated >= Math.min(total, desired);
}

/** Adds a mark where the value moved. What is older than the window is one mark at its beginning. */
function mark(known: readonly Mark[], at: Instant, value: number, windowMs: number): readonly Mark[] {
  const marks: readonly Mark[] = known.at(-1)?.[1] === value ? known : [...known, [at, value]];
  const from = marks.findLastIndex(([when]) => when <= at - windowMs);
  const inTime: readonly Mark[] = from < 0 ? marks : [[at - windowMs, marks[from]?.[1] ?? value], ...marks.slice(from + 1)];
  // The first one stays: rises are measured from it.
  return inTime.length > MOST_MARKS ? [...inTime.slice(0, 1), ...inTime.slice(2)] : inTime;
}

/** How much a counter rose; one that began anew (its pods are gone) counts from there. */
function rise(marks: readonly Mark[]): number {
  return marks.reduce((sum, [, value], index) => sum + Math.max(0, value - (marks[index - 1]?.[1] ?? value)), 0);
}
