import { leadOf } from "#domain/incident.ts";
import { count, duration, ratioText } from "#analysis/words.ts";
import { type ReportFacts, beganAt, ceilingBefore } from "./facts.ts";
import { moment, table } from "./markdown.ts";
import { seconds } from "./words.ts";

/** How bad it was: usual beside the highest, how long, and where it was going. */
export function impact(facts: ReportFacts): readonly string[] {
  const { incident } = facts;
  const { usual, peak } = incident;
  const perSecond = (value: number) => `${count(value)}/s`;
  const isCount = isAboutCounts(facts);
  const rows = [
    isCount ? row("Replicas", usual.replicas, peak.replicas, count) : undefined,
    row("Nodes", usual.nodes, peak.nodes === 0 ? undefined : peak.nodes, count),
    row("Requests", usual.requestsPerSecond, peak.requestsPerSecond, perSecond),
    row("Latency", usual.latencySeconds, peak.latencySeconds, seconds),
    row("CPU per request", usual.costPerRequest, peak.costPerRequest, seconds),
  ].filter((one) => one !== undefined);
  return [
    ...table(["", "Usual", "Highest seen", "Times usual"], rows),
    "",
    ...howLong(facts),
    ...ceiling(facts),
    ...whereTo(facts),
  ];
}

function row(what: string, usual: number | undefined, most: number | undefined, format: (value: number) => string) {
  if (most === undefined) return undefined;
  const times = usual === undefined || usual <= 0 ? "" : ratioText(most / usual);
  return [what, usual === undefined ? "not known" : format(usual), format(most), times];
}

function howLong({ incident, at }: ReportFacts): readonly string[] {
  const { recoveredAt, settledAt } = incident;
  const began = beganAt(incident);
  const parts = [
    recoveredAt === undefined ? undefined : `${duration(recoveredAt - began)} until it recovered`,
    settledAt === undefined ? `${duration(Math.max(0, at - began))} so far` : `${duration(settledAt - began)} until it settled`,
  ].filter((part) => part !== undefined);
  return [`- It took ${parts.join(", ")}.`];
}

function isAboutCounts({ incident }: ReportFacts): boolean {
  return leadOf(incident) === "runaway" || leadOf(incident) === "above-ceiling";
}

function ceiling(facts: ReportFacts): readonly string[] {
  const { incident } = facts;
  const most = ceilingBefore(incident);
  if (most === undefined || !isAboutCounts(facts)) return [];
  const { peakReplicas } = incident.usual;
  return [`- The autoscaler's ceiling was ${count(most)}; the usual peak is ${count(peakReplicas)}.`];
}

/** Where the count was going when somebody first acted: an estimate. */
function whereTo({ incident: { course } }: ReportFacts): readonly string[] {
  if (course?.most === undefined || course.perMinute <= 0 || course.most <= course.replicas) return [];
  const at = course.at + ((course.most - course.replicas) / course.perMinute) * 60_000;
  return [
    `- When somebody first acted, it grew by ${count(course.perMinute)} a minute. At that rate it would have reached ${count(course.most)} at ${moment(at)} (an estimate).`,
  ];
}
