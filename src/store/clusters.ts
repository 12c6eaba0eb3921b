import type { Redis } from "ioredis";
import type { ClusterPort } from "#domain/ports/store.ts";
import { type WorkloadKey, workloadKey } from "#domain/workload.ts";
import type { Log } from "#lib/log.ts";
import { ask, inChunks } from "./ask.ts";
import { type Reader, readAll, readBaseline, readPool, readWorkload } from "./door.ts";
import type { Keys } from "./keys.ts";

/** What the agents keep: a hash of baselines, a hash of latest readings, and the nodes, for each cluster. */
export function createClusters(redis: Redis, keys: Keys, log: Log): ClusterPort {
  const save = (what: string, key: string, records: readonly { field: string; value: unknown }[]) =>
    ask(`write ${what}`, async () => {
      for (const chunk of inChunks(records, 500))
        await redis.hset(key, ...chunk.flatMap(({ field, value }) => [field, JSON.stringify(value)]));
    });
  const load = <T>(what: string, key: string, read: Reader<T>) =>
    ask(`read ${what}`, async () => readAll(read, await redis.hvals(key), log));
  return {
    saveBaselines: (cluster, baselines) =>
      save(
        "baselines",
        keys.baselines(cluster),
        baselines.map((value) => ({ field: value.workload, value })),
      ),
    loadBaselines: (cluster) => load("baselines", keys.baselines(cluster), readBaseline),
    saveWorkloads: (cluster, states) =>
      save(
        "workloads",
        keys.workloads(cluster),
        states.map((value) => ({ field: workloadKey(value.workload), value })),
      ),
    forgetWorkloads: (cluster, gone) =>
      ask("forget workloads", async () => {
        for (const chunk of inChunks(gone, 500)) await redis.hdel(keys.workloads(cluster), ...chunk);
      }),
    findWorkload: (key) =>
      ask("read a workload", async () => readWorkload(await redis.hget(keys.workloads(clusterOf(key)), key), log)),
    workloads: (cluster) => load("workloads", keys.workloads(cluster), readWorkload),
    ...createSight(redis, keys, log),
  };
}

/** The nodes, and how far the cluster is seen. */
function createSight(
  redis: Redis,
  keys: Keys,
  log: Log,
): Pick<ClusterPort, "savePool" | "findPool" | "saveSeenUntil" | "findSeenUntil"> {
  return {
    savePool: async (pool) => {
      await ask("write the nodes", () => redis.set(keys.pool(pool.cluster), JSON.stringify(pool)));
    },
    findPool: (cluster) => ask("read the nodes", async () => readPool(await redis.get(keys.pool(cluster)), log)),
    saveSeenUntil: async (cluster, at) => {
      await ask("write how far the cluster is seen", () => redis.set(keys.seenUntil(cluster), String(at)));
    },
    findSeenUntil: (cluster) =>
      ask("read how far the cluster is seen", async () => {
        const at = Number((await redis.get(keys.seenUntil(cluster))) ?? Number.NaN);
        return Number.isFinite(at) ? at : undefined;
      }),
  };
}

function clusterOf(key: WorkloadKey): string {
  return key.slice(0, Math.max(key.indexOf("/"), 0));
}
