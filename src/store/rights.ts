import type { Redis } from "ioredis";
import type { Log } from "#lib/log.ts";
import type { RightsPort } from "#domain/ports/store.ts";
import { ask } from "./ask.ts";
import { readRights } from "./door.ts";
import type { Keys } from "./keys.ts";

/** What the agent of a cluster may do, by workload: a hash beside what it keeps. */
export function createRights(redis: Redis, keys: Keys, log: Log): RightsPort {
  return {
    saveRights: async (cluster, key, rights) => {
      await ask("write down rights", () => redis.hset(keys.rights(cluster), key, JSON.stringify(rights)));
    },
    findRights: (cluster, key) => ask("read rights", async () => readRights(await redis.hget(keys.rights(cluster), key), log)),
  };
}
