import type { Change, CommitGuess, Rollout } from "#domain/change.ts";
import type { Deployed } from "#domain/deployed.ts";
import type { RepositoryPort } from "#domain/ports/cluster.ts";
import type { ContainerImage, WorkloadKey } from "#domain/workload.ts";
import { commitOfDeployment } from "#analysis/deployment-commit.ts";
import { messageOf } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";
import type { Memo } from "./memo.ts";

export interface CommitsOptions {
  readonly verbs: Pick<RepositoryPort, "deployments"> & {
    /** What an image says of itself in its registry; undefined where it says nothing or its registry may not be read. */
    readonly imageCommit: (image: string) => Promise<CommitGuess | undefined>;
  };
  /** By repository and the rollouts at both ends. */
  readonly deployments: Memo<readonly Deployed[]>;
  /** By image. */
  readonly images: Memo<CommitGuess | undefined>;
  readonly log: Log;
}

/** Rollouts whose commit is looked for: each may cost a few requests. */
const lookedFor = 10;
const marginMs = 2 * 3_600_000;

/** The changes, with the commits of the workload's rollouts that neither template nor tag tells: from GitHub's deployments, then from the registry. */
export function createCommits(
  options: CommitsOptions,
): (key: WorkloadKey, repository: string | undefined, changes: readonly Change[]) => Promise<readonly Change[]> {
  return async (key, repository, changes) => {
    const rollouts = changes
      .filter((change): change is Rollout => change.kind === "rollout" && change.workload === key)
      .toSorted((a, b) => a.at - b.at);
    const missing = rollouts.filter((rollout) => !rollout.commit || !rollout.previousCommit).slice(-lookedFor);
    if (missing.length === 0) return changes;
    const deployed = createDeployed(options, repository, missing);
    const known = new Map<string, Rollout>();
    for (const rollout of missing) {
      const before = rollouts.findLast(
        ({ at, templateHash }) => at < rollout.at && templateHash === rollout.previous?.templateHash,
      );
      known.set(rollout.id, await complete(options, deployed, rollout, before && (known.get(before.id) ?? before)));
    }
    return changes.map((change) => known.get(change.id) ?? change);
  };
}

async function complete(
  options: CommitsOptions,
  deployed: () => Promise<readonly Deployed[]>,
  rollout: Rollout,
  before: Rollout | undefined,
): Promise<Rollout> {
  const old = rollout.previous?.images ?? [];
  const commit = rollout.commit ?? commitOfDeployment(await deployed(), nameOf(rollout), rollout.at);
  const own = commit ?? (await ofImages(options, newIn(rollout.images, old)));
  const previous = rollout.previousCommit ?? before?.commit ?? (await ofImages(options, newIn(old, rollout.images)));
  return { ...rollout, ...(own && { commit: own }), ...(previous && { previousCommit: previous }) };
}

function nameOf({ workload }: Rollout): string {
  return workload.split("/").at(-1) ?? "";
}

/** Deployments around these rollouts: asked for once, and only if somebody wants them. */
function createDeployed(
  { verbs, deployments, log }: CommitsOptions,
  repository: string | undefined,
  rollouts: readonly Rollout[],
): () => Promise<readonly Deployed[]> {
  const [first] = rollouts;
  const last = rollouts.at(-1);
  return async () => {
    if (repository === undefined || !first) return [];
    try {
      const since = first.at - marginMs;
      return await deployments(`${repository}@${first.id}...${last?.id}`, () => verbs.deployments(repository, since));
    } catch (error) {
      log.warn({ repository, error: messageOf(error) }, "Cannot read deployments");
      return [];
    }
  };
}

async function ofImages(
  { verbs, images, log }: CommitsOptions,
  from: readonly ContainerImage[],
): Promise<CommitGuess | undefined> {
  for (const { image } of from.slice(0, 3)) {
    try {
      const commit = await images(image, () => verbs.imageCommit(image));
      if (commit) return commit;
    } catch (error) {
      log.warn({ image: image.slice(0, 200), error: messageOf(error) }, "Cannot read an image's label");
    }
  }
  return undefined;
}

/** What an unchanged sidecar was built from says nothing. */
function newIn(images: readonly ContainerImage[], others: readonly ContainerImage[]): readonly ContainerImage[] {
  const known = new Set(others.map(({ image }) => image));
  const changed = images.filter(({ image }) => !known.has(image));
  return changed.length > 0 ? changed : images;
}
