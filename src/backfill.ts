import type { Change } from "#domain/change.ts";
import { type ClusterPast, type Report, createBackfill } from "#workflow/backfill.ts";
import type { Configuration } from "#app/config/load.ts";
import type { WorkloadKey, WorkloadState } from "#domain/workload.ts";
import { connectStore } from "#store/store.ts";
import { createClock } from "#lib/clock.ts";
import { createGitHubSource, createPrometheusSource } from "#app/sources.ts";
import { createKubeConnection, type KubeConnection } from "#clients/kubernetes/connection.ts";
import { defaultDetectSettings } from "#analysis/detect.ts";
import { findKubeProblem } from "#clients/kubernetes/ready.ts";
import type { Log } from "#lib/log.ts";
import { startClusterWatch } from "#watchers/kubernetes/watch.ts";
import { workloadKey } from "#domain/workload.ts";

const wall = createClock();
const pollMs = 100;
/** Wall milliseconds in which a cluster must be read. */
const readWithinMs = 120_000;

export interface BackfillSettings {
  readonly spanMs: number;
  readonly tell: (report: Report) => void;
  readonly log: Log;
}

/** Wires and runs it once; false when a source could not be read. */
export async function runBackfill(configuration: Configuration, { spanMs, tell, log }: BackfillSettings): Promise<boolean> {
  const { environment, file } = configuration;
  const clock = createClock(environment.K8S_WHY_CLOCK);
  await using stack = new AsyncDisposableStack();
  const connection = stack.use(createKubeConnection({ kubeconfigPath: environment.KUBECONFIG }));
  const store = stack.use(connectStore({ url: environment.REDIS_URL, now: clock.now, log }));
  const verbs = {
    ...store,
    ...createPrometheusSource(environment, file),
    ...createGitHubSource(environment, log),
    readCluster: () => readCluster(connection, configuration, clock.now, log),
  };
  const { cluster, repositories } = file;
  const windowMs = file.windowHours * 3_600_000;
  const settings = { ...defaultDetectSettings, ...file.detection };
  return await createBackfill(verbs, { cluster, repositories, settings, spanMs, windowMs, now: clock.now, tell })();
}

/** Watches until everything is read once: what the watch tells at its beginning is the cluster's past. */
async function readCluster(
  connection: KubeConnection,
  { file: { cluster, namespaces } }: Configuration,
  now: () => number,
  log: Log,
): Promise<ClusterPast> {
  const workloads = new Map<WorkloadKey, WorkloadState>();
  const changes = new Map<string, Change>();
  await using watch = startClusterWatch({
    connection,
    cluster,
    namespaces,
    now,
    log,
    emit: (observation) => {
      if (observation.kind === "workload") workloads.set(workloadKey(observation.state.workload), observation.state);
      if (observation.kind === "change") changes.set(observation.change.id, observation.change);
    },
  });
  for (let waited = 0; !watch.synced(); waited += pollMs) {
    if (waited >= readWithinMs)
      throw new Error((await findKubeProblem(connection)) ?? "it was not read completely within two minutes");
    await wall.sleep(pollMs);
  }
  return { workloads: [...workloads.values()], changes: [...changes.values()] };
}
