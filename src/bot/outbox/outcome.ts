import type { LaneItem, LaneState, Settlement, Shown } from "#domain/ports/outbox.ts";
import { type Pace, afterCall, blockedUntil } from "./pace.ts";
import { backoffMs } from "#lib/backoff.ts";

/** What came of one turn at Slack. */
export type Outcome =
  /** It stands there as it should. `inDoubt`: perhaps twice. */
  | { readonly kind: "shown"; readonly shown: Shown; readonly inDoubt: boolean }
  /** An earlier try had worked; what it shows may be old. */
  | { readonly kind: "found"; readonly shown: Shown }
  /** Nothing was left to do. */
  | { readonly kind: "idle" }
  /** Not now. `inDoubt`: it may have worked. */
  | { readonly kind: "later"; readonly afterMs?: number; readonly inDoubt: boolean; readonly reason: string }
  /** Slack takes nothing in this channel. */
  | { readonly kind: "ill"; readonly reason: string }
  /** Somebody deleted the message. */
  | { readonly kind: "gone"; readonly shown: Shown }
  /** It makes no sense any more. */
  | { readonly kind: "moot"; readonly reason: string }
  /** Slack does not want this one. */
  | { readonly kind: "refused"; readonly reason: string };

/** A message that failed so often lets the others of its lane pass. */
const patience = 5;
/** So often Slack may answer with a word that we do not know. */
const mostRefusals = 3;

interface Around {
  readonly pace: Pace;
  readonly now: number;
  readonly random: () => number;
}

/** What is written down after a turn. Pure. */
export function settlementOf(item: LaneItem, version: number, outcome: Outcome, state: LaneState, around: Around): Settlement {
  const base = { item, version, next: item, state: paced(item, withoutIll(state), around) };
  switch (outcome.kind) {
    case "shown":
      return {
        ...base,
        what: "done",
        shown: outcome.shown,
        next: asEdit(item, around.now),
        ...sweepOf(item, outcome.inDoubt, around),
      };
    case "found":
      return { ...base, what: "kept", shown: outcome.shown, next: asEdit(item, 0), ...sweepOf(item, true, around) };
    case "idle":
      return { ...base, what: item.kind === "sweep" ? "dropped" : "done", state };
    case "moot":
      return { ...base, what: "dropped", state };
    case "gone":
      return { ...base, what: "dropped", shown: { ...outcome.shown, gone: true } };
    case "later":
      return { ...base, what: "kept", ...waiting(item, outcome, paced(item, state, around), around) };
    case "ill":
      return { ...base, what: "kept", state: illState(state, outcome.reason, around) };
    case "refused":
      return { ...base, ...refused(item, state, around) };
  }
}

/** A word that we do not know may pass; for good it must not hold up the lane. */
function refused(item: LaneItem, state: LaneState, around: Around): Pick<Settlement, "what" | "next" | "state"> {
  if (item.attempts + 1 >= mostRefusals) return { what: "dropped", next: item, state: paced(item, state, around) };
  return { what: "kept", ...waiting(item, { inDoubt: false }, paced(item, state, around), around) };
}

function asEdit(item: LaneItem, shownAt: number): LaneItem {
  return { ...item, shownAt, tried: false, attempts: 0, notBefore: 0 };
}

function withoutIll({ postsAt, editsAt }: LaneState): LaneState {
  return { postsAt, editsAt };
}

/** The state after one call. */
function paced({ kind, shownAt }: LaneItem, state: LaneState, { pace, now }: Around): LaneState {
  if (kind === "sweep") return state;
  return shownAt === undefined
    ? { ...state, postsAt: afterCall(state.postsAt, pace.postEveryMs, now) }
    : { ...state, editsAt: afterCall(state.editsAt, pace.editEveryMs, now) };
}

/** "Not now" holds up the lane, so that its order stays; a message that failed often lets the others pass. */
function waiting(
  item: LaneItem,
  { inDoubt, afterMs }: { inDoubt: boolean; afterMs?: number },
  state: LaneState,
  { pace, now, random }: Around,
): { next: LaneItem; state: LaneState } {
  const until = now + (afterMs ?? backoffMs(item.attempts, { baseMs: pace.retryMs, maxMs: pace.mostRetryMs, random }));
  const next = { ...item, tried: item.tried || inDoubt, attempts: item.attempts + (afterMs === undefined ? 1 : 0) };
  const alone = item.kind === "sweep" || (afterMs === undefined && item.attempts >= patience);
  if (alone) return { next: { ...next, notBefore: until }, state };
  return { next, state: blocked(item, state, until, pace) };
}

function blocked({ shownAt }: LaneItem, state: LaneState, until: number, pace: Pace): LaneState {
  return shownAt === undefined
    ? { ...state, postsAt: blockedUntil(state.postsAt, pace.postEveryMs, pace.postBurst, until) }
    : { ...state, editsAt: blockedUntil(state.editsAt, pace.editEveryMs, pace.editBurst, until) };
}

function illState(state: LaneState, reason: string, { pace, now, random }: Around): LaneState {
  const probes = (state.ill?.probes ?? 0) + 1;
  const wait = backoffMs(probes - 1, { baseMs: pace.probeMs, maxMs: pace.mostProbeMs, random });
  return { ...state, ill: { reason, since: state.ill?.since ?? now, probes, probeAt: now + wait } };
}

function sweepOf(item: LaneItem, inDoubt: boolean, { pace, now }: Around): { sweep?: LaneItem } {
  if (!inDoubt || item.kind === "sweep") return {};
  return { sweep: { ...item, kind: "sweep", tried: false, attempts: 0, notBefore: now + pace.sweepAfterMs } };
}
