import type { Instant, Preempted } from "#domain/workload.ts";
import type { PodState } from "./pod-state.ts";

/** A loss so long ago tells nothing about now. */
const KEPT_MS = 30 * 60_000;
/** More than so many pods of one owner need not be told apart. */
const KEPT = 5_000;

/** Remembers when pods were preempted, by owner, after the pods are gone. */
export interface PodLosses {
  /** A pod's state moved; it is counted once, when it is first seen to be preempted. */
  note(next: PodState, old: PodState | undefined): void;
  /** What these owners lost in the 30 minutes before a moment. */
  find(owners: Iterable<string>, now: Instant): Preempted | undefined;
  forget(owner: string): void;
}

/** Knows of none. */
export function createPodLosses(): PodLosses {
  const lost = new Map<string, Instant[]>();
  return {
    note: ({ ownerUid, preemptedAt }, old) => {
      if (ownerUid === undefined || preemptedAt === undefined || old?.preemptedAt !== undefined) return;
      const moments = (lost.get(ownerUid) ?? []).filter((at) => at > preemptedAt - KEPT_MS).slice(1 - KEPT);
      lost.set(ownerUid, [...moments, preemptedAt]);
    },
    find: (owners, now) => {
      const moments = [...owners].flatMap((owner) => lost.get(owner) ?? []).filter((at) => at > now - KEPT_MS);
      if (moments.length === 0) return undefined;
      return { pods: moments.length, firstAt: Math.min(...moments), lastAt: Math.max(...moments) };
    },
    forget: (owner) => void lost.delete(owner),
  };
}
