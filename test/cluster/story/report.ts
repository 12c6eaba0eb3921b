import { findHeadlines } from "#sim/demo/headline.ts";
import { judge } from "#sim/demo/judge.ts";
import { measure, type Report, type Seen } from "#sim/demo/report.ts";
import type { FullSample } from "./observe.ts";
import type { Observer } from "#sim/demo/observer.ts";

/** The demo's report, and what only a real cluster can say. */
export interface RealReport extends Report {
  readonly replicasHighest: number;
  readonly nodesHighest: number;
  /** Resident memory of the program; the highest since the bad rollout, not while it started. */
  readonly programMegabytes: { readonly usual: number; readonly atTheHeight: number; readonly highest: number };
  /** Messages in the channel and its threads while the count was within a tenth of its highest. */
  readonly messagesUntilTheHeight: number;
  readonly presses: readonly string[];
  /** What was taken back, in this order. */
  readonly takenBack: readonly string[];
}

export interface RealSeen extends Omit<Seen, "observer"> {
  readonly observer: Pick<Observer, "writes"> & { readonly samples: readonly FullSample[] };
  readonly presses: readonly string[];
  readonly takenBack: readonly string[];
  /** It was to be taken back. */
  readonly undo: boolean;
  /** Minutes do not count where nobody pressed at once. */
  readonly holdUntil: number;
  readonly crash: string | undefined;
}

/** Measures and judges a run as the demo does. */
export function reportOf(seen: RealSeen): RealReport {
  const report = { ...measure(seen), ...detectionOf(seen) };
  const judged = seen.undo ? whyNotTakenBack(seen, report) : judge(report, seen, { minutes: seen.holdUntil === 0 });
  const failure = [judged, seen.crash].filter(Boolean).join("; ");
  const { presses, takenBack } = seen;
  return { ...report, ...heightOf(seen), presses, takenBack, ...(failure ? { failure } : {}) };
}

const undone = ["restore", "uncordon", "restore", "undo-rollback"];

/** Where minds are changed, ceilings and templates are written more than once, and the same trouble comes a second time: none of that is a fault. */
function whyNotTakenBack({ takenBack }: RealSeen, { settledAfterMinutes, culpritRank }: Report): string | undefined {
  if (settledAfterMinutes === null) return "it did not settle";
  if (culpritRank !== 1) return `the culprit was suspect number ${culpritRank}`;
  return takenBack.join() === undone.join() ? undefined : `taken back was ${takenBack.join(", ")}, and not ${undone.join(", ")}`;
}

/** The higher of the samples right before and right after the first message: in the five seconds between them the count may move. */
function detectionOf({
  observer: { samples },
  messages,
}: RealSeen): Partial<Pick<Report, "replicasAtDetection" | "nodesAtDetection">> {
  const told = findHeadlines(messages)[0]?.versions[0]?.clockAt;
  if (told === undefined) return {};
  const around = [samples.findLast(({ at }) => at <= told), samples.find(({ at }) => at > told)].filter(
    (sample) => sample !== undefined,
  );
  if (around.length === 0) return {};
  return {
    replicasAtDetection: Math.max(...around.map(({ desired }) => desired)),
    nodesAtDetection: Math.max(...around.map(({ nodes }) => nodes)),
  };
}

type Height = Pick<RealReport, "replicasHighest" | "nodesHighest" | "programMegabytes" | "messagesUntilTheHeight">;

function heightOf({ observer: { samples }, story, messages }: RealSeen): Height {
  const replicasHighest = Math.max(...samples.map(({ desired }) => desired));
  const height = samples.filter(({ desired }) => desired >= replicasHighest * 0.9);
  const until = height.at(-1)?.at ?? 0;
  const megabytes = (of: readonly FullSample[]) => Math.round(Math.max(...of.map(({ programBytes = 0 }) => programBytes)) / 1e6);
  const before = samples.filter(({ at }) => at < story.startsAt + story.truth.from * 60_000);
  return {
    replicasHighest,
    nodesHighest: Math.max(...samples.map(({ nodes }) => nodes)),
    programMegabytes: {
      usual: megabytes(before.slice(-12)),
      atTheHeight: megabytes(height),
      highest: megabytes(samples.filter((sample) => !before.includes(sample))),
    },
    messagesUntilTheHeight: messages.filter(({ versions }) => (versions[0]?.clockAt ?? Infinity) <= until).length,
  };
}
