import type { Redis } from "ioredis";
import type { Alert } from "#domain/spike.ts";
import type { Change } from "#domain/change.ts";
import type { Instant } from "#domain/workload.ts";
import type { LedgerPort } from "#domain/ports/store.ts";
import type { Log } from "#lib/log.ts";
import { ask, createScript } from "./ask.ts";
import { readAlert, readChange, readLastSeen } from "./door.ts";
import type { Keys } from "./keys.ts";
import { createRecords } from "./records.ts";

const keepMs = 30 * 24 * 3_600_000;

/** Every change and alert, by time. `now` decides what is older than 30 days. */
export function createLedger(redis: Redis, keys: Keys, now: () => Instant, log: Log): LedgerPort {
  const shared = { redis, keepMs, now, log };
  const changes = createRecords<Change>({
    ...shared,
    keys: keys.changes,
    what: "changes",
    read: readChange,
    toJson: toBoundedJson,
  });
  const alerts = createRecords<Alert>({ ...shared, keys: keys.alerts, what: "alerts", read: readAlert, toJson: JSON.stringify });
  const remember = createScript(redis, rememberLua);
  const field = (repository: string, branch: string) => `${repository}@${branch}`;
  return {
    addChanges: changes.add,
    changesBetween: changes.between,
    addAlert: (alert) => alerts.add([alert]),
    alertsBetween: alerts.between,
    findLastSeen: (repository, branch) =>
      ask("read the last seen commit", async () => readLastSeen(await redis.hget(keys.lastSeen, field(repository, branch)), log)),
    rememberLastSeen: async (repository, branch, { sha, at }) => {
      await ask("remember the last seen commit", () =>
        remember([keys.lastSeen], [field(repository, branch), JSON.stringify({ sha, at }), at]),
      );
    },
  };
}

/** Pushes may be worked on out of order: an older one does not move the mark back. */
const rememberLua = `
local held = redis.call('HGET', KEYS[1], ARGV[1])
local ok, seen = pcall(cjson.decode, held or '')
if ok and type(seen) == 'table' and type(seen.at) == 'number' and seen.at > tonumber(ARGV[3]) then return 0 end
return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])`;

const maxJson = 256 * 1024;
const maxMessage = 8 * 1024;
const maxFiles = 1_000;

/** A landing of thousands of files with diffs must not fill the ledger: patches go first, then files beyond the thousandth. */
function toBoundedJson(change: Change): string {
  const json = JSON.stringify(change);
  if (json.length <= maxJson || change.kind !== "landing") return json;
  const files = change.files.slice(0, maxFiles).map((file) => ({ ...file, patch: undefined }));
  return JSON.stringify({ ...change, message: change.message.slice(0, maxMessage), files });
}
