import type { LaneItem, LaneState } from "#domain/ports/outbox.ts";
import { type Pace, openAt } from "./pace.ts";

/** What to do in a lane now. */
export type Next =
  | { readonly kind: "take"; readonly item: LaneItem }
  /** It has waited too long to be news. */
  | { readonly kind: "expire"; readonly item: LaneItem }
  /** Until when nothing can be done; without `until`, the lane is empty. */
  | { readonly kind: "wait"; readonly until?: number };

const keepMs = 24 * 3_600_000;

/**
 * The next item of a lane: new messages before replies, replies before edits, each in the order of saying; so a new headline waits
 * behind other new headlines only. A reply waits for what it replies to.
 */
export function nextOf(items: readonly LaneItem[], state: LaneState, pace: Pace, now: number): Next {
  const old = items.find(({ at }) => now - at > keepMs);
  if (old) return { kind: "expire", item: old };
  const ready = items.filter((item) => !waitsForParent(item, items)).toSorted((a, b) => rankOf(a) - rankOf(b) || a.seq - b.seq);
  if (ready.length === 0) return idle(state, now);
  const due = ready.map((item) => ({ item, at: dueAt(item, state, pace) }));
  const first = due.find(({ at }) => at <= now);
  return first ? { kind: "take", item: first.item } : { kind: "wait", until: Math.min(...due.map(({ at }) => at)) };
}

/** An empty lane is remembered until its buckets are full again. */
function idle({ postsAt, editsAt }: LaneState, now: number): Next {
  const until = Math.max(postsAt, editsAt);
  return { kind: "wait", ...(until > now ? { until } : {}) };
}

function rankOf({ kind, shownAt, thread }: LaneItem): number {
  if (kind === "sweep") return 3;
  if (shownAt !== undefined) return 2;
  return thread === undefined ? 0 : 1;
}

function waitsForParent({ kind, about, thread, shownAt }: LaneItem, items: readonly LaneItem[]): boolean {
  if (kind === "sweep" || thread === undefined || shownAt !== undefined) return false;
  return items.some((other) => other.about === about && other.part === thread && isNew(other));
}

function isNew({ kind, shownAt }: LaneItem): boolean {
  return kind === "message" && shownAt === undefined;
}

function dueAt(item: LaneItem, { ill, postsAt, editsAt }: LaneState, pace: Pace): number {
  const after = Math.max(item.notBefore, ill?.probeAt ?? 0);
  if (item.kind === "sweep") return after;
  if (isNew(item)) return Math.max(after, openAt(postsAt, pace.postEveryMs, pace.postBurst));
  return Math.max(after, openAt(editsAt, pace.editEveryMs, pace.editBurst), (item.shownAt ?? 0) + pace.sameMessageMs);
}
