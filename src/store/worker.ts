import { setTimeout as pause } from "node:timers/promises";
import { DelayedError, type Job, UnrecoverableError, Worker } from "bullmq";
import { backoffMs } from "#lib/backoff.ts";
import { createClock } from "#lib/clock.ts";
import { TemporaryError, messageOf } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";
import { connectRedis } from "./redis.ts";

/** A job as it is worked on. `attempt` is 1 the first time and counts every start, also those after a crash. */
export interface RunningJob {
  readonly id: string;
  readonly name: string;
  readonly data: unknown;
  readonly attempt: number;
}

/** Resolve: done. TemporaryError: again later, for up to a day. Any other error: again with backoff, 25 times. */
export type HandleJob = (job: RunningJob) => Promise<void>;

export interface WorkerSettings {
  readonly url: string;
  readonly prefix: string;
  readonly queue: string;
  readonly concurrency: number;
  readonly handle: HandleJob;
  readonly log: Log;
}

// All on the wall's clock, also where a story runs faster. A killed worker's job runs again after about lock + stalled interval.
const lockDuration = 6_000;
const stalledInterval = 3_000;
/** How often a job may lose its worker. The default, 1, would fail a job whose worker is killed twice. */
const maxStalledCount = 20;
/** BullMQ's timestamps are wall time. */
const wall = createClock();
const patience = { baseMs: 500, maxMs: 60_000, random: Math.random };
/** At a minute each about a day: then it is no outage any more. */
const maxStarts = 1_500;

/** Starts to work on a queue. */
export function startQueueWorker(settings: WorkerSettings): AsyncDisposable {
  const { url, prefix, queue, concurrency, log } = settings;
  const redis = connectRedis(url, "work", log);
  const worker = new Worker(queue, (job, token) => run(settings, job, token), {
    connection: redis,
    prefix,
    concurrency,
    lockDuration,
    stalledInterval,
    maxStalledCount,
    drainDelay: 2,
    runRetryDelay: 1_000,
    settings: { backoffStrategy: (attempts) => backoffMs(attempts - 1, patience) },
  });
  worker.on("error", (error) => log.debug({ queue, error: messageOf(error) }, "Worker's connection failed"));
  worker.on("stalled", (id) => log.warn({ queue, id }, "Job lost its worker and runs again"));
  worker.on("failed", (job, error) => reportFailure(log, queue, job, error));
  worker.on("completed", (job) => void dropBulk(job, log));
  return {
    [Symbol.asyncDispose]: async () => {
      // Without Redis a done job cannot be told from a lost one: no use in waiting for long.
      const closeWithinMs = redis.status === "ready" ? 20_000 : 2_000;
      if (!(await endsWithin(worker.close(), closeWithinMs))) {
        log.warn({ queue }, "Jobs still run; they are left to another worker");
        await endsWithin(worker.disconnect(), 1_000);
      }
      redis.disconnect();
    },
  };
}

async function run({ handle, queue, log }: WorkerSettings, job: Job, token: string | undefined): Promise<void> {
  try {
    await handle({ id: job.id ?? "", name: job.name, data: job.data, attempt: job.attemptsStarted });
  } catch (error) {
    if (!(error instanceof TemporaryError)) throw error;
    if (job.attemptsStarted >= maxStarts) throw new UnrecoverableError(error.message);
    const wait = Math.max(error.retryAfterMs ?? 0, backoffMs(job.attemptsStarted - 1, patience));
    log.info(
      { queue, id: job.id, attempt: job.attemptsStarted, waitMs: Math.round(wait), error: error.message },
      "Job waits for somebody who is away",
    );
    await job.moveToDelayed(wall.now() + wait, token);
    throw new DelayedError();
  }
}

function reportFailure(log: Log, queue: string, job: Job | undefined, error: Error): void {
  const fields = { queue, id: job?.id, attempt: job?.attemptsMade, error: error.message };
  if (job?.finishedOn) log.error({ ...fields, stack: error.stack }, "Job failed for good");
  else log.warn(fields, "Job failed and is tried again");
}

const bulkBytes = 4_096;

/** A done job is kept for its id only. Best effort: a crash before it leaves the data, which is harmless. */
async function dropBulk(job: Job, log: Log): Promise<void> {
  try {
    if (!job.opts.deduplication && JSON.stringify(job.data).length > bulkBytes) await job.updateData({});
  } catch (error) {
    log.debug({ id: job.id, error: messageOf(error) }, "Data of a done job stays");
  }
}

/** False when it did not end within `ms` wall milliseconds. */
function endsWithin(ending: Promise<unknown>, ms: number): Promise<boolean> {
  const ended = ending.then(
    () => true,
    () => true,
  );
  return Promise.race([ended, pause(ms, false, { ref: false })]);
}
