import type { Redis } from "ioredis";
import type { VerdictPort } from "#domain/ports/store.ts";
import type { Log } from "#lib/log.ts";
import { ask } from "./ask.ts";
import { readAll, readVerdict } from "./door.ts";
import type { Keys } from "./keys.ts";

/** What people said of suspects: a hash, one field a suspect of an incident; the last word counts. */
export function createVerdicts(redis: Redis, keys: Keys, log: Log): VerdictPort {
  const fieldOf = (incidentId: string, suspectId: string) => JSON.stringify([incidentId, suspectId]);
  return {
    saveVerdict: async (verdict) => {
      const field = fieldOf(verdict.incidentId, verdict.suspectId);
      await ask("write a verdict", () => redis.hset(keys.verdicts, field, JSON.stringify(verdict)));
    },
    forgetVerdict: async (incidentId, suspectId) =>
      (await ask("forget a verdict", () => redis.hdel(keys.verdicts, fieldOf(incidentId, suspectId)))) > 0,
    verdicts: () => ask("read verdicts", async () => readAll(readVerdict, await redis.hvals(keys.verdicts), log)),
  };
}
