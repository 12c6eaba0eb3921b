import type { Instant, PoolState, WorkloadState } from "#domain/workload.ts";
import type { Signals } from "#domain/sample.ts";
import type { Situation } from "#domain/incident.ts";
import { ceilingAt } from "./ceiling.ts";
import { medianBetween } from "./series.ts";

/** Signals older than this say nothing about now. */
const FRESH_MS = 3 * 60_000;
/** A minute's median: one odd reading is no news. */
const SMOOTH_MS = 60_000;

/** How it stands: the cluster's reading, and the newest signals where they are fresh. */
export function situation(state: WorkloadState, pool: PoolState | undefined, signals: Signals, at: Instant): Situation {
  const ceiling = state.autoscaler?.max;
  const requestsPerSecond = latest(signals.requestsPerSecond, at);
  const cpuCores = latest(signals.cpuCores, at);
  const points = [...signals.replicas.filter((point) => point.at < state.at), { at: state.at, value: state.desired }];
  return {
    at,
    readAt: state.at,
    desired: state.desired,
    ready: state.ready,
    total: state.total,
    updated: state.updated,
    revision: state.revision,
    templateHash: state.templateHash,
    ...(state.paused && { paused: true }),
    ceiling,
    ...(state.autoscaler && { atCeiling: state.autoscaler.atCeiling, wanted: state.autoscaler.wanted }),
    nodes: pool?.nodes.length ?? 0,
    pendingPods: pool?.pendingPods ?? 0,
    requestsPerSecond,
    latencySeconds: latest(signals.latencySeconds, at),
    errorShare: latest(signals.errorShare ?? [], at),
    cpuCores,
    costPerRequest: costOf(cpuCores, requestsPerSecond),
    ceilingAt: ceiling === undefined ? undefined : ceilingAt(points, ceiling, at),
  };
}

/** CPU seconds a request. */
function costOf(cpuCores: number | undefined, requestsPerSecond: number | undefined): number | undefined {
  return cpuCores !== undefined && requestsPerSecond ? cpuCores / requestsPerSecond : undefined;
}

/** How a cluster or a namespace stands: its nodes. Counts of replicas say nothing there. */
export function placeSituation(pool: PoolState | undefined, at: Instant): Situation {
  return {
    at,
    desired: 0,
    ready: 0,
    total: 0,
    updated: 0,
    nodes: pool?.nodes.length ?? 0,
    pendingPods: pool?.pendingPods ?? 0,
  };
}

function latest(points: Signals["replicas"], at: Instant): number | undefined {
  const last = points.findLast((point) => point.at <= at && Number.isFinite(point.value));
  return last && at - last.at <= FRESH_MS ? medianBetween(points, last.at - SMOOTH_MS, last.at) : undefined;
}
