import { findHeadlines, readHeadline } from "./headline.ts";
import type { Observer } from "./observer.ts";
import { judge, judgeGuess } from "./judge.ts";
import { killNowAndThen } from "./kills.ts";
import { lastLines } from "./program.ts";
import { isGuilty, measure, type Report } from "./report.ts";
import { playEvents, takeBack } from "./player.ts";
import { castOf, channel } from "./cast.ts";
import { startOnCall, type OnCall, type OnCallOptions } from "./on-call.ts";
import type { StorySet } from "./set.ts";
import type { Teller } from "./telling.ts";

const minuteMs = 60_000;

/**
 * When a story ends: at its last minute; some minutes after it settled; or five minutes after the first message, in which nobody
 * presses anything: then only what was told is judged.
 */
export type Until = "end" | "settled" | "guess";

export interface PlayOptions {
  /** How often the program is SIGKILLed on the way. */
  readonly kills: number;
  readonly until: Until;
  readonly teller: Teller;
  /** Watches from the story's beginning on; `show` uses the same. */
  readonly observer: Observer;
}

/** Plays a story with the on-call's presses and reports. */
export async function playStory(set: StorySet, options: PlayOptions, outer?: AbortSignal): Promise<Report> {
  const { story, clock, program } = set;
  const stop = new AbortController();
  const signal = outer ? AbortSignal.any([outer, stop.signal]) : stop.signal;
  const { teller, observer } = options;
  const onCall = options.until === "guess" ? onlyReads(set) : startOnCall(onCallOf(set, teller), signal);
  const player = playEvents({ ...set, tell: teller.event }, signal);
  let broken: string | undefined;
  const killer = killNowAndThen({ story, clock, program, count: options.kills, tell: teller.say }, signal).catch(
    (error: unknown) => {
      broken = `the program did not come back: ${String(error)}`;
      stop.abort();
    },
  );
  const telling = teller.follow(observer, signal);
  try {
    await untilOver(set, options, signal);
  } finally {
    stop.abort();
    await Promise.allSettled([onCall.done, player, killer, telling]);
  }
  return await concluded(set, onCall, options, broken);
}

function onCallOf(set: StorySet, teller: Teller): OnCallOptions {
  const { story, clock, slack } = set;
  return {
    slack,
    clock,
    channel,
    user: castOf(story).onCall.id,
    second: castOf(story).second.id,
    seed: story.seed,
    runDownMigration: () => runDownMigration(set, teller),
    about: story.service,
    ...(story.truth.kind === "config" ? { undo: undoOf(set, teller) } : {}),
    tell: (what) => teller.say(`on-call ${what}`),
  };
}

/** Somebody who presses nothing: what they could have acted on is the headline as it stands at the end. */
function onlyReads({ slack, story }: StorySet): OnCall & { readonly done: Promise<void> } {
  const read = () => {
    const version = findHeadlines(slack.messages(channel), story.service)[0]?.versions.at(-1);
    return version && readHeadline(version);
  };
  return { done: Promise.resolve(), atRollback: read, atUndo: read, presses: () => [] };
}

async function concluded(
  set: StorySet,
  onCall: OnCall,
  { kills, until, observer }: PlayOptions,
  broken?: string,
): Promise<Report> {
  const { story, slack, program } = set;
  const [atRollback, atUndo] = [onCall.atRollback(), onCall.atUndo()];
  const seen = { story, observer, messages: slack.messages(channel), atRollback, atUndo };
  const report = measure(seen);
  const crashed = program.crashed();
  const crash = crashed
    ? `the program ended by itself (${crashed}): ${(await lastLines(program.logFile, 3)).slice(-400)}`
    : undefined;
  const verdict = until === "guess" ? judgeGuess(report, seen) : judge(report, seen, { minutes: kills === 0 });
  const failure = [verdict, broken, crash].filter(Boolean).join("; ");
  return failure ? { ...report, failure } : report;
}

/** What a person does at the database's console, when a modal asks for it. */
export function runDownMigration({ story, cluster }: Pick<StorySet, "story" | "cluster">, teller: Pick<Teller, "say">): void {
  if (story.truth.kind !== "culprit" || !story.truth.schema) return;
  const { database, before } = story.truth.schema;
  cluster.setSchema(database, before);
  teller.say(`down-migration of ${database} to schema ${before}`);
}

/** What the owner of a configuration does when the headline points at it: takes it back, by their own means. */
function undoOf({ story, cluster }: StorySet, teller: Pick<Teller, "say">): NonNullable<OnCallOptions["undo"]> {
  return {
    isNamedBy: ({ suspects }) => suspects[0] !== undefined && isGuilty(story, suspects[0]),
    run: () => {
      takeBack(story, cluster);
      teller.say("the owner takes the configuration back");
    },
  };
}

/** Until its last minute, or a crash. */
async function untilOver(set: StorySet, { until, kills }: PlayOptions, signal: AbortSignal): Promise<void> {
  const { story, clock, program } = set;
  const crashed = () => kills === 0 && program.crashed() !== undefined;
  let settledAt: number | undefined;
  while (!signal.aborted && !crashed()) {
    await clock.sleep(15_000, signal);
    const minute = (clock.now() - story.startsAt) / minuteMs;
    if (isSettled(set)) settledAt ??= minute;
    if (minute > lastMinute(set, kills === 0 ? until : "end", settledAt)) return;
  }
}

const untold = 45;
const afterSettled = 10;
const afterTold = 5;

/** Half as long again as the story where it has not settled by then. */
function lastMinute({ story, slack }: StorySet, until: Until, settledAt: number | undefined): number {
  const toldAt = findHeadlines(slack.messages(channel), story.service)[0]?.versions[0]?.clockAt;
  if (until !== "end" && toldAt === undefined) return story.truth.from + untold;
  if (until === "guess" && toldAt !== undefined) return (toldAt - story.startsAt) / minuteMs + afterTold;
  if (settledAt === undefined) return story.minutes * 1.5;
  return until === "settled" ? settledAt + afterSettled : story.minutes;
}

function isSettled({ slack, story }: StorySet): boolean {
  const versions = findHeadlines(slack.messages(channel), story.service)[0]?.versions;
  const last = versions?.at(-1);
  return last !== undefined && readHeadline(last).state === "Settled";
}
