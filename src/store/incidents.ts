import type { Redis } from "ioredis";
import type { Incident } from "#domain/incident.ts";
import type { IncidentPort } from "#domain/ports/store.ts";
import type { Instant } from "#domain/workload.ts";
import { TemporaryError } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";
import { ask, createScript } from "./ask.ts";
import { readAll, readIncident } from "./door.ts";
import type { Keys } from "./keys.ts";
import { findOpenLua, listOpenLua, listSinceLua, openLua, trimLua, writeLua } from "./incident-scripts.ts";

const keepMs = 366 * 24 * 3_600_000;
/** Each lost race means that somebody else won one: this many in a row means that something is wrong. */
const maxRaces = 100;
const mostListed = 100;

/** Incidents by compare-and-set, one open for each workload. Settled ones are kept a year of `now`. */
export function createIncidents(redis: Redis, keys: Keys, now: () => Instant, log: Log): IncidentPort {
  const all = allKeys(keys);
  const writeScript = createScript(redis, writeLua);
  const findOpen = createScript(redis, findOpenLua);
  const listOpen = createScript(redis, listOpenLua);
  const listSince = createScript(redis, listSinceLua);
  const find = (id: string) => ask("read an incident", async () => readIncident(await redis.hget(keys.incidents, id), log));
  const write = (next: Incident, expected: number) =>
    ask("write an incident", () => writeScript(all, [next.id, expected, toJson(next), next.key, next.status]));
  return {
    openIncident: createOpen(redis, keys, now, log),
    findIncident: find,
    findOpenIncident: (key) => ask("read an incident", async () => readIncident(await findOpen(all, [key]), log)),
    openIncidents: () => ask("read the open incidents", async () => readAll(readIncident, await listOpen(all, []), log)),
    incidentsSince: (from) =>
      ask("read the latest incidents", async () => readAll(readIncident, await listSince(all, [from, mostListed]), log)),
    latestIncidents: () =>
      ask("read which incidents were the last", async () => new Map(Object.entries(await redis.hgetall(keys.latestIncidents)))),
    updateIncident: async (id, change) => {
      for (let races = 0; races < maxRaces; races += 1) {
        const current = await find(id);
        const changed = current && change(current);
        if (!current || !changed) return current;
        const next: Incident = { ...changed, id: current.id, key: current.key, version: current.version + 1 };
        if (await write(next, current.version)) return next;
      }
      throw new TemporaryError(`Cannot write incident "${id}": others wrote it ${maxRaces} times in a row`);
    },
  };
}

function createOpen(redis: Redis, keys: Keys, now: () => Instant, log: Log): IncidentPort["openIncident"] {
  const openScript = createScript(redis, openLua);
  const trimScript = createScript(redis, trimLua);
  const all = allKeys(keys);
  const open = (incident: Incident, replacing: string) =>
    ask("open an incident", () => openScript(all, [incident.key, incident.id, toJson(incident), incident.openedAt, replacing]));
  const trim = () =>
    ask("forget old incidents", async () => {
      const gone = (await trimScript(all, [now() - keepMs])) as string[];
      if (gone.length > 0) await redis.del(...gone.flatMap((id) => [keys.messages(id), keys.told(id), keys.samples(id)]));
    });
  return async (incident) => {
    let unreadable = "";
    for (let races = 0; races < maxRaces; races += 1) {
      const held = await open(incident, unreadable);
      const standing = readIncident(held, log);
      if (standing) return { incident: standing, opened: false };
      if (typeof held !== "string") {
        await trim();
        return { incident, opened: true };
      }
      unreadable = held;
    }
    throw new TemporaryError(`Cannot open incident "${incident.id}": what stands in its way cannot be read`);
  };
}

/** A text that was cut within an emoji holds half of it, and Redis' own reader refuses that: nobody could write the incident again. */
function toJson(incident: Incident): string {
  return JSON.stringify(incident, (_key, value: unknown) => (typeof value === "string" ? value.toWellFormed() : value));
}

function allKeys(keys: Keys): string[] {
  return [keys.incidents, keys.openIncidents, keys.incidentTimes, keys.latestIncidents, keys.reports];
}
