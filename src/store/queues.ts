import { randomUUID } from "node:crypto";
import { Queue, type JobsOptions } from "bullmq";
import type { Clock } from "#lib/clock.ts";
import { TemporaryError, messageOf } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";
import { toJobId } from "./job-id.ts";
import { defaultPrefix } from "./keys.ts";
import { connectRedis } from "./redis.ts";
import { type HandleJob, startQueueWorker } from "./worker.ts";

/**
 * - `incoming`: webhooks and alerts, from serve to analyze.
 * - `observations`: changes and spikes, from the agents to analyze.
 * - `incidents`: investigate, verify, settle; analyze.
 * - `slack`: messages and previews to show.
 * - `steps-<cluster>`: previews and acts, down to that cluster's agent.
 */
export type QueueName = "incoming" | "observations" | "incidents" | "slack" | `steps-${string}`;

interface EnqueueOptions {
  /** Natural and deterministic: while a job with this id is waiting, running, or done for less than a day, it is not taken again. */
  readonly id: string;
  /** Clock milliseconds to wait. */
  readonly delayMs?: number;
  /**
   * For "show how it is now": the id may run again once it is done; one that waits already stands for this one (its data stays);
   * while one runs, one more runs after it, with the latest data. Never two at a time.
   */
  readonly coalesce?: boolean;
}

export interface Queues extends AsyncDisposable {
  /** Undefined while jobs are taken, else a sentence. */
  ready(): string | undefined;
  /** Resolves once Redis has the job. Throws TemporaryError at once while Redis is away. */
  enqueue(queue: QueueName, name: string, data: unknown, options: EnqueueOptions): Promise<void>;
  /** Works on a queue until disposed of; disposing waits for the running jobs, 20 s at most. */
  startWorker(queue: QueueName, concurrency: number, handle: HandleJob): AsyncDisposable;
}

export interface QueuesOptions {
  readonly url: string;
  /** As the store's: keep the braces. */
  readonly prefix?: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** The queues, on BullMQ. Connects in the background. */
export function createQueues({ url, prefix = defaultPrefix, clock, log }: QueuesOptions): Queues {
  const redis = connectRedis(url, "submit", log);
  const bullPrefix = `${prefix}:queue`;
  const queues = new Map<QueueName, Queue>();

  const open = (name: QueueName): Queue => {
    const known = queues.get(name);
    if (known) return known;
    const queue = new Queue(name, { connection: redis, prefix: bullPrefix, streams: { events: { maxLen: 100 } } });
    queue.on("error", () => {}); // The connection's own listener has logged it.
    queues.set(name, queue);
    return queue;
  };

  return {
    ready: () => (redis.status === "ready" ? undefined : "Redis does not answer."),
    enqueue: async (name, job, data, options) => {
      // BullMQ would wait for the connection without end.
      if (redis.status !== "ready") throw new TemporaryError(`Cannot enqueue "${job}": Redis does not answer`);
      try {
        await open(name).add(job, data, toJobsOptions(options, clock));
      } catch (error) {
        // A Queue whose set-up failed stays broken: the next call makes a new one.
        queues.delete(name);
        throw new TemporaryError(`Cannot enqueue "${job}": ${messageOf(error)}`, { cause: error });
      }
    },
    startWorker: (name, concurrency, handle) =>
      startQueueWorker({ url, prefix: bullPrefix, queue: name, concurrency, handle, log }),
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled([...queues.values()].map((queue) => queue.close()));
      redis.disconnect();
    },
  };
}

const daySeconds = 24 * 3_600;
/** Attempts of a job that fails for no outside reason; outages do not count (worker.ts). With the backoff about 20 minutes. */
const attempts = 25;

function toJobsOptions({ id, delayMs = 0, coalesce = false }: EnqueueOptions, clock: Clock): JobsOptions {
  const jobId = toJobId(id);
  return {
    // A coalesced job may be created while its forerunner still runs: each has an id of its own.
    jobId: coalesce ? `${jobId}/${randomUUID()}` : jobId,
    ...(coalesce && { deduplication: { id: jobId, keepLastIfActive: true } }),
    delay: Math.max(0, Math.ceil(clock.toWall(delayMs))),
    attempts,
    backoff: { type: "patient" },
    stackTraceLimit: 2,
    removeOnComplete: coalesce || { age: daySeconds, count: 5_000 },
    removeOnFail: { age: 7 * daySeconds, count: 5_000 },
  };
}
