import type { Redis } from "ioredis";
import type { IllnessPort } from "#domain/ports/store.ts";
import type { Log } from "#lib/log.ts";
import { ask, inChunks } from "./ask.ts";
import { readAll, readIllnesses, readPoolNormal } from "./door.ts";
import type { Keys } from "./keys.ts";

/** What the agents say is wrong: a hash for each cluster; and what is usual for its nodes. */
export function createIllnesses(redis: Redis, keys: Keys, log: Log): IllnessPort {
  return {
    saveIllnesses: (cluster, entries) =>
      ask("write illnesses", async () => {
        for (const chunk of inChunks(entries, 500)) {
          const ill = chunk.filter(({ illnesses }) => illnesses.length > 0);
          const well = chunk.filter(({ illnesses }) => illnesses.length === 0).map(({ key }) => key);
          if (ill.length > 0)
            await redis.hset(keys.illnesses(cluster), ...ill.flatMap((entry) => [entry.key, JSON.stringify(entry)]));
          if (well.length > 0) await redis.hdel(keys.illnesses(cluster), ...well);
        }
      }),
    findIllnesses: (cluster, key) =>
      ask("read illnesses", async () => readIllnesses(await redis.hget(keys.illnesses(cluster), key), log)?.illnesses ?? []),
    illnesses: (cluster) =>
      ask("read illnesses", async () => readAll(readIllnesses, await redis.hvals(keys.illnesses(cluster)), log)),
    savePoolNormal: async (cluster, normal) => {
      await ask("write usual nodes", () => redis.set(keys.poolNormal(cluster), JSON.stringify(normal)));
    },
    findPoolNormal: (cluster) =>
      ask("read usual nodes", async () => readPoolNormal(await redis.get(keys.poolNormal(cluster)), log)),
  };
}
