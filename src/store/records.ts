import type { Redis } from "ioredis";
import type { Instant } from "#domain/workload.ts";
import type { Log } from "#lib/log.ts";
import { ask, createBatch, createScript, inChunks } from "./ask.ts";
import { type Reader, readAll } from "./door.ts";

interface Dated {
  readonly id: string;
  readonly at: Instant;
}

/** Records by time and id. */
export interface Records<T extends Dated> {
  readonly add: (records: readonly T[]) => Promise<void>;
  /** In two round trips, however many there are. */
  readonly between: (from: Instant, to: Instant) => Promise<T[]>;
}

export interface RecordsOptions<T extends Dated> {
  readonly redis: Redis;
  readonly keys: { readonly times: string; readonly records: string };
  /** Plural, for messages. */
  readonly what: string;
  readonly keepMs: number;
  readonly now: () => Instant;
  readonly read: Reader<T>;
  readonly toJson: (record: T) => string;
  readonly log: Log;
}

/** A sorted set of times and a hash of records. Each write forgets some of what is too old, so nobody has to sweep. */
export function createRecords<T extends Dated>({
  redis,
  keys,
  what,
  keepMs,
  now,
  read,
  toJson,
  log,
}: RecordsOptions<T>): Records<T> {
  const addScript = createScript(redis, addLua);
  const readPages = createBatch(redis, pageLua);
  const both = [keys.times, keys.records];
  return {
    add: async (records) => {
      const oldest = now() - keepMs;
      for (const chunk of inChunks(records, addedAtOnce)) {
        const args = chunk.flatMap((record) => [record.id, record.at, toJson(record)]);
        await ask(`write ${what}`, () => addScript(both, [oldest, ...args]));
      }
    },
    between: async (from, to) => {
      const count = await ask(`count ${what}`, () => redis.zcount(keys.times, from, to));
      if (count === 0) return [];
      // One page more than there was to read: some may have come since.
      const offsets = Array.from({ length: Math.floor(count / pageSize) + 2 }, (_, page) => page * pageSize);
      const pages = await ask(`read ${what}`, () =>
        readPages(
          both,
          offsets.map((offset) => [from, to, offset, pageSize]),
        ),
      );
      const found = new Map<string, T>();
      for (const stored of pages) for (const record of readAll(read, stored, log)) found.set(record.id, record);
      return [...found.values()].sort((a, b) => a.at - b.at);
    },
  };
}

const pageSize = 1_000;
const addedAtOnce = 200;

const addLua = `
for i = 2, #ARGV, 3 do
  redis.call('ZADD', KEYS[1], ARGV[i + 1], ARGV[i])
  redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 2])
end
local old = redis.call('ZRANGE', KEYS[1], '-inf', '(' .. ARGV[1], 'BYSCORE', 'LIMIT', 0, 1000)
if #old > 0 then
  redis.call('ZREM', KEYS[1], unpack(old))
  redis.call('HDEL', KEYS[2], unpack(old))
end
return #old`;

const pageLua = `
local ids = redis.call('ZRANGE', KEYS[1], ARGV[1], ARGV[2], 'BYSCORE', 'LIMIT', ARGV[3], ARGV[4])
if #ids == 0 then return {} end
return redis.call('HMGET', KEYS[2], unpack(ids))`;
