import type { Instant } from "#domain/workload.ts";
import type { PoolNormal } from "#domain/pool-normal.ts";
import { median } from "#analysis/series.ts";

const HOUR_MS = 3_600_000;
const WEEK_HOURS = 168;
/** Before so many hours are known nobody can say what is usual. */
const YOUNG_HOURS = 3;

/** Nothing is known yet. */
export const noPoolNormal: PoolNormal = {
  lastAt: 0,
  lastNodes: 0,
  lastPending: 0,
  hour: { index: 0, ms: 0, nodes: 0, pending: 0 },
  nodes: [],
  pending: [],
};

/** Takes in one reading; a value holds until the next. Hours in which nobody watched are left out. */
export function learnPool(
  known: PoolNormal,
  { at, nodes, pendingPods }: { readonly at: Instant; readonly nodes: number; readonly pendingPods: number },
): PoolNormal {
  const last = { lastAt: at, lastNodes: nodes, lastPending: pendingPods };
  const { hour } = known;
  const index = Math.floor(at / HOUR_MS);
  const ms = Math.min(at, (hour.index + 1) * HOUR_MS) - known.lastAt;
  if (known.lastAt === 0 || ms < 0) return { ...known, ...last, hour: { index, ms: 0, nodes: 0, pending: 0 } };
  const filled = {
    index: hour.index,
    ms: hour.ms + ms,
    nodes: hour.nodes + ms * known.lastNodes,
    pending: hour.pending + ms * known.lastPending,
  };
  if (index === hour.index) return { ...known, ...last, hour: filled };
  const begun = index === hour.index + 1 ? at - index * HOUR_MS : 0;
  const isFull = filled.ms >= HOUR_MS / 2;
  return {
    ...last,
    hour: { index, ms: begun, nodes: begun * known.lastNodes, pending: begun * known.lastPending },
    nodes: isFull ? [...known.nodes, round(filled.nodes / filled.ms)].slice(-WEEK_HOURS) : known.nodes,
    pending: isFull ? [...known.pending, round(filled.pending / filled.ms)].slice(-WEEK_HOURS) : known.pending,
  };
}

/** The median and highest hour of nodes, and the highest hour of pending pods; nodes are absent on the first hours. */
export function usualPool({ nodes, pending }: PoolNormal): { nodes?: number; mostNodes?: number; pendingPods: number } {
  const pendingPods = Math.max(0, ...pending);
  return nodes.length < YOUNG_HOURS ? { pendingPods } : { nodes: median(nodes), mostNodes: Math.max(...nodes), pendingPods };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
