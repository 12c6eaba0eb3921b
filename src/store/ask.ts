import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { TemporaryError, messageOf } from "#lib/errors.ts";

/** Answers that no waiting changes: a fault of ours, or a missing right. */
const lasting = /^(ERR|WRONGTYPE|NOSCRIPT|NOAUTH|WRONGPASS|NOPERM|EXECABORT|CROSSSLOT)\b/;

/** Runs a question to Redis; an outage becomes TemporaryError. `what` completes "Cannot ...". */
export async function ask<T>(what: string, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    const message = `Cannot ${what}: ${messageOf(error)}`;
    throw lasting.test(messageOf(error)) ? new Error(message, { cause: error }) : new TemporaryError(message, { cause: error });
  }
}

/** A Lua script: atomic, one round trip. All its keys carry the same hash tag. */
export type Script = (keys: readonly string[], args: Args) => Promise<unknown>;
type Args = readonly (string | number)[];

/** Sends the script's digest, and its text only to a server that has not seen it. */
export function createScript(redis: Redis, lua: string): Script {
  const digest = createHash("sha1").update(lua).digest("hex");
  return async (keys, args) => {
    try {
      return await redis.evalsha(digest, keys.length, ...keys, ...args);
    } catch (error) {
      if (!messageOf(error).startsWith("NOSCRIPT")) throw error;
      return redis.eval(lua, keys.length, ...keys, ...args);
    }
  };
}

/** Runs a script once for each list of arguments, in one round trip; between the runs Redis serves others. */
export function createBatch(redis: Redis, lua: string): (keys: readonly string[], args: readonly Args[]) => Promise<unknown[]> {
  const digest = createHash("sha1").update(lua).digest("hex");
  return async (keys, runs) => {
    // The text goes along each time: a server that was restarted does not know it, and would cost another round trip.
    const batch = redis.pipeline().script("LOAD", lua);
    for (const args of runs) batch.evalsha(digest, keys.length, ...keys, ...args);
    const [, ...answers] = (await batch.exec()) ?? [];
    return answers.map(([error, answer]) => {
      if (error) throw error;
      return answer;
    });
  };
}

/** `items` in runs of at most `size`: Redis is single-threaded, a huge command holds up everybody. */
export function inChunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
