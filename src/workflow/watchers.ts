import type { ClusterPort, LedgerPort } from "#domain/ports/store.ts";
import type { Instant } from "#domain/workload.ts";
import type { LanePort } from "#domain/ports/outbox.ts";
import type { Watcher } from "#domain/ports/home.ts";

export interface WatchersOptions {
  readonly verbs: Pick<ClusterPort, "findSeenUntil"> & Pick<LedgerPort, "findLastSeen"> & Pick<LanePort, "illLanes">;
  readonly clusters: readonly string[];
  readonly repositories: readonly { readonly name: string; readonly branch: string }[];
  /** A sentence where Prometheus is away; absent: none is set. */
  readonly prometheus?: () => Promise<string | undefined>;
  readonly now: () => Instant;
}

/** An agent writes every few seconds. */
const LATE_MS = 60_000;
const AWAY_MS = 5 * 60_000;

/** How those who watch are: what cannot be asked is away. Never throws. */
export async function readWatchers(options: WatchersOptions): Promise<readonly Watcher[]> {
  const { clusters, repositories } = options;
  return Promise.all([
    ...clusters.map((cluster) => clusterOf(options, cluster)),
    ...(repositories.length === 0
      ? [{ name: "GitHub", state: "unused", text: "no repository is set" } as const]
      : repositories.map((repository) => repositoryOf(options, repository))),
    prometheusOf(options),
    slackOf(options),
  ]);
}

async function clusterOf({ verbs, now }: WatchersOptions, cluster: string): Promise<Watcher> {
  const name = `Cluster ${cluster}`;
  try {
    const until = await verbs.findSeenUntil(cluster);
    if (until === undefined) return { name, state: "away", text: "no agent has told of it yet" };
    const lag = now() - until;
    return { name, state: lag > AWAY_MS ? "away" : lag > LATE_MS ? "late" : "well", until };
  } catch {
    return { name, state: "away", text: notKnown };
  }
}

const notKnown = "not known while Redis is away";

async function repositoryOf({ verbs }: WatchersOptions, { name: repository, branch }: { name: string; branch: string }) {
  const name = `GitHub ${repository}`;
  try {
    const seen = await verbs.findLastSeen(repository, branch);
    if (!seen) return { name, state: "late", text: `no commit of ${branch} is known yet` } as const;
    return { name, state: "well", text: `the newest known commit of ${branch} is ${seen.sha.slice(0, 7)}` } as const;
  } catch {
    return { name, state: "away", text: notKnown } as const;
  }
}

async function prometheusOf({ prometheus }: WatchersOptions): Promise<Watcher> {
  const name = "Prometheus";
  if (!prometheus) return { name, state: "unused", text: "none is set: counts alone are judged" };
  try {
    const problem = await prometheus();
    return problem === undefined ? { name, state: "well", text: "it answers" } : { name, state: "away", text: problem };
  } catch {
    return { name, state: "away", text: "it does not answer" };
  }
}

/** Who reads this is reached; channels may not be. */
async function slackOf({ verbs }: WatchersOptions): Promise<Watcher> {
  const name = "Slack";
  try {
    const ill = await verbs.illLanes();
    if (ill.length === 0) return { name, state: "well", text: "it takes what is said" };
    const channels = ill.slice(0, 3).map(({ channel, reason }) => `${channel} (${reason})`);
    return { name, state: "late", text: `it takes nothing in ${channels.join(", ")}` };
  } catch {
    return { name, state: "away", text: notKnown };
  }
}
