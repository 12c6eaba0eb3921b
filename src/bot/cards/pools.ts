import type { Block, Card } from "#bot/blocks.ts";
import { columns, context, section } from "#bot/blocks.ts";
import { count, counted, ratio, when } from "#bot/words.ts";
import { code } from "#bot/escape.ts";
import type { Instant } from "#domain/workload.ts";
import type { PoolView } from "#domain/ports/look.ts";

const mostClusters = 10;

/** The nodes of each cluster: now, usual, joined since the spike began, cordoned. */
export function renderPools(pools: readonly PoolView[], now: Instant): Card {
  const lines = pools.slice(0, mostClusters).map(poolLine);
  return { text: lines.join("\n"), blocks: pools.slice(0, mostClusters).flatMap((pool) => poolBlocks(pool, now)) };
}

function poolLine({ cluster, seen, usual }: PoolView): string {
  if (seen === undefined) return `Nobody has told of the nodes of ${code(cluster, 100)} yet.`;
  const times = ratio(seen.nodes, usual);
  const has = `${code(cluster, 100)} has ${counted(seen.nodes, "node")}`;
  if (usual === undefined || times === undefined) return `${has}. How many are usual is not known yet.`;
  return `${has}, usually ${count(usual)}${times === "1" ? "" : ` (${times} times usual)`}.`;
}

/** Emptiness is not watched: it would take every pod of every node. */
const empty = 'Which nodes are empty is looked up by the step "Scale down nodes", before it does anything.';

function poolBlocks(pool: PoolView, now: Instant): Block[] {
  const { seen, born } = pool;
  if (seen === undefined) return [section(poolLine(pool))];
  return [
    section(poolLine(pool)),
    ...columns([
      `*Cores*\n${count(seen.cores)}`,
      ...(pool.most === undefined ? [] : [`*Most in a week*\n${count(pool.most)}`]),
      ...(born === undefined ? [] : [`*Joined since ${when(born.since, now)}*\n${count(born.nodes)}`]),
      `*Cordoned*\n${count(seen.cordoned)}`,
      `*Not ready*\n${count(seen.unready)}`,
      `*Pods that wait for a node*\n${count(seen.pendingPods)}`,
    ]),
    context(`Read at ${when(seen.at, now)}.${born === undefined ? "" : ` ${empty}`}`),
  ];
}
