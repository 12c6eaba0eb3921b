import { findHeadlines, readHeadline, type Headline, type NamedSuspect } from "./headline.ts";
import { momentsOf, usualOf, type UsualLevels } from "./measure.ts";
import type { Observer, Write } from "./observer.ts";
import type { Story } from "#sim/scenarios/story.ts";
import type { Message } from "#sim/slack/types.ts";

/** What a story came to, in scenario minutes; every field is read from Slack's and the cluster's side. Null: it did not happen. */
export interface Report {
  readonly scenario: string;
  readonly seed: number;
  readonly replicasUsual: number | null;
  readonly replicasAtDetection: number | null;
  readonly nodesAtDetection: number | null;
  /** From the bad rollout (or the first rise of traffic) to the first message. */
  readonly detectedAfterMinutes: number | null;
  readonly culpritRank: number | null;
  /** 0 to 1. */
  readonly culpritProbability: number | null;
  /** From the first message, as are the next two. */
  readonly mitigatedAfterMinutes: number | null;
  readonly recoveredAfterMinutes: number | null;
  readonly settledAfterMinutes: number | null;
  readonly headlines: number;
  /** What the first headline shows its course with in the end. */
  readonly course: "chart" | "picture" | null;
  readonly slackMessages: number;
  /** Why it failed; absent when it did not. */
  readonly failure?: string;
}

/** What was seen of a story. */
export interface Seen {
  readonly story: Story;
  readonly observer: Pick<Observer, "samples" | "writes">;
  /** All messages of the channel, threads too. */
  readonly messages: readonly Message[];
  /** The headline as it stood when Roll back was pressed. */
  readonly atRollback: Headline | undefined;
  /** The same for the moment at which somebody took a configuration back by hand. */
  readonly atUndo?: Headline | undefined;
}

const minuteMs = 60_000;

/** Measures a story. Says nothing about right or wrong: `judge` does. */
export function measure(seen: Seen): Report {
  const { story, messages } = seen;
  const headlines = findHeadlines(messages, story.service);
  const told = headlines[0]?.versions[0]?.clockAt;
  return {
    scenario: story.name,
    seed: story.seed,
    ...detectionOf(seen, told),
    ...culpritIn(seen),
    ...endOf(seen, told),
    headlines: headlines.length,
    course: headlines[0]?.versions.map(readHeadline).at(-1)?.course[0] ?? null,
    slackMessages: messages.filter((message) => !message.ephemeralFor).length,
  };
}

function usualIn({ story, observer }: Seen): UsualLevels {
  return usualOf(observer.samples.filter(({ at }) => at < firstEventAt(story)));
}

type Detection = Pick<Report, "replicasUsual" | "replicasAtDetection" | "nodesAtDetection" | "detectedAfterMinutes">;

function detectionOf(seen: Seen, told: number | undefined): Detection {
  const { replicas } = usualIn(seen);
  const replicasUsual = Number.isFinite(replicas) ? replicas : null;
  if (told === undefined) return { replicasUsual, replicasAtDetection: null, nodesAtDetection: null, detectedAfterMinutes: null };
  const then = seen.observer.samples.findLast(({ at }) => at <= told);
  const from = seen.story.startsAt + seen.story.truth.from * minuteMs;
  return {
    replicasUsual,
    replicasAtDetection: then?.desired ?? null,
    nodesAtDetection: then?.nodes ?? null,
    detectedAfterMinutes: minutesBetween(from, told),
  };
}

type End = Pick<Report, "mitigatedAfterMinutes" | "recoveredAfterMinutes" | "settledAfterMinutes">;

function endOf(seen: Seen, told: number | undefined): End {
  if (told === undefined) return { mitigatedAfterMinutes: null, recoveredAfterMinutes: null, settledAfterMinutes: null };
  const moments = momentsOf(seen.observer.samples, usualIn(seen), (image) => isBad(seen.story, image), told);
  return {
    mitigatedAfterMinutes: minutesBetween(told, moments.mitigatedAt),
    recoveredAfterMinutes: minutesBetween(told, moments.recoveredAt),
    settledAfterMinutes: minutesBetween(told, moments.settledAt),
  };
}

function minutesBetween(from: number, to: number | undefined): number | null {
  return to === undefined ? null : Math.round((to - from) / 6_000) / 10;
}

function firstEventAt(story: Story): number {
  const first = story.events.find(
    (event) => event.kind !== "landing" && (event.kind !== "rollout" || event.workload === story.service.name),
  );
  return story.startsAt + Math.min(first?.at ?? Infinity, story.truth.from) * minuteMs;
}

function isBad({ events, past, truth }: Story, image: string): boolean {
  if (truth.kind !== "culprit") return false;
  const rollouts = [...past, ...events.filter((event) => event.kind === "rollout")];
  return rollouts.some((rollout) => rollout.image === image && truth.bad.includes(rollout.sha));
}

function culpritIn({ story, messages, atRollback, atUndo }: Seen): Pick<Report, "culpritRank" | "culpritProbability"> {
  const last = findHeadlines(messages, story.service)[0]?.versions.map(readHeadline);
  const headline = story.truth.kind === "config" ? (atUndo ?? last?.findLast(({ suspects }) => suspects.length > 0)) : atRollback;
  const found = headline?.suspects.find((suspect) => isGuilty(story, suspect));
  return { culpritRank: found?.rank ?? null, culpritProbability: found ? found.percent / 100 : null };
}

/** Is that what was done? A configuration's deed is its object as well as the landing that brought it. */
export function isGuilty({ truth }: Pick<Story, "truth">, { sha, text }: Pick<NamedSuspect, "sha" | "text">): boolean {
  if (truth.kind === "nobody") return false;
  if (sha !== undefined) return sha === truth.sha;
  return truth.kind === "config" && text.includes(truth.object.kind) && text.includes(truth.object.name);
}

/** The report of a story that could not even begin. */
export function unplayed(story: Story, failure: string): Report {
  const seen = { story, observer: { samples: [], writes: [] }, messages: [], atRollback: undefined };
  return { ...measure(seen), failure };
}

/** Rollbacks among the writes: templates whose image no pipeline of the story rolled out. */
export function rollbacksIn(story: Story, writes: readonly Write[]): Write[] {
  const rolledOut = new Set(story.events.flatMap((event) => (event.kind === "rollout" ? [event.image] : [])));
  return writes.filter(({ kind, what }) => kind === "template" && !rolledOut.has(what));
}

/** Versions of a headline that name a change. */
export function namingVersions(messages: readonly Message[], about?: Story["service"]): number {
  return findHeadlines(messages, about)
    .flatMap(({ versions }) => versions)
    .filter((version) => readHeadline(version).suspects.length > 0).length;
}
