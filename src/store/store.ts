import type { Redis } from "ioredis";
import type {
  AuditPort,
  ClaimPort,
  ClusterPort,
  ExpectationPort,
  IllnessPort,
  IncidentPort,
  IntentPort,
  LedgerPort,
  MessagePort,
  RightsPort,
  SamplePort,
  StopPort,
  VerdictPort,
} from "#domain/ports/store.ts";
import type { ToldPort } from "#domain/ports/told.ts";
import type { FollowerPort, SilencePort, WeatherPort } from "#domain/ports/quiet.ts";
import type { ReportLogPort } from "#domain/ports/report.ts";
import type { Instant } from "#domain/workload.ts";
import type { ChartPort, LanePort, OutboxPort } from "#domain/ports/outbox.ts";
import type { Log } from "#lib/log.ts";
import { createAudit } from "./audit.ts";
import { createCharts } from "./charts.ts";
import { createClaims, createIntents, createMessages } from "./claims.ts";
import { createClock } from "#lib/clock.ts";
import { createClusters } from "./clusters.ts";
import { createExpectations } from "./expectations.ts";
import { createFollowers } from "./followers.ts";
import { createIllnesses } from "./illnesses.ts";
import { createIncidents } from "./incidents.ts";
import { defaultPrefix, keysUnder } from "./keys.ts";
import { createLedger } from "./ledger.ts";
import { createLanes, createOutbox } from "./outbox.ts";
import { connectRedis } from "./redis.ts";
import { createReports } from "./reports.ts";
import { createRights } from "./rights.ts";
import { createSamples } from "./samples.ts";
import { createSilences } from "./silences.ts";
import { createStops } from "./stops.ts";
import { createTolds } from "./told.ts";
import { createVerdicts } from "./verdicts.ts";
import { createWeather } from "./weather.ts";

/** The memory. Every verb throws TemporaryError while Redis is away. */
export interface Store
  extends
    LedgerPort,
    ClusterPort,
    ExpectationPort,
    IllnessPort,
    IncidentPort,
    AuditPort,
    ClaimPort,
    MessagePort,
    IntentPort,
    VerdictPort,
    ToldPort,
    StopPort,
    RightsPort,
    ReportLogPort,
    OutboxPort,
    LanePort,
    ChartPort,
    SamplePort,
    SilencePort,
    FollowerPort,
    WeatherPort,
    AsyncDisposable {
  /** Undefined when all is well, else a sentence that says what is not. */
  ready(): Promise<string | undefined>;
}

export interface StoreOptions {
  /** `redis://`, `rediss://`, `unix:///path/redis.sock` or a bare path. */
  readonly url: string;
  /** Starts every key; keep the braces, they are a Redis Cluster hash tag. */
  readonly prefix?: string;
  readonly now: () => Instant;
  readonly log: Log;
}

/** Slack's limits are wall time, whatever clock the process has. */
const wall = createClock();

/** Connects in the background: verbs wait about a second for Redis, then say that it is away. */
export function connectStore({ url, prefix = defaultPrefix, now, log }: StoreOptions): Store {
  const redis = connectRedis(url, "ask", log);
  const keys = keysUnder(prefix);
  return {
    ...createLedger(redis, keys, now, log),
    ...createClusters(redis, keys, log),
    ...createExpectations(redis, keys, log),
    ...createIllnesses(redis, keys, log),
    ...createIncidents(redis, keys, now, log),
    ...createAudit(redis, keys, log),
    ...createClaims(redis, keys),
    ...createMessages(redis, keys, log),
    ...createIntents(redis, keys, log),
    ...createStops(redis, keys, log),
    ...createReports(redis, keys, log),
    ...createRights(redis, keys, log),
    ...createTolds(redis, keys, log),
    ...createSamples(redis, keys, log),
    ...createVerdicts(redis, keys, now, log),
    ...createOutbox(redis, keys, wall.now, log),
    ...createLanes(redis, keys, log),
    ...createCharts(redis, keys),
    ...createSilences(redis, keys, now, log),
    ...createFollowers(redis, keys, log),
    ...createWeather(redis, keys, log),
    ready: () => ready(redis),
    [Symbol.asyncDispose]: async () => redis.disconnect(),
  };
}

async function ready(redis: Redis): Promise<string | undefined> {
  try {
    const policy = /maxmemory_policy:(\S+)/.exec(await redis.info("memory"))?.[1];
    if (policy === undefined || policy === "noeviction") return undefined;
    return `Redis may throw away jobs: its maxmemory-policy is "${policy}", set it to "noeviction".`;
  } catch {
    return "Redis does not answer.";
  }
}
