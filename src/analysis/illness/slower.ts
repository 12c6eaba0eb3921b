import type { Signals } from "#domain/sample.ts";
import type { Instant } from "#domain/workload.ts";
import { between, median } from "#analysis/series.ts";
import { ratioText } from "#analysis/words.ts";
import { type Facts, type Rule, isRecent, revisionName } from "./facts.ts";

const MINUTE = 60_000;
/** Latency before a rollout is that of the half hour before it, and now that of the last five minutes. */
const BEFORE_MS = 30 * MINUTE;
const NOW_MS = 5 * MINUTE;
/** Pods that have just started are slow; so long after its beginning a rollout is judged. */
const WARM_MS = 8 * MINUTE;
const LEAST_POINTS = 5;
/** Twice as slow, and by so many seconds: milliseconds that double hurt nobody. */
const FACTOR = 2;
const LEAST_SECONDS = 0.02;
/** Load that moved by more than this explains the latency itself. */
const SAME_LOAD = 1.5;

/** Seconds a request before a rollout and now. */
export interface Latency {
  readonly before: number;
  readonly now: number;
}

/** Compares latency before a rollout with that of now; undefined where the series are too short, or the load is another. */
export function latencySince(signals: Signals, rolloutAt: Instant, now: Instant): Latency | undefined {
  if (now - rolloutAt < WARM_MS) return undefined;
  const latency = medians(signals.latencySeconds, rolloutAt, now);
  const load = medians(signals.requestsPerSecond, rolloutAt, now);
  if (!latency || !load || load.before <= 0 || load.now <= 0) return undefined;
  const moved = load.now / load.before;
  return moved <= SAME_LOAD && moved >= 1 / SAME_LOAD ? latency : undefined;
}

function medians(points: Signals["latencySeconds"], rolloutAt: Instant, now: Instant): Latency | undefined {
  const early = valuesBetween(points, rolloutAt - BEFORE_MS, rolloutAt);
  const late = valuesBetween(points, Math.max(rolloutAt, now - NOW_MS), now);
  const [before, after] = [median(early), median(late)];
  if (early.length < LEAST_POINTS || late.length < LEAST_POINTS || before === undefined || after === undefined) return undefined;
  return { before, now: after };
}

function valuesBetween(points: Signals["latencySeconds"], from: Instant, to: Instant): number[] {
  return between(points, from, to)
    .map(({ value }) => value)
    .filter((value) => Number.isFinite(value) && value >= 0);
}

/** Requests that take far longer since a rollout, under the same load. */
export const slower: Rule<Facts> = (facts) => {
  const { latency, state } = facts;
  if (!latency || !isRecent(facts)) return undefined;
  const { before, now } = latency;
  if (now < FACTOR * before || now - before < LEAST_SECONDS) return undefined;
  const times = before > 0 ? `${ratioText(now / before)} times as long` : "far longer";
  const text = `Since ${revisionName(state).toLowerCase()} began to roll out, requests take ${times}: ${inMs(now)} instead of ${inMs(before)}, under the same load.`;
  return { kind: "slower", value: Math.round(now * 1000), usual: Math.round(before * 1000), text, holdMs: 4 * MINUTE };
};

function inMs(seconds: number): string {
  return `${Math.round(seconds * 1000).toLocaleString("en-US")} ms`;
}
