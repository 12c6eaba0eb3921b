import type { Observation } from "#domain/ports/cluster.ts";
import { type Observer, createObserver } from "#workflow/observe.ts";
import { beatUntil } from "#app/beat.ts";
import { createBell, flushUntil } from "#app/flush.ts";
import { askUntil, createIllness } from "#app/illness.ts";
import type { IllnessWatch } from "#workflow/illness.ts";
import { createReportInterruption } from "#workflow/report-interruption.ts";
import { createPreview, createRemediate } from "#workflow/steps.ts";
import { backoffMs } from "#lib/backoff.ts";
import { createClock } from "#lib/clock.ts";
import { createNonces } from "#actions/nonces.ts";
import { readRights, whyPersonMayNot } from "#actions/rights.ts";
import { createCheckRights } from "#workflow/rights.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import { createSteps } from "#actions/steps.ts";
import { foretell } from "#analysis/rollout/foretell.ts";
import { isProtected } from "#analysis/policy.ts";
import { defaultDetectSettings } from "#analysis/detect.ts";
import { findKubeProblem } from "#clients/kubernetes/ready.ts";
import type { KubeConnection } from "#clients/kubernetes/connection.ts";
import { messageOf } from "#lib/errors.ts";
import type { VerifyStep, WhyPersonMayNot } from "#domain/ports/gate.ts";
import { isSigned } from "#lib/signature.ts";
import type { Parts, Role } from "#app/parts.ts";
import { createAuditHeadKeeper, keepAuditHeadUntil } from "#app/audit-head.ts";
import { runJob } from "#app/jobs.ts";
import { startClusterWatch } from "#watchers/kubernetes/watch.ts";

const wall = createClock();

/** The role `watch`: watches its cluster, keeps its baselines, detects, and carries out approved steps. */
export function startAgent(parts: Parts, connection: KubeConnection): Role {
  const { file, clock, log } = parts;
  const { cluster } = file;
  const stop = new AbortController();
  const observer = createObserverOf(parts);
  const illness = createIllness(parts, () => observer.runsAway());
  const bell = createBell();
  const hands = startHands(parts, connection);
  const watch = startWatching(async () => {
    await untilDone(() => observer.learn(), "Normal is not known yet", parts, stop.signal);
    await untilDone(() => illness.recall(), "Illnesses are not known yet", parts, stop.signal);
    if (stop.signal.aborted) return undefined;
    const hear = (observation: Observation) => {
      illness.hear(observation);
      if (observer.accept(observation)) bell.ring();
    };
    return startClusterWatch({ connection, cluster, namespaces: file.namespaces, now: clock.now, log, emit: hear });
  });
  const synced = () => watch.current()?.synced() ?? false;
  let seen = false;
  const flush = createFlush(observer, illness, synced, () => seen);
  const flushing = flushUntil(stop.signal, bell, flush, log);
  const asking = askUntil(stop.signal, parts, illness);
  const auditHead = createAuditHeadKeeper({ ...parts, connection, namespace: parts.environment.POD_NAMESPACE });
  const telling = keepAuditHeadUntil(stop.signal, auditHead, log);
  const beating = beatUntil(stop.signal, parts, async () => (seen = synced() && !(await findKubeProblem(connection))));
  return {
    ready: async () =>
      (await findKubeProblem(connection)) ??
      (synced() ? auditHead.problem() : `The cluster "${cluster}" is not read completely yet.`),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      bell.ring();
      await hands[Symbol.asyncDispose]();
      await (await watch.started)?.[Symbol.asyncDispose]();
      await Promise.all([flushing, asking, beating, telling]);
    },
  };
}

function createObserverOf({ file, store, prometheus, enqueue, clock, log }: Parts): Observer {
  return createObserver({
    cluster: file.cluster,
    settings: { ...defaultDetectSettings, ...file.detection },
    now: clock.now,
    verbs: { ...store, replicaHistory: prometheus.replicaHistory, enqueue },
    log,
  });
}

/** Works on previews and approved steps of its cluster; of these, only what its own checks let through. */
function startHands(parts: Parts, connection: KubeConnection): AsyncDisposable {
  const { environment, file, keys, policy, store, queues, enqueue, clock, log } = parts;
  const { cluster, identities, mostNodes } = file;
  const isStopped = async () => (await store.findStop()) !== undefined;
  const downMigrations = new Map(file.downMigrations.map(({ workload, cronJob }) => [workload, cronJob]));
  const onInterrupted = createReportInterruption({ enqueue, now: clock.now });
  const isOff = (namespace: string) => isProtected(policy, namespace);
  const verdicts = { isStopped, isProtected: isOff, foretell };
  const steps = createSteps({ connection, cluster, clock, log, ...verdicts, downMigrations, onInterrupted, mostNodes });
  const nonces = createNonces(connection, environment.POD_NAMESPACE, clock.now);
  const verify: VerifyStep = (document, signature) => isSigned(document, signature, keys.verifying);
  const rightsTo = (workload: WorkloadRef) =>
    readRights({ connection, clock, ownNamespace: environment.POD_NAMESPACE }, workload);
  const rights = createCheckRights({ ...store, rightsTo, enqueue });
  const mayNot: WhyPersonMayNot = (identity, kind, workload) => whyPersonMayNot({ connection }, identity, kind, workload);
  const verbs = { ...store, ...steps, ...nonces, verify, whyPersonMayNot: mayNot, enqueue };
  const preview = createPreview(verbs, identities);
  const act = createRemediate({ verbs, cluster, policy, identities, now: clock.now });
  return queues.startWorker(`steps-${cluster}`, 4, (job) => runJob({ preview, act, rights }, job));
}

/** Sends what is pending, and looks for illnesses while the cluster is seen: nothing holds unseen. The first time after the cluster is read completely, also forgets what it does not have any more. */
function createFlush(observer: Observer, illness: IllnessWatch, synced: () => boolean, seen: () => boolean): () => Promise<void> {
  let compared = false;
  return async () => {
    await observer.flush();
    if (seen()) await illness.flush();
    if (compared || !synced()) return;
    await observer.forgetMissing();
    compared = true;
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
