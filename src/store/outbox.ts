import type { Redis } from "ioredis";
import type { LaneItem, LanePort, LaneState, OutboxPort, Settlement, Turn } from "#domain/ports/outbox.ts";
import { digestOf } from "#lib/digest.ts";
import type { Log } from "#lib/log.ts";
import { ask, createScript } from "./ask.ts";
import { readAll } from "./door.ts";
import type { Keys } from "./keys.ts";
import { readLaneItem, readLaneState, readMessageRef, readOutboxMessage, readShown } from "./outbox-door.ts";
import { beginLua, holdLua, openLua, restLua, sayLua, settleLua } from "./outbox-scripts.ts";

/** A little longer than incidents are kept. */
const rememberSeconds = 370 * 24 * 3_600;
const mostLanes = 200;

const keyOf = ({ about, part }: { about: string; part: string }) => `${about}|${part}`;
const fieldOf = (item: { kind: string; about: string; part: string }) =>
  item.kind === "sweep" ? `sweep:${keyOf(item)}` : keyOf(item);
const wellState: LaneState = { postsAt: 0, editsAt: 0 };

/** Takes what is to be said: a hash of pending messages, and for each channel a lane of small items. */
export function createOutbox(redis: Redis, keys: Keys, wallNow: () => number, log: Log): OutboxPort {
  const { pending, lanes, lane, count } = keys.outbox;
  const sayScript = createScript(redis, sayLua);
  return {
    say: (message) =>
      ask("say something in Slack", async () => {
        const { about, part, thread, channel, once = false, card } = message;
        const now = wallNow();
        const item = {
          kind: "message",
          about,
          part,
          ...(thread === undefined ? {} : { thread }),
          at: now,
          tried: false,
          attempts: 0,
          notBefore: 0,
        };
        const stands = await sayScript(
          [pending, lanes, lane(channel), keys.messages(about), count],
          [keyOf(message), part, JSON.stringify(message), digestOf(card), channel, now, once ? 1 : 0, JSON.stringify(item)],
        );
        return readMessageRef(stands, log);
      }),
  };
}

/** The other end: who opened a lane takes from it what is due. */
export function createLanes(redis: Redis, keys: Keys, log: Log): LanePort {
  const { lanes, states } = keys.outbox;
  return {
    ...createTurns(redis, keys, log),
    dueLanes: (now) =>
      ask("look for what is to be said in Slack", async () => {
        const read = await redis.zrange(lanes, "-inf", "+inf", "BYSCORE", "LIMIT", 0, mostLanes, "WITHSCORES");
        const scored = read.flatMap((value, index) => (index % 2 === 0 ? [{ channel: value, at: Number(read[index + 1]) }] : []));
        const nextAt = scored.find(({ at }) => at > now)?.at;
        return {
          channels: scored.filter(({ at }) => at <= now).map(({ channel }) => channel),
          ...(nextAt === undefined ? {} : { nextAt }),
        };
      }),
    illLanes: () =>
      ask("read which channels take nothing", async () =>
        Object.entries(await redis.hgetall(states)).flatMap(([channel, json]) => {
          const ill = readLaneState(json, log)?.ill;
          return ill === undefined ? [] : [{ channel, reason: ill.reason, since: ill.since }];
        }),
      ),
  };
}

type Turns = Pick<LanePort, "openLane" | "holdLane" | "begin" | "settle" | "restLane">;

function createTurns(redis: Redis, keys: Keys, log: Log): Turns {
  const { lanes, lane, lease, states, server, pending } = keys.outbox;
  const open = createScript(redis, openLua);
  const hold = createScript(redis, holdLua);
  const rest = createScript(redis, restLua);
  return {
    ...createSteps(redis, keys, log),
    openLane: (channel, { owner, forMs }, now) =>
      ask("open a lane", async () => {
        const read = await open([lease(channel), lanes, lane(channel), states, server], [owner, forMs, now, channel]);
        if (!Array.isArray(read)) return undefined;
        const [items, state, restartedAt] = read as [unknown, unknown, unknown];
        return {
          items: readAll(readLaneItem, items, log),
          state: readLaneState(state || undefined, log) ?? wellState,
          restartedAt: Number(restartedAt),
          token: now + forMs,
        };
      }),
    holdLane: async (channel, { owner, forMs }) => {
      await ask("hold a lane", () => hold([lease(channel)], [owner, forMs]));
    },
    restLane: async (channel, { owner }, { token, state }, nextAt) => {
      await ask("let go of a lane", () =>
        rest(
          [lease(channel), lanes, lane(channel), states, pending],
          [owner, channel, token, nextAt ?? "", JSON.stringify(state)],
        ),
      );
    },
  };
}

function createSteps(redis: Redis, keys: Keys, log: Log): Pick<LanePort, "begin" | "settle"> {
  const { lane, lease, states, pending } = keys.outbox;
  const beginScript = createScript(redis, beginLua);
  const settleScript = createScript(redis, settleLua);
  return {
    begin: (channel, { owner, forMs }, item) =>
      ask("begin a turn", async () => {
        const read = await beginScript(
          [lease(channel), lane(channel), pending, keys.messages(item.about)],
          [owner, forMs, ...beginArgs(item)],
        );
        return Array.isArray(read) ? toTurn(read, log) : undefined;
      }),
    settle: (channel, { owner }, settlement) =>
      ask("end a turn", async () => {
        const stood = await settleScript(
          [lease(channel), lane(channel), pending, keys.messages(settlement.item.about), states],
          [owner, channel, rememberSeconds, ...settleArgs(settlement)],
        );
        return readMessageRef(stood, log);
      }),
  };
}

function beginArgs(item: LaneItem): string[] {
  const { about, part, thread = "" } = item;
  return [fieldOf(item), keyOf(item), JSON.stringify({ ...item, tried: true }), part, thread, keyOf({ about, part: thread })];
}

function toTurn(read: readonly unknown[], log: Log): Turn {
  const [held, shown, parent, waits] = read;
  const [version = "", , ...json] = String(held).split("\n");
  return {
    message: readOutboxMessage(json.length === 0 ? undefined : json.join("\n"), log),
    version: Number(version),
    shown: readShown(shown || undefined, log),
    parent: readShown(parent || undefined, log),
    parentWaits: waits === 1,
  };
}

function settleArgs({ item, version, shown, what, next, state, sweep }: Settlement): (string | number)[] {
  const ended = [fieldOf(item), keyOf(item), what, version, item.part, shown === undefined ? "" : JSON.stringify(shown)];
  const swept = sweep === undefined ? ["", ""] : [fieldOf(sweep), JSON.stringify(sweep)];
  return [...ended, JSON.stringify(next), JSON.stringify(state), ...swept];
}
