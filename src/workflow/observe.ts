import type { Baseline } from "#domain/baseline.ts";
import type { ClusterPort, ExpectationPort } from "#domain/ports/store.ts";
import type { Observation, PrometheusPort } from "#domain/ports/cluster.ts";
import { type Instant, type WorkloadKey, type WorkloadState, workloadKey } from "#domain/workload.ts";
import { type DetectSettings, learn, observe, readingOf, usualOf } from "#analysis/detect.ts";
import { type Expected, createExpected } from "./expected.ts";
import { messageOf } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";
import type { Enqueue } from "./jobs.ts";
import { type Pending, flush } from "./send.ts";

type Verbs = Pick<
  ClusterPort,
  "loadBaselines" | "saveBaselines" | "saveWorkloads" | "forgetWorkloads" | "savePool" | "workloads"
> &
  Pick<ExpectationPort, "expectations" | "forgetExpectation"> &
  Pick<PrometheusPort, "replicaHistory"> & { readonly enqueue: Enqueue };

export interface ObserverOptions {
  readonly cluster: string;
  readonly settings: DetectSettings;
  readonly now: () => Instant;
  readonly verbs: Verbs;
  readonly log: Log;
}

/** Turns what the watch hears into stored state, changes and spikes. Nothing is dropped before Redis has it. */
export interface Observer {
  /** Takes one observation; returns true when it should be flushed soon. */
  accept(observation: Observation): boolean;
  /** Sends what is pending, in the order that a crash forgives: what was told is remembered last. */
  flush(): Promise<void>;
  /** Once the cluster is read completely: forgets stored workloads that it does not have any more. */
  forgetMissing(): Promise<void>;
  /** Does a workload run away now, by so many replicas that the cluster feels it? */
  runsAway(): boolean;
  /** Reads stored baselines, and learns from Prometheus what is not known. Call before the watch starts. */
  learn(): Promise<void>;
}

const week = 7 * 24 * 3_600_000;
const learnStepSeconds = 300;
const feltReplicas = 20;

/** Creates it; nothing runs until it is called. */
export function createObserver(options: ObserverOptions): Observer {
  const { cluster, verbs, now } = options;
  const known = new Map<WorkloadKey, Baseline>();
  const rollouts = new Map<WorkloadKey, Instant>();
  const heard = new Set<WorkloadKey>();
  const pending: Pending = { baselines: new Map(), states: new Map(), gone: new Set(), changes: new Map(), spikes: new Map() };
  /** At their ceiling, with more demand than that, and not told yet. */
  const pressed = new Map<WorkloadKey, WorkloadState>();
  const expected = createExpected(verbs, cluster, now);
  const judge = createJudge({ known, rollouts, pressed, pending, expected, settings: options.settings });

  const read = (state: WorkloadState): boolean => {
    const key = workloadKey(state.workload);
    heard.add(key);
    pending.states.set(key, state);
    pending.gone.delete(key);
    // A DaemonSet's count follows the nodes: it has no normal of its own.
    if (state.workload.kind === "DaemonSet") return false;
    return judge(state);
  };

  return {
    accept: (observation) => accept(observation, { read, known, rollouts, pressed, pending }),
    flush: async () => {
      judgePressed(pressed, judge, now(), 2 * options.settings.demandMs);
      await flush(cluster, pending, verbs);
      await expected.refresh();
    },
    forgetMissing: async () => {
      const stored = (await verbs.workloads(cluster)).map((state) => workloadKey(state.workload));
      const missing = stored.filter((key) => !heard.has(key));
      if (missing.length > 0) await verbs.forgetWorkloads(cluster, missing);
    },
    runsAway: () => [...known.values()].some(({ spike }) => spike && spike.highest - spike.baseline >= feltReplicas),
    learn: async () => {
      await expected.refresh();
      for (const baseline of await verbs.loadBaselines(cluster)) known.set(baseline.workload, baseline);
      await learnHistory(options, known, now());
    },
  };
}

/** A metric that stays as it is makes no reading, and yet the time counts; but what was seen long ago says nothing of now. */
function judgePressed(
  pressed: Map<WorkloadKey, WorkloadState>,
  judge: (state: WorkloadState) => boolean,
  at: Instant,
  forMs: number,
): void {
  for (const [key, state] of pressed) {
    if (at - state.at <= forMs) judge({ ...state, at });
    if (pressed.has(key)) pressed.set(key, state);
  }
}

interface Judging extends Pick<Hearing, "known" | "rollouts" | "pressed" | "pending"> {
  readonly expected: Expected;
  readonly settings: DetectSettings;
}

/** Takes a state into its baseline; true when there is something to tell. */
function createJudge({ known, rollouts, pressed, pending, expected, settings }: Judging): (state: WorkloadState) => boolean {
  return (state) => {
    const key = workloadKey(state.workload);
    const reading = { ...readingOf(state, rollouts.get(key)), expected: expected.timesOf(key, state.at) };
    const { baseline, spike, again } = observe(known.get(key), reading, settings);
    known.set(key, baseline);
    pending.baselines.set(key, baseline);
    if (baseline.demand && baseline.demand.toldAt === undefined) pressed.set(key, state);
    else pressed.delete(key);
    const told = spike ?? again;
    if (told) pending.spikes.set(key, { spike: told, state, peakReplicas: usualOf(baseline, told.startedAt).peakReplicas });
    return told !== undefined;
  };
}

interface Hearing {
  readonly read: (state: WorkloadState) => boolean;
  readonly known: Map<WorkloadKey, Baseline>;
  readonly rollouts: Map<WorkloadKey, Instant>;
  readonly pressed: Map<WorkloadKey, WorkloadState>;
  readonly pending: Pending;
}

function accept(observation: Observation, { read, known, rollouts, pressed, pending }: Hearing): boolean {
  switch (observation.kind) {
    case "workload":
      return read(observation.state);
    case "workload-gone":
      known.delete(observation.key);
      pressed.delete(observation.key);
      pending.states.delete(observation.key);
      pending.gone.add(observation.key);
      return false;
    case "pool":
      pending.pool = observation.pool;
      return false;
    case "change": {
      const { change } = observation;
      if (change.kind === "rollout") rollouts.set(change.workload, Math.max(change.at, rollouts.get(change.workload) ?? 0));
      pending.changes.set(change.id, change);
      return true;
    }
    case "event":
    case "node-autoscaler":
      return false;
  }
}

async function learnHistory(
  { cluster, verbs, log }: ObserverOptions,
  known: Map<WorkloadKey, Baseline>,
  at: Instant,
): Promise<void> {
  try {
    const history = await verbs.replicaHistory(cluster, at - week, at, learnStepSeconds);
    let learnt = 0;
    for (const [key, points] of history) {
      if (known.has(key) || points.length === 0) continue;
      known.set(key, learn(key, points, at));
      learnt++;
    }
    log.info({ cluster, learnt, stored: known.size - learnt }, "Normal is known");
  } catch (error) {
    log.warn({ cluster, error: messageOf(error) }, "Cannot read history from Prometheus; normal is learnt by watching");
  }
}
