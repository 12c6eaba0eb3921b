import type { Observation } from "#domain/ports/cluster.ts";
import { createObserver } from "#workflow/observe.ts";
import { createPreview, createRemediate } from "#workflow/steps.ts";
import { backoffMs } from "#lib/backoff.ts";
import { createClock } from "#lib/clock.ts";
import { createSteps } from "#actions/steps.ts";
import { defaultDetectSettings } from "#analysis/detect.ts";
import { findKubeProblem } from "#clients/kubernetes/ready.ts";
import type { KubeConnection } from "#clients/kubernetes/connection.ts";
import { messageOf } from "#lib/errors.ts";
import type { Parts, Role } from "#app/parts.ts";
import { runJob } from "#app/jobs.ts";
import { startClusterWatch } from "#watchers/kubernetes/watch.ts";

const wall = createClock();
/** Wall milliseconds between two writes of readings that nobody waits for. */
const flushEveryMs = 1_000;

/** The role `watch`: watches its cluster, keeps its baselines, detects, and carries out approved steps. */
export function startAgent(parts: Parts, connection: KubeConnection): Role {
  const { file, store, prometheus, enqueue, clock, log, queues } = parts;
  const { cluster } = file;
  const stop = new AbortController();
  const observer = createObserver({
    cluster,
    settings: { ...defaultDetectSettings, ...file.detection },
    now: clock.now,
    verbs: { ...store, replicaHistory: prometheus.replicaHistory, enqueue },
    log,
  });
  const bell = createBell();
  const steps = createSteps({ connection, cluster, clock, log });
  const preview = createPreview({ ...store, ...steps, enqueue });
  const act = createRemediate({ ...steps, enqueue }, clock.now);
  const worker = queues.startWorker(`steps-${cluster}`, 4, (job) => runJob({ preview, act }, job));
  const watch = startWatching(async () => {
    await untilDone(() => observer.learn(), "Normal is not known yet", parts, stop.signal);
    if (stop.signal.aborted) return undefined;
    const hear = (observation: Observation) => (observer.accept(observation) ? bell.ring() : undefined);
    return startClusterWatch({ connection, cluster, namespaces: file.namespaces, now: clock.now, log, emit: hear });
  });
  const flushing = flushUntil(stop.signal, bell, () => observer.flush(), parts);
  return {
    ready: async () =>
      (await findKubeProblem(connection)) ??
      (watch.current()?.synced() ? undefined : `The cluster "${cluster}" is not read completely yet.`),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      bell.ring();
      await worker[Symbol.asyncDispose]();
      await (await watch.started)?.[Symbol.asyncDispose]();
      await flushing;
    },
  };
}

type ClusterWatch = ReturnType<typeof startClusterWatch>;

function startWatching(start: () => Promise<ClusterWatch | undefined>) {
  let current: ClusterWatch | undefined;
  const started = start().then((watch) => (current = watch));
  return { started, current: () => current };
}

/** Tries again, with backoff, until it is done or the signal aborts. */
async function untilDone(run: () => Promise<void>, message: string, { log }: Parts, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      return await run();
    } catch (error) {
      log.warn({ attempt, error: messageOf(error) }, message);
      await wall.sleep(backoffMs(attempt, { baseMs: 200, maxMs: 10_000, random: Math.random }), signal);
    }
  }
}

/** Flushes once a second, and at once when the bell rings; what could not be sent stays pending. One last time at the end. */
async function flushUntil(signal: AbortSignal, bell: Bell, flush: () => Promise<void>, { log }: Parts): Promise<void> {
  for (let failures = 0; ;) {
    const last = signal.aborted;
    try {
      await flush();
      failures = 0;
    } catch (error) {
      failures++;
      log.warn({ failures, error: messageOf(error) }, "Readings are kept until Redis takes them");
    }
    if (last) return;
    await Promise.race([failures === 0 ? bell.rung() : wall.sleep(500), wall.sleep(flushEveryMs, signal)]);
  }
}

interface Bell {
  ring(): void;
  /** Resolves at the next ring, or at once when it rang since the last call. */
  rung(): Promise<void>;
}

function createBell(): Bell {
  let next = Promise.withResolvers<void>();
  return {
    ring: () => next.resolve(),
    rung: async () => {
      await next.promise;
      next = Promise.withResolvers<void>();
    },
  };
}
