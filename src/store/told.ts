import type { Redis } from "ioredis";
import type { ToldPort } from "#domain/ports/told.ts";
import { TemporaryError } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";
import { ask, createScript } from "./ask.ts";
import { readTold } from "./told-door.ts";
import type { Keys } from "./keys.ts";

/** What was decided about an incident, and which message called whom: a hash for each incident, forgotten with it. */
export function createTolds(redis: Redis, keys: Keys, log: Log): ToldPort {
  const callScript = createScript(redis, callLua);
  const find = (id: string) => ask("read who is told", async () => readTold(await redis.hget(keys.told(id), "decision"), log));
  return {
    findTold: find,
    keepTold: async (id, told) => {
      await ask("keep who is told", () => redis.hsetnx(keys.told(id), "decision", JSON.stringify(told)));
      const standing = await find(id);
      if (standing) return standing;
      // What stands cannot be read: it was written by another version of us.
      await ask("keep who is told", () => redis.hset(keys.told(id), "decision", JSON.stringify(told)));
      return told;
    },
    calledBy: async (id, part, ids) => {
      const mine = await ask("keep who is called", () => callScript([keys.told(id)], [part, ...ids]));
      if (!Array.isArray(mine)) throw new TemporaryError("Cannot keep who is called: Redis answered something else");
      return mine.map(String);
    },
  };
}

const callLua = `
local mine = {}
for i = 2, #ARGV do
  local field = 'call/' .. ARGV[i]
  redis.call('HSETNX', KEYS[1], field, ARGV[1])
  if redis.call('HGET', KEYS[1], field) == ARGV[1] then mine[#mine + 1] = ARGV[i] end
end
return mine`;
