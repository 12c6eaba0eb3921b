import { castOf, channel } from "#sim/demo/cast.ts";
import { createSimClock } from "#sim/clock.ts";
import { createTeller, type Teller } from "#sim/demo/telling.ts";
import { findHeadlines, readHeadline } from "#sim/demo/headline.ts";
import { lastLines } from "#sim/demo/program.ts";
import { startOnCall, takeBack, type OnCallOptions } from "#sim/demo/on-call.ts";
import { changeMinds, type TakeBack } from "./regrets.ts";
import { findGround } from "./control-plane.ts";
import { pause, startObserver, type FullSample } from "./observe.ts";
import { prepare, setStage, type Stage } from "./stage.ts";
import { reportOf, type RealReport } from "./report.ts";
import { transcriptOf } from "./transcript.ts";
import { rollOut } from "./admin.ts";
import { service, tellRunaway } from "./script.ts";
import type { Story, StoryEvent } from "#sim/scenarios/story.ts";
import type { StoryOptions } from "./options.ts";

const minuteMs = 60_000;
const clock = createSimClock();

/** What a run leaves behind. */
export interface Played {
  readonly report: RealReport;
  readonly story: Story;
  readonly samples: readonly FullSample[];
  readonly logFile: string;
  readonly transcript: string;
}

/** Plays the story once, on a fresh control plane (or the given cluster), until a while after it settled. */
export async function playOnce(
  options: StoryOptions,
  seed: number,
  print: (line: string) => void,
  outer: AbortSignal,
): Promise<Played> {
  await using ground = await findGround(options);
  const admin = await prepare(ground);
  const story = tellRunaway(seed, Date.now(), options.before);
  await using stage = await setStage(story, admin, ground);
  print(`The program's log: ${stage.program.logFile}`);
  await using observer = startObserver({ ...stage, service });
  const teller = createTeller({ story, clock, slack: stage.slack, channel, print });
  const stop = new AbortController();
  const signal = AbortSignal.any([outer, stop.signal]);
  const telling = teller.follow(observer, signal);
  const height = () => observer.samples.some(({ desired }) => desired >= options.holdUntil);
  let onCall: ReturnType<typeof startOnCall> | undefined;
  let idle = false;
  const takenBack: string[] = [];
  const people = peopleOf(story, stage, teller, () => idle);
  const takeItBack: TakeBack = async (id) => {
    const taken = await takeBack(people, id, signal);
    if (taken) takenBack.push(id);
    return taken;
  };
  const regrets = { story, stage, observer, teller, takeItBack, hold: (holds: boolean) => void (idle = holds) };
  const regretting = options.undo ? changeMinds(regrets, signal) : Promise.resolve();
  const pressing = (async () => {
    while (!signal.aborted && !height()) await pause(1_000, signal);
    if (signal.aborted) return;
    if (options.holdUntil > 0) teller.say(`the on-call begins to press, at ${observer.samples.at(-1)?.desired} replicas`);
    onCall = startOnCall(people, signal);
    await onCall.done;
  })();
  try {
    await playEvents(story, stage, teller, signal);
    await untilOver(story, stage, signal, () => (options.undo ? undoAll(takeItBack, teller, signal) : Promise.resolve()));
  } finally {
    stop.abort();
    await Promise.allSettled([pressing, telling, regretting]);
  }
  const crashed = stage.program.crashed();
  const crash = crashed ? `the program ended by itself (${crashed}): ${await lastLines(stage.program.logFile, 3)}` : undefined;
  const report = reportOf({
    story,
    observer,
    messages: stage.slack.messages(channel),
    atRollback: onCall?.atRollback(),
    presses: onCall?.presses() ?? [],
    takenBack,
    undo: options.undo ?? false,
    holdUntil: options.holdUntil,
    crash,
  });
  const transcript = transcriptOf(stage.slack.messages(channel), story.startsAt);
  return { report, story, samples: observer.samples, logFile: stage.program.logFile, transcript };
}

function peopleOf(story: Story, { slack }: Stage, teller: Teller, idle: () => boolean): OnCallOptions {
  return {
    slack,
    clock,
    channel,
    second: castOf(story).second.id,
    user: castOf(story).onCall.id,
    seed: story.seed,
    // There is no database in this cluster: the person ticks the box, and nothing else is to be done.
    runDownMigration: () => teller.say("on-call ticks that the migration was taken back"),
    idle,
    tell: (what) => teller.say(`on-call ${what}`),
  };
}

async function playEvents(story: Story, stage: Stage, teller: Teller, signal: AbortSignal): Promise<void> {
  for (const event of story.events) {
    await pause(story.startsAt + event.at * minuteMs - Date.now(), signal);
    if (signal.aborted) return;
    await happen(event, story, stage);
    teller.event(event);
  }
}

async function happen(event: StoryEvent, story: Story, { admin, github }: Stage): Promise<void> {
  if (event.kind === "landing") await github.push(story.repository.fullName, event.commits);
  if (event.kind === "rollout") await rollOut(admin, service, event.image, event.template);
}

/** Gives the ceiling back, and runs the template of before the rollback again: each through its modal, by as many people as it takes. */
async function undoAll(takeItBack: TakeBack, teller: Teller, signal: AbortSignal): Promise<void> {
  for (const id of ["restore", "undo-rollback"]) {
    teller.say(`taking back: ${id}`);
    if (!(await takeItBack(id))) teller.say(`${id} was not offered, or nothing came of it`);
    await pause(30_000, signal);
  }
}

/** Until six minutes after the headline says settled, the story's last minute, or a crash. */
async function untilOver(story: Story, { slack, program }: Stage, signal: AbortSignal, undo: () => Promise<void>): Promise<void> {
  let settledAt: number | undefined;
  while (!signal.aborted && program.crashed() === undefined) {
    await pause(5_000, signal);
    const last = findHeadlines(slack.messages(channel))[0]?.versions.at(-1);
    if (last && readHeadline(last).state === "Settled" && settledAt === undefined) {
      settledAt = Date.now();
      await undo();
    }
    if (Date.now() > Math.min((settledAt ?? Infinity) + 6 * minuteMs, story.startsAt + story.minutes * minuteMs)) return;
  }
}
