import type { Rollout } from "#domain/change.ts";

/** Where "roll back" goes: the newest template that ran before the guilty rollout, under the revision number that it has now. */
export function goodRevision(
  guilty: Rollout,
  rollouts: readonly Rollout[],
): { revision: number; templateHash: string } | undefined {
  const template = before(guilty, rollouts);
  if (!template) return undefined;
  // Kubernetes gives a template that is used again a new number: 41 comes back as 44.
  const again = rollouts.filter((rollout) => rollout.templateHash === template.templateHash).map((rollout) => rollout.revision);
  return { revision: Math.max(template.revision, ...again), templateHash: template.templateHash };
}

/** A revision that was replaced so soon did not run well enough to go back to. */
const TRIED_MS = 10 * 60_000;

function before(guilty: Rollout, rollouts: readonly Rollout[]): { revision: number; templateHash: string } | undefined {
  const earlier = rollouts
    .filter(
      (rollout) =>
        (rollout.at < guilty.at || (rollout.at === guilty.at && rollout.revision < guilty.revision)) &&
        rollout.templateHash !== guilty.templateHash,
    )
    .toSorted((a, b) => b.at - a.at || b.revision - a.revision);
  const replacedAt = [guilty.at, ...earlier.map(({ at }) => at)];
  const proven = earlier.find(({ at }, index) => (replacedAt[index] ?? at) - at >= TRIED_MS);
  const { previous } = guilty;
  const isPrevious = (rollout: Rollout | undefined) => rollout?.templateHash === previous?.templateHash;
  // What ran before is known by number even when its own rollout is older than the ledger.
  if (previous && previous.templateHash !== guilty.templateHash && (!earlier.some(isPrevious) || isPrevious(proven) || !proven))
    return previous;
  return proven ?? earlier[0];
}
