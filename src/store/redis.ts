import { Redis, type RedisOptions } from "ioredis";
import { ConfigurationError, messageOf } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";

/** Reads `redis://`, `rediss://`, `unix:///path/redis.sock` or a bare path (both with `?db=N`). Throws ConfigurationError. */
export function parseRedisUrl(text: string): RedisOptions {
  if (text.startsWith("/")) return parseSocket(text, text);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  switch (url?.protocol) {
    case "unix:":
      return parseSocket(text, decodeURIComponent(url.pathname) + url.search);
    case "redis:":
    case "rediss:":
      return parseHost(text, url);
    default:
      throw unreadable(text);
  }
}

function parseSocket(text: string, pathAndQuery: string): RedisOptions {
  const [path = "", query] = pathAndQuery.split("?", 2);
  if (path.length < 2) throw unreadable(text);
  return { path, db: parseDatabase(text, new URLSearchParams(query).get("db") ?? "0") };
}

function parseHost(text: string, url: URL): RedisOptions {
  if (!url.hostname) throw unreadable(text);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return {
    host,
    port: url.port ? Number(url.port) : 6379,
    db: parseDatabase(text, url.pathname.slice(1) || "0"),
    ...(url.username && { username: decodeURIComponent(url.username) }),
    ...(url.password && { password: decodeURIComponent(url.password) }),
    ...(url.protocol === "rediss:" && { tls: { servername: host } }),
  };
}

function parseDatabase(text: string, database: string): number {
  if (!/^\d{1,4}$/.test(database)) throw unreadable(text);
  return Number(database);
}

/** Never with the address itself: it may hold a password. */
function unreadable(text: string): ConfigurationError {
  const scheme = /^[a-z]+:/i.exec(text)?.[0] ?? "";
  return new ConfigurationError([
    `Cannot read REDIS_URL (it starts with "${scheme}"): expected redis://host:port/db, rediss://host:port/db or unix:///path/redis.sock.`,
  ]);
}

/**
 * - `ask`: short questions that wait out a reconnection of about a second, then fail.
 * - `submit`: fails at once while Redis is away, so that a webhook is answered with 503.
 * - `work`: waits for Redis as long as it takes.
 */
export type ConnectionUse = "ask" | "submit" | "work";

/** Wall milliseconds after which an answer that did not come counts as an outage. */
const answerWithinMs = 5_000;

const useOptions: Record<ConnectionUse, RedisOptions> = {
  ask: { maxRetriesPerRequest: 2, commandTimeout: answerWithinMs },
  submit: { maxRetriesPerRequest: 0, enableOfflineQueue: false, commandTimeout: answerWithinMs },
  work: { maxRetriesPerRequest: null },
};

/** Wall milliseconds without a byte while an answer is due: then the connection leads nowhere. Workers block for 10 s at most. */
const silentForMs = 25_000;

/** Starts connecting, and goes on trying for ever. Outages are logged once each. */
export function connectRedis(url: string, use: ConnectionUse, log: Log): Redis {
  const redis = new Redis({
    ...parseRedisUrl(url),
    ...useOptions[use],
    connectTimeout: 5_000,
    socketTimeout: silentForMs,
    connectionName: `k8s-why-${use}`,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 5), 1_000),
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
  });
  let away = false;
  redis.on("error", (error: unknown) => {
    if (!away) log.warn({ use, error: messageOf(error) }, "Redis does not answer");
    away = true;
  });
  redis.on("ready", () => {
    if (away) log.info({ use }, "Redis answers again");
    away = false;
  });
  return redis;
}
