import type { Incident } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import type { PrometheusPort } from "#domain/ports/cluster.ts";
import { type Signals, noSignals } from "#domain/sample.ts";
import { messageOf } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";
import { WEEK_MS } from "#analysis/last-week.ts";
import { createMemo } from "./memo.ts";

const daysStepSeconds = 600;
const weekStepSeconds = 120;
const HOUR_MS = 3_600_000;
/** The days before a spike do not change: they are read once for an incident. */
const incidentsHeld = 50;
const minuteMs = 60_000;
/** The hour before an onset, which may lie some time before the spike; and the minutes after. */
const othersBackMs = 90 * minuteMs;
const othersForMs = 6 * minuteMs;

type Latencies = Awaited<ReturnType<PrometheusPort["latencies"]>>;

interface Options {
  readonly verbs: Pick<PrometheusPort, "signals"> & Partial<Pick<PrometheusPort, "latencies">>;
  readonly windowMs: number;
  readonly log: Log;
}

/** What lies around an incident: its workload's days before, the same hours a week before, and how slow all workloads were when it began. */
export interface Surroundings {
  readonly days: Signals;
  readonly latencies?: Latencies;
  readonly lastWeek: Signals;
}

/** Reads them, and remembers what does not change; empty for what is no workload, and while Prometheus is away. */
export function createSurroundings(
  options: Options,
): (incident: Incident, now: Instant, known: boolean) => Promise<Surroundings> {
  const days = createDaysReader(options);
  const lastWeek = createLastWeekReader(options);
  const others = createOthersReader(options);
  return async (incident, now, known) => {
    if (!known) return { days: noSignals, lastWeek: noSignals };
    const [before, weekBefore, latencies] = await Promise.all([days(incident), lastWeek(incident), others(incident, now)]);
    return { days: before, lastWeek: weekBefore, latencies };
  };
}

/** The series of the days before a spike, ten minutes apart; an empty answer is asked for again. */
function createDaysReader({ verbs, windowMs }: Options): (incident: Incident) => Promise<Signals> {
  const held = createMemo<Signals>(incidentsHeld);
  return async ({ id, key, spike }) => {
    let read = noSignals;
    const ask = async () => {
      read = await verbs.signals(key, spike.startedAt - windowMs, spike.startedAt, daysStepSeconds);
      if (read.cpuCores.length === 0) throw new Error("Prometheus knows nothing of these days");
      return read;
    };
    return held(id, ask).catch(() => read);
  };
}

/** The series of the hours around the same time a week before; an onset may lie some time before the spike. */
function createLastWeekReader({ verbs }: Options): (incident: Incident) => Promise<Signals> {
  const held = createMemo<Signals>(incidentsHeld);
  return ({ id, key, spike }) => {
    const then = spike.startedAt - WEEK_MS;
    const ask = () => verbs.signals(key, then - 4 * HOUR_MS, then + HOUR_MS, weekStepSeconds);
    return held(id, ask).catch(() => noSignals);
  };
}

/** How slow all workloads were around an incident's beginning: asked once a minute while that is under way, then no more. */
function createOthersReader({ verbs, log }: Options): (incident: Incident, now: Instant) => Promise<Latencies | undefined> {
  const held = createMemo<Latencies>(incidentsHeld);
  return async ({ id, spike, workload }, now) => {
    const until = Math.min(now, spike.detectedAt + othersForMs);
    const read = async () => (await verbs.latencies?.(workload.cluster, spike.startedAt - othersBackMs, until, 30)) ?? new Map();
    try {
      return await held(`${id}@${Math.floor(until / minuteMs)}`, read);
    } catch (error) {
      log.warn({ incident: id, error: messageOf(error) }, "Cannot read how slow other workloads are");
      return undefined;
    }
  };
}
