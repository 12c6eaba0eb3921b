import type { CommitGuess, Rollout } from "#domain/change.ts";
import type { Instant, WorkloadKey } from "#domain/workload.ts";
import type { Delivery } from "./gitops-state.ts";

/** Gives rollouts that say nothing of their commit the one that Argo CD or Flux brought them with. */
export interface Deliveries {
  readonly take: (next: Delivery, old: Delivery | undefined) => void;
  /** The rollout, with its commits where a delivery of that time is known. */
  readonly complete: (rollout: Rollout) => Rollout;
}

interface Brought {
  readonly at: Instant;
  readonly commit: CommitGuess;
  readonly before?: CommitGuess;
}

/** A rollout and the word that it was delivered are so near each other; which comes first differs. */
const NEAR_MS = 5 * 60_000;
const KEPT_AT_MOST = 5_000;

/** Starts nothing. `tell` gets a rollout again, under the same id, when its delivery became known after it. */
export function createDeliveries(now: () => Instant, tell: (rollout: Rollout) => void): Deliveries {
  const brought = new Map<WorkloadKey, Brought>();
  const waiting = new Map<WorkloadKey, Rollout>();
  return {
    take: (next, old) => {
      const { commit } = next;
      // What stands there at the first look says nothing of when it came.
      if (!commit || !old || old.commit?.sha === commit.sha) return;
      const news: Brought = { at: now(), commit, ...(old.commit && { before: old.commit }) };
      for (const workload of next.workloads) {
        put(brought, workload, news);
        const rollout = waiting.get(workload);
        waiting.delete(workload);
        if (rollout && isNear(rollout, news)) tell(withCommits(rollout, news));
      }
    },
    complete: (rollout) => {
      if (rollout.commit) return rollout;
      const news = brought.get(rollout.workload);
      if (news && isNear(rollout, news)) return withCommits(rollout, news);
      put(waiting, rollout.workload, rollout);
      return rollout;
    },
  };
}

function isNear({ at }: Rollout, news: Brought): boolean {
  return Math.abs(at - news.at) <= NEAR_MS;
}

function withCommits(rollout: Rollout, { commit, before }: Brought): Rollout {
  const previousCommit = rollout.previousCommit ?? before;
  return { ...rollout, commit, ...(previousCommit && { previousCommit }) };
}

function put<T>(held: Map<string, T>, key: string, value: T): void {
  held.delete(key);
  held.set(key, value);
  const oldest = held.keys().next().value;
  if (held.size > KEPT_AT_MOST && oldest !== undefined) held.delete(oldest);
}
