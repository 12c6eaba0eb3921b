import type { Redis } from "ioredis";
import type { Weather } from "#domain/storm.ts";
import type { WeatherPort } from "#domain/ports/quiet.ts";
import { TemporaryError } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";
import { ask, createScript } from "./ask.ts";
import { readWeather } from "./quiet-door.ts";
import type { Keys } from "./keys.ts";

/** Each lost race means that somebody else won one. */
const maxRaces = 200;

/** What came to each channel of late: a text by compare-and-set. */
export function createWeather(redis: Redis, keys: Keys, log: Log): WeatherPort {
  const write = createScript(redis, writeLua);
  const find = (channel: string) => ask("read what came to a channel", () => redis.get(keys.weather(channel)));
  const read = (text: string | null): Weather => (text === null ? undefined : readWeather(text, log)) ?? { arrivals: [] };
  return {
    findWeather: async (channel) => read(await find(channel)),
    updateWeather: async (channel, change) => {
      for (let races = 0; races < maxRaces; races += 1) {
        const held = await find(channel);
        const current = read(held);
        const next = change(current);
        if (!next) return current;
        const args = [held ?? "", JSON.stringify(next)];
        if (await ask("write what came to a channel", () => write([keys.weather(channel)], args))) return next;
      }
      throw new TemporaryError(`Cannot write what came to a channel: others wrote it ${maxRaces} times in a row`);
    },
  };
}

const writeLua = `
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1`;
