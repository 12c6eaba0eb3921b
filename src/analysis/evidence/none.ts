import type { Evidence } from "#domain/diagnosis.ts";
import type { Window } from "#analysis/correlate.ts";
import type { Drift } from "#analysis/drift.ts";
import type { Onset } from "#analysis/onset.ts";
import { type Load, trafficShare } from "#analysis/traffic.ts";
import type { NamedSeries } from "#domain/sample.ts";
import type { Scene } from "./scene.ts";
import type { Shared } from "#analysis/common.ts";
import { duration, ratioText } from "#analysis/words.ts";
import { median } from "#analysis/series.ts";

/** What was seen over days, and of other workloads. */
interface Beside {
  readonly drift?: Drift;
  readonly shared?: Shared;
  /** How many times its level the count was at the same time a week before. */
  readonly lastWeek?: number;
}

/** Below this share of others that got slower too, they are callers and callees; at the upper one nobody doubts. */
const FEW = 0.4;
const MOST = 0.8;

/** Reasons for and against "no change did it". */
export function noneEvidence(load: Load, window: Window, onset: Onset, { drift, shared, lastWeek }: Beside = {}): Evidence[] {
  return [
    traffic(load),
    rolloutKnown(window, onset),
    drift && creeping(drift),
    shared && common(shared),
    lastWeek === undefined ? undefined : sameLastWeek(load, lastWeek),
  ].filter((evidence) => evidence !== undefined);
}

/** Requests rose as replicas did and cost the same as ever: traffic. Cost rose and requests did not: something changed. */
function traffic(load: Load): Evidence | undefined {
  const share = trafficShare(load);
  if (share === undefined || load.requests === undefined || load.cost === undefined) return undefined;
  const requests = ratioText(load.requests);
  const cost = ratioText(load.cost);
  if (share >= 0.6)
    return supports(
      "traffic",
      3 + 6 * Math.min(1, (share - 0.6) / 0.3),
      `Requests rose to ${requests} times usual, replicas to ${ratioText(load.replicas)} times, and a request costs ${cost} times what it did: this looks like traffic.`,
    );
  if (share <= 0.35)
    return opposes(
      "cost-rose",
      1.5,
      `A request costs ${cost} times what it did, while requests are at ${requests} times usual: traffic does not explain it.`,
    );
  return undefined;
}

/** Most others got slower in the same minutes: something that they share did it. */
function common({ slower, others }: Shared): Evidence | undefined {
  const share = slower / others;
  if (share < FEW) return undefined;
  return supports(
    "common-cause",
    2 + 3 * Math.min(1, (share - FEW) / (MOST - FEW)),
    `The latency of ${slower} of ${others} other workloads rose in the same minutes: something that they share.`,
  );
}

/** The same climb a week before: a habit of the week, unless the same thing went wrong then too. */
function sameLastWeek({ replicas }: Load, lastWeek: number): Evidence | undefined {
  if (lastWeek < HABIT || Math.log(lastWeek) < 0.6 * Math.log(replicas)) return undefined;
  return supports(
    "same-last-week",
    1.5,
    `At the same time a week ago it climbed too, to ${ratioText(lastWeek)} times its level before.`,
  );
}

/** Less than this is no climb. */
const HABIT = 1.5;

function creeping({ growth, at, until }: Drift): Evidence {
  return opposes(
    "crept-up",
    1,
    `A request got dearer by ${Math.round(100 * (growth - 1))} % over the ${duration(until - at)} before the climb: something that runs since then piles up.`,
  );
}

function rolloutKnown({ preceding }: Window, onset: Onset): Evidence | undefined {
  return preceding && preceding.at <= onset.at
    ? undefined
    : supports("no-rollout", 2, "No rollout of this workload is known in the window before the climb.");
}

/** From named series before and after a moment: did requests rise as much as replicas? */
export function noneFromSeries(signals: Readonly<Record<string, NamedSeries>>): Evidence[] {
  const factorOf = (name: string) => {
    const [before, after] = [signals[name]?.before, signals[name]?.after].map((points) =>
      median((points ?? []).map((point) => point.value)),
    );
    return before !== undefined && after !== undefined && before > 0 ? after / before : undefined;
  };
  const [replicas, requests, cpu] = [factorOf("replicas"), factorOf("requests"), factorOf("cpu")];
  const work = cpu ?? replicas;
  if (requests === undefined || work === undefined || requests <= 0) return [];
  const found = traffic({ replicas: replicas ?? 1, requests, cost: work / requests });
  return found ? [found] : [];
}

/** Where landings are all that is known, and none of them touches the service: told, and weighed with the prior. */
export function nothingOfService({ regime, own, survey }: Scene): Evidence[] {
  return regime === "landings" && own.length > 0 && survey.ofService === 0
    ? [{ kind: "nothing-of-service", for: true, weight: 0, text: "No change in the window touches the service." }]
    : [];
}

function supports(kind: string, weight: number, text: string): Evidence {
  return { kind, for: true, weight, text };
}

function opposes(kind: string, weight: number, text: string): Evidence {
  return { kind, for: false, weight, text };
}
