import type { Change } from "#domain/change.ts";
import type { Evidence, Suspect } from "#domain/diagnosis.ts";
import type { Instant, WorkloadKey } from "#domain/workload.ts";
import type { Ownership } from "#domain/ownership.ts";
import type { NamedSeries } from "#domain/sample.ts";
import type { Scene } from "./evidence/scene.ts";
import { correlate } from "./correlate.ts";
import { placesNamed } from "./named-places.ts";
import { createPast } from "./past/past.ts";
import { noneFromSeries, nothingOfService } from "./evidence/none.ts";
import { type RankOptions, rank } from "./rank.ts";
import { surveyOf } from "./evidence/survey.ts";

const HOUR = 3_600_000;
const WINDOW_MS = 72 * HOUR;
/** Changes older than this before the last question, or the last change, are forgotten. */
const KEPT_MS = 31 * 24 * HOUR;
const FORGET_EVERY = 5_000;

/** What is asked about a moment. */
export interface Question {
  readonly id: string;
  /** When it began to hurt. Nothing later is read. */
  readonly at: Instant;
  /** Milliseconds; 72 hours unless said. */
  readonly windowMs?: number;
  /** Id of a change that is no candidate, and of which nothing is learnt for this question. */
  readonly leaveOut?: string;
  /** Directories (or files) of the service that hurts, and whether somebody knows that or guesses it. */
  readonly service?: string | readonly string[];
  readonly sure?: boolean;
  readonly symptom?: string;
  readonly workload?: WorkloadKey;
  /** Names of what hurts: where no directory is known, those that are called so. */
  readonly services?: readonly string[];
  /** By name: `requests`, `replicas`, `latency`, `cpu`; others are not read. */
  readonly signals?: Readonly<Record<string, NamedSeries>>;
}

/** Every candidate, best first, and the chance that none did it. */
export interface HistoryAnswer {
  readonly suspects: readonly Suspect[];
  readonly none: number;
  readonly noneEvidence: readonly Evidence[];
}

/** A repository's changes as they come, and what they say about a moment. */
export interface History {
  /** Oldest first. */
  add(change: Change): void;
  rankAt(question: Question, options?: RankOptions): HistoryAnswer;
  /** What a question is judged by; for training. */
  sceneAt(question: Question): Scene;
}

/** Knows nothing yet. */
export function createHistory(): History {
  const past = createPast();
  const kept = createKept(past);
  const sceneAt = (question: Question): Scene => {
    const { at, leaveOut, windowMs = WINDOW_MS } = question;
    const workload = question.workload ?? "history/history/history";
    const onset = { at, clearAt: at, by: "replicas" } as const;
    const inTime = kept.upTo(at, leaveOut).filter((change) => change.at > at - windowMs);
    const ownership = ownershipIn(question, inTime);
    const own = ownership.paths;
    const window = correlate({ workload, changes: inTime, ownership, onset, windowMs, now: at });
    const [, namespace = "", name = ""] = workload.split("/");
    return {
      workload: { namespace, name },
      onset,
      window,
      ownership,
      own,
      alerts: [],
      regime: window.rollouts.length > 0 ? "rollouts" : "landings",
      past,
      survey: surveyOf(window.candidates, own, question.symptom),
    };
  };
  return {
    add: kept.add,
    rankAt: (question, options) => {
      const scene = sceneAt(question);
      const noneEvidence = [...nothingOfService(scene), ...noneFromSeries(question.signals ?? {})];
      const { suspects, none } = rank(scene.window.candidates, scene, noneEvidence, options);
      return { suspects, none, noneEvidence };
    },
    sceneAt,
  };
}

/** Where the service's code lies: what was said, else the directories that are called as what hurts is. */
function ownershipIn({ service = [], sure, services, workload }: Question, changes: readonly Change[]): Ownership {
  const said = typeof service === "string" ? [service] : service;
  const named = services ?? (workload === undefined ? [] : [workload]);
  const paths = said.length > 0 ? said : placesNamed(named, changes);
  return { paths, from: paths.length === 0 ? "unknown" : sure && said.length > 0 ? "configuration" : "name" };
}

/** The changes of the last month, and those from which nothing was learnt yet. */
interface Kept {
  readonly add: (change: Change) => void;
  /** Learns from what came up to a moment, and gives the changes of the month before it. */
  readonly upTo: (at: Instant, leaveOut: string | undefined) => readonly Change[];
}

function createKept(past: ReturnType<typeof createPast>): Kept {
  let changes: Change[] = [];
  let unlearnt: Change[] = [];
  let added = 0;
  const learn = (until: Instant, leaveOut?: string): void => {
    const later: Change[] = [];
    for (const change of unlearnt) {
      if (change.at > until || change.id === leaveOut) later.push(change);
      else if (change.kind === "landing") past.add(change);
    }
    unlearnt = later;
  };
  const forget = (before: Instant): void => {
    const from = changes.findIndex((change) => change.at > before);
    if (from > 1_000) changes = changes.slice(from);
  };
  return {
    add: (change) => {
      changes.push(change);
      unlearnt.push(change);
      added += 1;
      if (added % FORGET_EVERY !== 0) return;
      // However long nobody asks, memory does not grow with the history.
      learn(change.at - KEPT_MS);
      forget(change.at - KEPT_MS);
    },
    upTo: (at, leaveOut) => {
      learn(at, leaveOut);
      forget(at - KEPT_MS);
      return changes.filter((change) => change.at <= at && change.id !== leaveOut);
    },
  };
}
