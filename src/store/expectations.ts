import type { Redis } from "ioredis";
import type { ExpectationPort } from "#domain/ports/store.ts";
import type { Log } from "#lib/log.ts";
import { ask } from "./ask.ts";
import { readAll, readExpectation } from "./door.ts";
import type { Keys } from "./keys.ts";

/** What people expect of the workloads of a cluster: a hash beside what its agent keeps. */
export function createExpectations(redis: Redis, keys: Keys, log: Log): ExpectationPort {
  return {
    saveExpectation: async (cluster, expectation) => {
      const fields = [expectation.workload, JSON.stringify(expectation)];
      await ask("write an expectation", () => redis.hset(keys.expectations(cluster), ...fields));
    },
    forgetExpectation: async (cluster, key) =>
      (await ask("forget an expectation", () => redis.hdel(keys.expectations(cluster), key))) > 0,
    expectations: (cluster) =>
      ask("read expectations", async () => readAll(readExpectation, await redis.hvals(keys.expectations(cluster)), log)),
  };
}
