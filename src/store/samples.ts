import type { Redis } from "ioredis";
import { z } from "zod";
import type { SamplePort } from "#domain/ports/store.ts";
import type { Sample } from "#domain/sample.ts";
import type { Log } from "#lib/log.ts";
import { ask } from "./ask.ts";
import type { Keys } from "./keys.ts";

const measured = z.number().optional();
const stored = z.array(
  z.object({ at: z.number(), replicas: measured, nodes: measured, costPerRequest: measured, cpuPerReplica: measured }),
);

/** What an incident's picture is drawn from: one record for each incident, forgotten with it. */
export function createSamples(redis: Redis, keys: Keys, log: Log): SamplePort {
  return {
    samples: (incidentId) =>
      ask("read an incident's samples", async () => readSamples(await redis.get(keys.samples(incidentId)), log)),
    saveSamples: async (incidentId, samples) => {
      await ask("write an incident's samples", () => redis.set(keys.samples(incidentId), JSON.stringify(samples)));
    },
  };
}

/** What cannot be read costs a picture its past, and nothing else. */
function readSamples(json: string | null, log: Log): readonly Sample[] {
  if (json === null) return [];
  try {
    return stored.parse(JSON.parse(json));
  } catch {
    log.warn({ bytes: json.length }, "An incident's samples cannot be read");
    return [];
  }
}
