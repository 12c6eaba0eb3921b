import type { Block } from "#bot/blocks.ts";
import { context, section } from "#bot/blocks.ts";
import { type Incident, type Situation, type Usual, leadOf } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import { count, counted, duration, ratio, seconds, shortName, when } from "#bot/words.ts";
import { illnessLines, renderTrouble } from "./trouble.ts";

/** What is going on: a line a sentence, then the readings with their usual. `hasTitle`: name and counts stand above it already. */
export function renderSituation(incident: Incident, now: Instant, hasTitle = false): Block[] {
  if (leadOf(incident) !== "runaway") return renderTrouble(incident, now, hasTitle);
  const sentences = [
    ...(hasTitle ? [] : [sizeSentence(incident)]),
    growthSentence(incident, now),
    ceilingSentence(incident, now),
    healthSentence(incident),
    basisSentence(incident),
  ];
  const told = sentences.filter((sentence) => sentence !== undefined);
  return [
    section(["*What is going on*", ...told, ...illnessLines(incident)].join("\n")),
    context(readings(incident).join(" · ")),
  ];
}

function sizeSentence({ workload, now, usual }: Incident): string {
  return `\`${shortName(workload, 130)}\` runs *${count(now.desired)}* replicas, usually *${count(usual.replicas)}*.`;
}

function growthSentence(incident: Incident, now: Instant): string {
  const { now: current, usual, status, lastRiseAt } = incident;
  const times = ratio(current.desired, usual.replicas);
  const isMore = current.desired > usual.replicas * 1.25 && times !== undefined;
  const size = isMore ? `It is at *${times} times* its usual count. ` : "";
  const since = when(growingSince(incident), now);
  return status === "open"
    ? `${size}It has been growing since ${since}.`
    : `${size}It began to grow at ${since} and last grew at ${when(lastRiseAt, now)}.`;
}

/** When the climb began: where the changes were looked at from, once they were, so that a card names one moment only. */
export function growingSince({ spike, diagnosis }: Pick<Incident, "spike" | "diagnosis">): Instant {
  return Math.min(spike.startedAt, diagnosis?.onsetAt ?? Infinity);
}

function ceilingSentence(
  { now: { at, desired, ceiling, ceilingAt }, usual, status }: Incident,
  now: Instant,
): string | undefined {
  if (ceiling === undefined) return "It has no autoscaler ceiling that we can see.";
  const above = ratio(ceiling, usual.replicas);
  const stands = `The autoscaler's ceiling is *${count(ceiling)}*${above === undefined ? "" : `, ${above} times usual`}`;
  if (desired >= ceiling) return `${stands}; it has been reached.`;
  return status === "open" && ceilingAt !== undefined
    ? `${stands}; at this rate it is reached in *${duration(ceilingAt - at)}*, at ${when(ceilingAt, now)}.`
    : `${stands}.`;
}

/** Ready pods are not health: said when all are ready and yet something costs much more than usual. */
function healthSentence({ now, usual }: Incident): string | undefined {
  const dearer = [
    worse("CPU per request", now.costPerRequest, usual.costPerRequest),
    worse("latency", now.latencySeconds, usual.latencySeconds),
  ].filter((part) => part !== undefined);
  if (dearer.length === 0) return undefined;
  const ready = now.ready >= now.desired ? `Ready ${count(now.ready)}/${count(now.desired)} is not health: ` : "";
  const said = `${ready}${dearer.join(", ")}.`;
  return said.charAt(0).toUpperCase() + said.slice(1);
}

function worse(what: string, value: number | undefined, usual: number | undefined): string | undefined {
  if (value === undefined || usual === undefined || !(value > 1.5 * usual)) return undefined;
  const times = ratio(value, usual);
  return times === undefined ? undefined : `${what} is ${times} times usual`;
}

function basisSentence({ usual }: Incident): string | undefined {
  return usual.basis === "before-last-rollout"
    ? "Less than a day of it is known: usual means the level before the last rollout."
    : undefined;
}

/** What the sentences above say already is not said again. */
function readings(incident: Incident): string[] {
  const { now, usual } = incident;
  const pending = now.pendingPods > 0 ? `, ${counted(now.pendingPods, "pod")} pending` : "";
  const toldReady = now.ready >= now.desired && healthSentence(incident) !== undefined;
  return [
    ...(toldReady ? [] : [`Ready ${count(now.ready)} of ${count(now.desired)}${surge(now)}`]),
    `Nodes ${usual.nodes === undefined ? "" : `${count(usual.nodes)} → `}${count(now.nodes)}${pending}`,
    ...reading("Latency", now.latencySeconds, usual.latencySeconds, seconds),
    ...reading("CPU per request", now.costPerRequest, usual.costPerRequest, seconds),
    ...reading("Requests", now.requestsPerSecond, usual.requestsPerSecond, (value) => `${count(value)}/s`),
  ];
}

function surge({ total, desired }: Situation): string {
  return total > desired ? ` (${count(total)} with the rollout's surge)` : "";
}

function reading(
  what: string,
  value: number | undefined,
  usual: Usual["latencySeconds"],
  format: (value: number) => string,
): string[] {
  if (value === undefined) return [];
  return [`${what} ${format(value)}${usual === undefined ? "" : `, usually ${format(usual)}`}`];
}
