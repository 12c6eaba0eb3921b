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

function before(guilty: Rollout, rollouts: readonly Rollout[]): { revision: number; templateHash: string } | undefined {
  const { previous } = guilty;
  if (previous && previous.templateHash !== guilty.templateHash) return previous;
  return rollouts
    .filter(
      (rollout) =>
        (rollout.at < guilty.at || (rollout.at === guilty.at && rollout.revision < guilty.revision)) &&
        rollout.templateHash !== guilty.templateHash,
    )
    .toSorted((a, b) => a.at - b.at || a.revision - b.revision)
    .at(-1);
}
