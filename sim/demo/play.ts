import { findHeadlines, readHeadline } from "./headline.ts";
import type { Observer } from "./observer.ts";
import { judge } from "./judge.ts";
import { killNowAndThen } from "./kills.ts";
import { lastLines } from "./program.ts";
import { isGuilty, measure, type Report } from "./report.ts";
import { playEvents, takeBack } from "./player.ts";
import { castOf, channel } from "./cast.ts";
import { startOnCall, type OnCall, type OnCallOptions } from "./on-call.ts";
import type { StorySet } from "./set.ts";
import type { Teller } from "./telling.ts";

const minuteMs = 60_000;

export interface PlayOptions {
  /** How often the program is SIGKILLed on the way. */
  readonly kills: number;
  /** Stop some minutes after the end instead of playing all of the story. */
  readonly short: boolean;
  readonly teller: Teller;
  /** Watches from the story's beginning on; `show` uses the same. */
  readonly observer: Observer;
}

/** Plays a story with the on-call's presses and reports. */
export async function playStory(set: StorySet, options: PlayOptions, outer?: AbortSignal): Promise<Report> {
  const { story, clock, slack, program } = set;
  const stop = new AbortController();
  const signal = outer ? AbortSignal.any([outer, stop.signal]) : stop.signal;
  const { teller, observer } = options;
  const onCall = startOnCall(
    {
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
    },
    signal,
  );
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

async function concluded(set: StorySet, onCall: OnCall, { kills, observer }: PlayOptions, broken?: string): Promise<Report> {
  const { story, slack, program } = set;
  const [atRollback, atUndo] = [onCall.atRollback(), onCall.atUndo()];
  const seen = { story, observer, messages: slack.messages(channel), atRollback, atUndo };
  const report = measure(seen);
  const crashed = program.crashed();
  const crash = crashed
    ? `the program ended by itself (${crashed}): ${(await lastLines(program.logFile, 3)).slice(-400)}`
    : undefined;
  const failure = [judge(report, seen, { minutes: kills === 0 }), broken, crash].filter(Boolean).join("; ");
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

/** Until the story's last minute (half as long again where it has not settled by then), a crash, or, when short, a while after it settled. */
async function untilOver(set: StorySet, { short, kills }: PlayOptions, signal: AbortSignal): Promise<void> {
  const { story, clock, program } = set;
  const crashed = () => kills === 0 && program.crashed() !== undefined;
  let settledAt: number | undefined;
  while (!signal.aborted && !crashed()) {
    await clock.sleep(15_000, signal);
    const minute = (clock.now() - story.startsAt) / minuteMs;
    if (isSettled(set)) settledAt ??= minute;
    if (minute > lastMinute(set, short && kills === 0, settledAt)) return;
  }
}

function lastMinute({ story, slack }: StorySet, short: boolean, settledAt: number | undefined): number {
  if (short && findHeadlines(slack.messages(channel), story.service).length === 0) return story.truth.from + 45;
  if (settledAt === undefined) return story.minutes * 1.5;
  return short ? settledAt + 10 : story.minutes;
}

function isSettled({ slack, story }: StorySet): boolean {
  const versions = findHeadlines(slack.messages(channel), story.service)[0]?.versions;
  const last = versions?.at(-1);
  return last !== undefined && readHeadline(last).state === "Settled";
}
