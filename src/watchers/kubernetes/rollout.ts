import type { Rollout } from "#domain/change.ts";
import type { Instant, WorkloadKey } from "#domain/workload.ts";
import { findCommit } from "./commit-guess.ts";
import type { Revision } from "./revision.ts";

/** A revision of a workload beginning to run at a moment. `siblings` are all known revisions of it. Pure. */
export function toRollout(workload: WorkloadKey, revision: Revision, siblings: Iterable<Revision>, at: Instant): Rollout {
  const previous = findPrevious(revision, siblings);
  return {
    kind: "rollout",
    id: `rollout/${workload}/${revision.uid}/${revision.revision}`,
    at,
    workload,
    revision: revision.revision,
    images: revision.images,
    templateHash: revision.templateHash,
    previous: previous && {
      revision: previous.number,
      images: previous.revision.images,
      templateHash: previous.revision.templateHash,
    },
    commit: commitSince(revision, previous?.revision),
    previousCommit: previous && commitSince(previous.revision, revision),
  };
}

/**
 * What the history tells of the past: a revision began when its ReplicaSet was created. One that was taken up again (a rollback) ran
 * under its first number then, and began anew at an unknown moment: when its rollout last moved, if it is the current one, and no
 * sooner than the revision before it. Nothing from before `since`. Oldest first. Pure.
 */
export function toHistory(
  workload: WorkloadKey,
  revisions: readonly Revision[],
  about: { readonly since: Instant; readonly now: Instant; readonly current?: number; readonly progressedAt?: Instant },
): Rollout[] {
  const rollouts = revisions.flatMap((revision) => {
    const [first, ...later] = [...revision.earlier, revision.revision];
    const beginning = toRollout(workload, { ...revision, revision: first ?? revision.revision }, revisions, revision.createdAt);
    if (later.length === 0 && !isTakenUpAgain(revision, revisions)) return [beginning];
    const after = Math.max(
      revision.createdAt,
      ...revisions.filter((other) => other.revision < revision.revision).map((other) => other.createdAt + 1),
    );
    const moved = revision.revision === about.current ? (about.progressedAt ?? about.now) : after;
    const again = toRollout(workload, revision, revisions, Math.min(about.now, Math.max(after, moved)));
    return later.length > 0 ? [beginning, again] : [again];
  });
  return rollouts.filter(({ at }) => at >= about.since).sort((a, b) => a.at - b.at);
}

function isTakenUpAgain(revision: Revision, siblings: readonly Revision[]): boolean {
  return siblings.some((other) => other.revision < revision.revision && other.createdAt > revision.createdAt);
}

interface Numbered {
  readonly number: number;
  readonly revision: Revision;
}

/** By number, also by the numbers that a revision had before it was taken up again. */
function findPrevious(revision: Revision, siblings: Iterable<Revision>): Numbered | undefined {
  let best: Numbered | undefined;
  for (const other of siblings) {
    if (other.uid === revision.uid) continue;
    for (const number of [...other.earlier, other.revision]) {
      if (number < revision.revision && number > (best?.number ?? 0)) best = { number, revision: other };
    }
  }
  return best;
}

function commitSince(revision: Revision, other: Revision | undefined): Rollout["commit"] {
  if (!other || revision.commit?.from === "annotation") return revision.commit;
  const changed = findCommit({ annotations: {}, labels: {}, images: revision.images }, other.images);
  if (revision.commit?.from !== "version-label") return changed;
  // A label that stayed while the image changed is a chart's, not the build's.
  return revision.commit.sha === other.commit?.sha ? (changed ?? revision.commit) : revision.commit;
}
