import type { Redis } from "ioredis";
import type { Instant } from "#domain/workload.ts";
import type { SilencePort } from "#domain/ports/quiet.ts";
import type { Log } from "#lib/log.ts";
import { ask } from "./ask.ts";
import { readAll } from "./door.ts";
import { readSilence } from "./quiet-door.ts";
import type { Keys } from "./keys.ts";

/** Each incident that is due looks at all of them. */
const most = 200;

/** What is not to be told: a hash by pattern. What is over is forgotten with the next write. */
export function createSilences(redis: Redis, keys: Keys, now: () => Instant, log: Log): SilencePort {
  const read = () => ask("read silences", async () => readAll(readSilence, await redis.hvals(keys.silences), log));
  const drop = (patterns: readonly string[]) => ask("forget a silence", () => redis.hdel(keys.silences, ...patterns));
  return {
    saveSilence: async (silence) => {
      const held = await read();
      const over = held.filter(({ until }) => until <= now()).map(({ pattern }) => pattern);
      if (over.length > 0) await drop(over);
      const others = held.filter(({ pattern }) => pattern !== silence.pattern && !over.includes(pattern));
      if (others.length >= most) return false;
      await ask("write a silence", () => redis.hset(keys.silences, silence.pattern, JSON.stringify(silence)));
      return true;
    },
    forgetSilence: async (pattern) => (await drop([pattern])) > 0,
    silences: async () => (await read()).filter(({ until }) => until > now()).toSorted((a, b) => a.until - b.until),
  };
}
