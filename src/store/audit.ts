import type { Redis } from "ioredis";
import type { AuditEntry, AuditHead, AuditRecord } from "#domain/audit.ts";
import type { AuditPort } from "#domain/ports/store.ts";
import { TemporaryError, messageOf } from "#lib/errors.ts";
import { digestOf } from "#lib/digest.ts";
import { linkAfter } from "#lib/chain.ts";
import type { Log } from "#lib/log.ts";
import { ask, createScript } from "./ask.ts";
import { limited } from "./audit-limits.ts";
import { readAuditRecord } from "./door.ts";
import type { Keys } from "./keys.ts";

/** Each lost race means that somebody else won one. */
const maxRaces = 200;
const pageSize = 500;
/** A repeat is looked for among so many: a job that failed runs again within minutes, or while nobody else can write either. */
const repeatsWithin = 300;

/**
 * The audit stream: a Redis stream whose entry `<seq>-0` holds record `seq`. Each record carries the hash of the one before; a record is only taken
 * after the one that it names, so that two writers cannot fork the chain. Never trimmed.
 */
export function createAudit(redis: Redis, keys: Keys, log: Log): AuditPort {
  const append = createScript(redis, appendLua);
  const newest = (count: number) =>
    ask("read the audit stream", () => redis.xrevrange(keys.audit, "+", "-", "COUNT", count) as Promise<Entry[]>);
  const isRepeat = async (entry: AuditEntry) =>
    entry.key !== undefined && (await newest(repeatsWithin)).some((held) => isSame(held, entry, log));
  return {
    audit: async (told) => {
      const entry = limited(told);
      for (let races = 0; races < maxRaces; races += 1) {
        const end = await findEnd(redis, keys);
        if (await isRepeat(entry)) return;
        const record = linkAfter(end && headAt(end, log), entry);
        const args = [end?.issued ?? "", `${record.seq}-0`, JSON.stringify(record)];
        if (await ask("write the audit stream", () => append([keys.audit], args))) return;
      }
      throw new TemporaryError(`Cannot write the audit stream: others wrote it ${maxRaces} times in a row`);
    },
    auditIssued: async () => numberOf((await findEnd(redis, keys))?.issued ?? "0-0"),
    auditNewest: async (count) => (await newest(count)).flatMap((entry) => recordOf(entry, log) ?? []),
    auditRecords: (from = 1) => records(redis, keys, log, from),
  };
}

/** Page by page, oldest first; what cannot be read stands there with its place and nothing else. */
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

function recordOf(entry: Entry, log: Log): AuditRecord | undefined {
  return readAuditRecord(entry[1][1] ?? null, log);
}

/** The same, told again: all but its moment. Another that claims the same key keeps nothing out. */
function isSame(held: Entry, entry: AuditEntry, log: Log): boolean {
  // Few hold the key; only those are read.
  if (!held[1][1]?.includes(JSON.stringify(entry.key))) return false;
  const record = recordOf(held, log);
  if (!record) return false;
  const { seq: _seq, previous: _previous, hash: _hash, ...told } = record;
  return digestOf({ ...told, at: 0 }) === digestOf({ ...entry, at: 0 });
}

/** Where the stream ends. */
interface End {
  /** The last id that Redis gave out: it stays when its entry is deleted. */
  readonly issued: string;
  readonly entry: Entry | undefined;
}

/** Undefined: there is no stream. Both are read in one command. */
function findEnd(redis: Redis, keys: Keys): Promise<End | undefined> {
  return ask("read the audit stream", async () => {
    try {
      const answer = (await redis.xinfo("STREAM", keys.audit)) as unknown[];
      const field = (name: string) => answer[answer.indexOf(name) + 1];
      return { issued: String(field("last-generated-id")), entry: (field("last-entry") as Entry | null) ?? undefined };
    } catch (error) {
      if (messageOf(error).includes("no such key")) return undefined;
      throw error;
    }
  });
}

/**
 * The head that the next record follows. Where the newest entry is not the one that was given out last, or is no record, somebody has been at the stream: the
 * next one goes on behind the gap, which stays for all to see. Nobody is kept from acting by that.
 */
function headAt({ issued, entry }: End, log: Log): AuditHead {
  const record = entry && recordOf(entry, log);
  const seq = numberOf(issued);
  if (record?.seq === seq) return { seq, hash: record.hash };
  log.error({ issued, newest: entry?.[0] }, "The audit stream was changed: its newest record is gone or is none");
  return { seq, hash: record?.hash ?? "" };
}

function numberOf(id: string): number {
  return Number(id.split("-", 1)[0]);
}

/** Takes a record if the last is the one that it was made after; ids only rise, which Redis itself sees to. */
const appendLua = `
local issued = ''
if redis.call('EXISTS', KEYS[1]) == 1 then
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  for at = 1, #info, 2 do if info[at] == 'last-generated-id' then issued = info[at + 1] end end
end
if issued ~= ARGV[1] then return 0 end
redis.call('XADD', KEYS[1], ARGV[2], 'record', ARGV[3])
return 1`;
