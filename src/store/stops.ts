import type { Redis } from "ioredis";
import type { StopPort } from "#domain/ports/store.ts";
import type { Log } from "#lib/log.ts";
import { ask } from "./ask.ts";
import { readStop } from "./door.ts";
import type { Keys } from "./keys.ts";

/** Whether all acts are off: a key that is there or not. What stands there and cannot be read is a stop. */
export function createStops(redis: Redis, keys: Keys, log: Log): StopPort {
  return {
    saveStop: async (stop) => {
      await ask("write the stop", () => redis.set(keys.stop, JSON.stringify(stop)));
    },
    forgetStop: async () => (await ask("forget the stop", () => redis.del(keys.stop))) > 0,
    findStop: () =>
      ask("read the stop", async () => {
        const text = await redis.get(keys.stop);
        return text === null ? undefined : (readStop(text, log) ?? { by: "somebody", at: 0 });
      }),
  };
}
