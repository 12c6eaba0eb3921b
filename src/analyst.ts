import type { Parts, Role } from "#app/parts.ts";
import { createCommits } from "#workflow/commits.ts";
import { createInvestigate } from "#workflow/investigate.ts";
import { createMemo } from "#workflow/memo.ts";
import { createRecorder } from "#app/recorder.ts";
import { createOpen } from "#workflow/open.ts";
import { createReconcile, createRecordLandings } from "#workflow/record.ts";
import { createRecordAct } from "#workflow/steps.ts";
import { createTick } from "#workflow/tick.ts";
import { createTolerantSignals } from "#workflow/tolerant-signals.ts";
import type { PrometheusPort } from "#domain/ports/cluster.ts";
import { loadSqlParsers } from "#clients/sql/parsers.ts";
import { messageOf } from "#lib/errors.ts";
import { createOwnership } from "#workflow/ownership.ts";
import { createClock } from "#lib/clock.ts";
import { runJob } from "#app/jobs.ts";

const hourMs = 3_600_000;
const tickMs = 15_000;
const reconcileMs = 10 * 60_000;
const signalsBackMs = 10 * 60_000;
const wall = createClock();
/** Longer than a restart of the agent takes. Wall milliseconds. */
const blindWallMs = 15_000;

/** The role `analyze`: the only writer of the ledger and of incidents. */
export function startAnalyst(parts: Parts): Role {
  const { store, queues, enqueue, clock, log, file, github } = parts;
  const windowMs = file.windowHours * hourMs;
  const signals = createTolerantSignals(parts.prometheus.signals, log);
  const open = createOpen({ ...store, signals, enqueue });
  const tick = createTickOf(parts, signals, windowMs);
  const record = createRecordLandings({ ...store, ...github });
  const reconcile = createReconcile({ ...store, ...github }, { repositories: file.repositories, windowMs, now: clock.now, log });
  const acted = createRecordAct({ ...store, enqueue }, clock.now);
  const workers = [
    queues.startWorker("observations", 4, (job) =>
      runJob({ changes: (data) => store.addChanges(data.changes), spike: open }, job),
    ),
    queues.startWorker("incoming", 4, (job) =>
      runJob(
        {
          landings: record,
          reconcile,
          alerts: async ({ alerts }) => {
            for (const alert of alerts) await store.addAlert(alert);
          },
        },
        job,
      ),
    ),
    queues.startWorker("incidents", 4, (job) =>
      runJob({ tick: ({ incidentId }) => tick(incidentId), acted, interrupted: ({ entry }) => store.audit(entry) }, job),
    ),
  ];
  const stop = new AbortController();
  const rounds = makeRounds(parts, stop.signal);
  return {
    ready: () => store.ready(),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await Promise.all([rounds, ...workers.map((worker) => worker[Symbol.asyncDispose]())]);
    },
  };
}

function createTickOf(parts: Parts, signals: PrometheusPort["signals"], windowMs: number) {
  const { store, github, enqueue, clock, log, file } = parts;
  const recordings = parts.environment.K8S_WHY_RECORDINGS;
  const investigate = createInvestigate({
    verbs: {
      ...store,
      ...github,
      signals,
      latencies: parts.prometheus.latencies,
      loadSql: loadSqlParsers,
      ...createCodeVerbs(parts),
    },
    ...(recordings !== undefined && { record: createRecorder(recordings, log) }),
    windowMs,
    ranges: createMemo(200),
    files: createMemo(200),
    log,
  });
  const verbs = {
    ...store,
    investigate,
    enqueue,
    recentSignals: (key: string, now: number) => signals(key, now - signalsBackMs, now, 15),
  };
  return createTick({
    verbs,
    now: clock.now,
    everyMs: tickMs,
    capMargin: file.capMargin,
    blindAfterMs: Math.max(60_000, blindWallMs * clock.rate),
  });
}

/** Whose code a workload runs, and which commits of it. */
function createCodeVerbs({ github, imageCommit, file, log }: Parts) {
  return {
    ownershipOf: createOwnership({
      verbs: github,
      rules: file.ownership,
      repositories: file.repositories,
      layouts: createMemo(50),
      log,
    }),
    withCommits: createCommits({
      verbs: { ...github, imageCommit },
      deployments: createMemo(50),
      images: createMemo(500),
      log,
    }),
  };
}

/** At the start and every ten minutes: what landed unheard is read, and every open incident is looked at (a chain of ticks may have been cut). */
async function makeRounds({ store, enqueue, clock, log }: Parts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const round = clock.now();
      for (const { id } of await store.openIncidents()) {
        await enqueue("tick", { incidentId: id }, { id: `tick/${id}/round/${round}` });
        await enqueue("announce", { incidentId: id }, { id: `announce/${id}`, coalesce: true });
      }
      await enqueue("reconcile", {}, { id: "reconcile", coalesce: true });
      await clock.sleep(reconcileMs, signal);
    } catch (error) {
      log.warn({ error: messageOf(error) }, "Round is tried again");
      await wall.sleep(1_000, signal);
    }
  }
}
