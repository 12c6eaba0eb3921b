import type { Redis } from "ioredis";
import type { FollowerPort } from "#domain/ports/quiet.ts";
import type { Log } from "#lib/log.ts";
import { ask } from "./ask.ts";
import { readAll } from "./door.ts";
import { readFollower, readWaiting } from "./quiet-door.ts";
import type { Keys } from "./keys.ts";

/** Who follows what: a hash by person; and for each a hash of what waits, by incident. */
export function createFollowers(redis: Redis, keys: Keys, log: Log): FollowerPort {
  const forget = (user: string) =>
    ask("forget somebody's subscriptions", async () => {
      await redis.hdel(keys.followers, user);
      await redis.del(keys.waiting(user));
    });
  return {
    saveFollower: async (follower) => {
      const { user, patterns, quiet } = follower;
      if (patterns.length === 0 && quiet === undefined) return forget(user);
      await ask("write somebody's subscriptions", () => redis.hset(keys.followers, user, JSON.stringify(follower)));
    },
    findFollower: (user) =>
      ask("read somebody's subscriptions", async () => readFollower(await redis.hget(keys.followers, user), log)),
    forgetFollower: forget,
    followers: () => ask("read subscriptions", async () => readAll(readFollower, await redis.hvals(keys.followers), log)),
    saveWaiting: async (user, waiting) => {
      const fields = [waiting.incidentId, JSON.stringify(waiting)];
      await ask("keep a direct message", () => redis.hset(keys.waiting(user), ...fields));
    },
    forgetWaiting: async (user, incidentIds) => {
      if (incidentIds.length > 0) await ask("forget a direct message", () => redis.hdel(keys.waiting(user), ...incidentIds));
    },
    waiting: async (user) => {
      const held = await ask("read direct messages that wait", () => redis.hvals(keys.waiting(user)));
      return readAll(readWaiting, held, log).toSorted((a, b) => a.at - b.at);
    },
  };
}
