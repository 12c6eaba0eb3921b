import type { Redis } from "ioredis";
import type { Instant } from "#domain/workload.ts";
import type { Verdict } from "#domain/verdict.ts";
import type { VerdictPort } from "#domain/ports/store.ts";
import type { Log } from "#lib/log.ts";
import { ask } from "./ask.ts";
import { readAll, readVerdict } from "./door.ts";
import type { Keys } from "./keys.ts";

/** As long as incidents are kept; */
const keepMs = 366 * 24 * 3_600_000;
/** and no more than so many: every investigation reads them. */
const most = 2_000;

/** What people said of suspects: a hash, one field a suspect of an incident; the last word counts. Kept a year of `now`. */
export function createVerdicts(redis: Redis, keys: Keys, now: () => Instant, log: Log): VerdictPort {
  const read = async () => readAll(readVerdict, await redis.hvals(keys.verdicts), log);
  const isKept = ({ at }: Verdict) => at > now() - keepMs;
  const trim = async () => {
    const newestFirst = (await read()).toSorted((a, b) => b.at - a.at);
    const old = newestFirst.filter((verdict, index) => index >= most || !isKept(verdict)).map(fieldOf);
    if (old.length > 0) await redis.hdel(keys.verdicts, ...old);
  };
  return {
    saveVerdict: (verdict) =>
      ask("write a verdict", async () => {
        await redis.hset(keys.verdicts, fieldOf(verdict), JSON.stringify(verdict));
        await trim();
      }),
    forgetVerdict: async (incidentId, suspectId) =>
      (await ask("forget a verdict", () => redis.hdel(keys.verdicts, fieldOf({ incidentId, suspectId })))) > 0,
    verdicts: async () => (await ask("read verdicts", read)).filter(isKept),
  };
}

function fieldOf({ incidentId, suspectId }: Pick<Verdict, "incidentId" | "suspectId">): string {
  return JSON.stringify([incidentId, suspectId]);
}
