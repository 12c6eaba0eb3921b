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
  const reasons = [...tellingReasons(report, seen), ...actReasons(seen)];
  const { truth } = seen.story;
  if (truth.kind === "culprit") reasons.push(...culpritReasons(report));
  if (truth.kind === "config") reasons.push(...configReasons(report));
  if (truth.kind === "culprit" && strictness.minutes) reasons.push(...minuteReasons(report), ...ceilingReasons(seen));
  return reasons.length > 0 ? reasons.join("; ") : undefined;
}

function tellingReasons(report: Report, { messages, story }: Seen): string[] {
  if (report.headlines === 0) return ["the incident was not found"];
  const reasons: string[] = [];
  if (report.headlines > 1) reasons.push(`it was told ${report.headlines} times`);
  if (story.truth.kind === "nobody") {
    const naming = namingVersions(messages, story.service);
    if (naming > 0) reasons.push("a suspect was named where there is none");
    const last = findHeadlines(messages, story.service)[0]?.versions ?? [];
    if (!last.some((version) => readHeadline(version).saysNoSuspect)) reasons.push('the headline never said "No suspect"');
  }
  if (report.settledAfterMinutes === null) reasons.push("it did not settle");
  else if (!saysSettled(messages, story)) reasons.push("the headline does not say that it is settled");
  return reasons;
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

function configReasons({ culpritRank, recoveredAfterMinutes }: Report): string[] {
  if (culpritRank === null) return ["the change of configuration was not named"];
  const rank = culpritRank === 1 ? [] : [`the change of configuration was number ${culpritRank}`];
  return recoveredAfterMinutes === null ? [...rank, "it was not recovered"] : rank;
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

function minuteReasons(report: Report): string[] {
  const { replicasAtDetection: replicas, replicasUsual: usual } = report;
  const late = (what: string, minutes: number | null, most: number) =>
    minutes === null ? [`it was not ${what}`] : minutes > most ? [`${what} after ${minutes} min, at most ${most} allowed`] : [];
  return [
    ...(replicas !== null && usual !== null && replicas > usual * 4
      ? [`detected at ${replicas} replicas, more than 4 times ${usual}`]
      : []),
    ...late("mitigated", report.mitigatedAfterMinutes, 5),
    ...late("recovered", report.recoveredAfterMinutes, 20),
    ...(report.settledAfterMinutes === null ? [] : late("settled", report.settledAfterMinutes, 40)),
  ];
}
