import type { Redis } from "ioredis";
import type { ReportLogPort } from "#domain/ports/report.ts";
import type { Log } from "#lib/log.ts";
import { ask } from "./ask.ts";
import { readReport } from "./door.ts";
import type { Keys } from "./keys.ts";

/** The newest report of each incident: a hash; what is there of an incident is forgotten with it. */
export function createReports(redis: Redis, keys: Keys, log: Log): ReportLogPort {
  return {
    findReport: (incidentId) =>
      ask("read which report was made", async () => readReport(await redis.hget(keys.reports, incidentId), log)),
    saveReport: async (incidentId, made) => {
      await ask("remember a report", () => redis.hset(keys.reports, incidentId, JSON.stringify(made)));
    },
  };
}
