import type { CulpritTruth } from "#sim/scenarios/story.ts";
import { findHeadlines, readHeadline } from "./headline.ts";
import { namingVersions, rollbacksIn, type Report, type Seen } from "./report.ts";

/** How strict to be. */
export interface Strictness {
  /** Do minutes count? Not in runs in which the program is killed. */
  readonly minutes: boolean;
}

/** Why a story failed, in a sentence; undefined when it did not. */
export function judge(report: Report, seen: Seen, strictness: Strictness): string | undefined {
  if (report.headlines === 0) return notFound;
  const { truth } = seen.story;
  const reasons = [...guessReasons(report, seen), ...settledReasons(report, seen), ...actReasons(seen)];
  if (truth.kind === "config" && report.recoveredAfterMinutes === null) reasons.push("it was not recovered");
  if (truth.kind === "culprit" && strictness.minutes) {
    reasons.push(...lateReasons(report), ...minuteReasons(report), ...ceilingReasons(seen));
  }
  return sentenceOf(reasons);
}

/** The same for a story that was left before anybody acted: what was told, how early and how often. */
export function judgeGuess(report: Report, seen: Seen): string | undefined {
  if (report.headlines === 0) return notFound;
  const late = seen.story.truth.kind === "culprit" ? [...lateReasons(report), ...ceilingReasons(seen)] : [];
  return sentenceOf([...guessReasons(report, seen), ...late]);
}

const notFound = "the incident was not found";

function sentenceOf(reasons: readonly string[]): string | undefined {
  return reasons.length > 0 ? reasons.join("; ") : undefined;
}

function guessReasons(report: Report, { messages, story }: Seen): string[] {
  const reasons: string[] = [];
  if (report.headlines > 1) reasons.push(`it was told ${report.headlines} times`);
  const shown = findHeadlines(messages, story.service).flatMap(({ versions }) => versions.map(readHeadline));
  if (shown.some(({ course }) => course.length > 1)) reasons.push("a headline showed its course twice");
  if (story.truth.kind === "nobody") {
    const naming = namingVersions(messages, story.service);
    if (naming > 0) reasons.push("a suspect was named where there is none");
    const last = findHeadlines(messages, story.service)[0]?.versions ?? [];
    if (!last.some((version) => readHeadline(version).saysNoSuspect)) reasons.push('the headline never said "No suspect"');
  }
  if (story.truth.kind === "culprit") reasons.push(...culpritReasons(report));
  if (story.truth.kind === "config") reasons.push(...configReasons(report));
  return reasons;
}

function settledReasons(report: Report, { messages, story }: Seen): string[] {
  if (report.settledAfterMinutes === null) return ["it did not settle"];
  return saysSettled(messages, story) ? [] : ["the headline does not say that it is settled"];
}

function saysSettled(messages: Seen["messages"], { service }: Seen["story"]): boolean {
  const last = findHeadlines(messages, service)[0]?.versions.at(-1);
  return last !== undefined && readHeadline(last).state === "Settled";
}

/** Each act reaches the cluster once. */
function actReasons({ story, observer }: Seen): string[] {
  const rollbacks = rollbacksIn(story, observer.writes);
  const caps = observer.writes.filter(({ kind, what }) => kind === "ceiling" && isLower(what));
  const reasons: string[] = [];
  if (rollbacks.length > 1) reasons.push(`the template was patched ${rollbacks.length} times`);
  // Once frozen, once lowered for good.
  if (caps.length > 2) reasons.push(`the ceiling was lowered ${caps.length} times`);
  if (story.truth.kind !== "culprit" && rollbacks.length > 0) reasons.push("something was rolled back without a culprit");
  return reasons;
}

function isLower(what: string): boolean {
  const [before = 0, after = 0] = what.split(" -> ").map(Number);
  return after < before;
}

function culpritReasons({ culpritRank }: Report): string[] {
  if (culpritRank === 1) return [];
  return [
    culpritRank === null
      ? "the culprit was not named when Roll back was pressed (or it never was)"
      : `the culprit was number ${culpritRank}`,
  ];
}

function configReasons({ culpritRank }: Report): string[] {
  if (culpritRank === null) return ["the change of configuration was not named"];
  return culpritRank === 1 ? [] : [`the change of configuration was number ${culpritRank}`];
}

/** At a low ceiling the count tells little: what counts is how soon after that, or at how much more demand. */
function ceilingReasons({ story, messages, observer: { samples } }: Seen): string[] {
  const [told] = findHeadlines(messages, story.service).flatMap(({ versions }) => versions.map(({ clockAt }) => clockAt));
  const { ceiling } = story.truth as Partial<CulpritTruth>;
  if (ceiling === undefined || told === undefined) return [];
  const hit = samples.find(({ desired }) => desired >= ceiling)?.at ?? told;
  const demand = Number(samples.findLast(({ at }) => at <= told)?.wanted) / ceiling;
  const minutes = Math.round((told - hit) / 6_000) / 10;
  if (minutes <= 5 || demand <= 3) return [];
  return [`told ${minutes} min after the ceiling was hit, with ${demand.toFixed(1)} times its demand`];
}

function lateReasons({ replicasAtDetection: replicas, replicasUsual: usual }: Report): string[] {
  if (replicas === null || usual === null || replicas <= usual * 4) return [];
  return [`detected at ${replicas} replicas, more than 4 times ${usual}`];
}

function minuteReasons(report: Report): string[] {
  const late = (what: string, minutes: number | null, most: number) =>
    minutes === null ? [`it was not ${what}`] : minutes > most ? [`${what} after ${minutes} min, at most ${most} allowed`] : [];
  return [
    ...late("mitigated", report.mitigatedAfterMinutes, 5),
    ...late("recovered", report.recoveredAfterMinutes, 20),
    ...(report.settledAfterMinutes === null ? [] : late("settled", report.settledAfterMinutes, 40)),
  ];
}
