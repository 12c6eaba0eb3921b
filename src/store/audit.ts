import type { Redis } from "ioredis";
import type { AuditHead, AuditRecord } from "#domain/audit.ts";
import type { AuditPort } from "#domain/ports/store.ts";
import { TemporaryError } from "#lib/errors.ts";
import { linkAfter } from "#lib/chain.ts";
import type { Log } from "#lib/log.ts";
import { ask, createScript } from "./ask.ts";
import { readAuditRecord } from "./door.ts";
import type { Keys } from "./keys.ts";

/** Each lost race means that somebody else won one. */
const maxRaces = 200;
const pageSize = 500;

/**
 * The audit stream: a Redis stream whose entry `<seq>-0` holds record `seq`. Each record carries the hash of the one before; a record is only taken
 * after the one that it names, so that two writers cannot fork the chain. Never trimmed.
 */
export function createAudit(redis: Redis, keys: Keys, log: Log): AuditPort {
  const append = createScript(redis, appendLua);
  const last = () =>
    ask("read the audit stream", async () => recordOf((await redis.xrevrange(keys.audit, "+", "-", "COUNT", 1))[0], log));
  return {
    audit: async (entry) => {
      for (let races = 0; races < maxRaces; races += 1) {
        const head = await last();
        const record = linkAfter(head, entry);
        const args = [head ? `${head.seq}-0` : "", `${record.seq}-0`, JSON.stringify(record)];
        if (await ask("write the audit stream", () => append([keys.audit], args))) return;
      }
      throw new TemporaryError(`Cannot write the audit stream: others wrote it ${maxRaces} times in a row`);
    },
    auditHead: async () => {
      const record = await last();
      return record && headOf(record);
    },
    auditNewest: (count) =>
      ask("read the audit stream", async () =>
        (await redis.xrevrange(keys.audit, "+", "-", "COUNT", count)).flatMap((entry) => recordOf(entry, log) ?? []),
      ),
    auditRecords: (from = 1) => records(redis, keys, log, from),
  };
}

/** Page by page, oldest first; what cannot be read stands there with its number and nothing else. */
async function* records(
  redis: Redis,
  keys: Keys,
  log: Log,
  from: number,
): AsyncGenerator<AuditRecord | { readonly unreadable: string }> {
  for (let start = `${from}-0`; ;) {
    const page = await ask("read the audit stream", () => redis.xrange(keys.audit, start, "+", "COUNT", pageSize));
    for (const entry of page) yield recordOf(entry, log) ?? { unreadable: entry[0] };
    const end = page.at(-1)?.[0];
    if (end === undefined || page.length < pageSize) return;
    start = `(${end}`;
  }
}

type Entry = readonly [id: string, fields: readonly string[]];

function recordOf(entry: Entry | undefined, log: Log): AuditRecord | undefined {
  return entry && readAuditRecord(entry[1][1] ?? null, log);
}

function headOf({ seq, hash }: AuditRecord): AuditHead {
  return { seq, hash };
}

/** Takes a record if the newest is the one that it was made after; ids only rise, which Redis itself sees to. */
const appendLua = `
local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if (newest and newest[1] or '') ~= ARGV[1] then return 0 end
redis.call('XADD', KEYS[1], ARGV[2], 'record', ARGV[3])
return 1`;
