import { writeFile } from "node:fs/promises";
import { channel } from "./cast.ts";
import { createScreen, type Screen } from "./screen.ts";
import { createTeller } from "./telling.ts";
import { showStory, startStoryPage } from "./show.ts";
import { parseOptions, type DemoOptions } from "./options.ts";
import { startObserver } from "./observer.ts";
import { playAll } from "./all.ts";
import { playStory } from "./play.ts";
import { startRedis } from "./redis.ts";
import { startSet, type StorySet } from "./set.ts";
import { tellStory } from "#sim/scenarios/catalog.ts";
import type { Report } from "./report.ts";

/** Runs the demo's command line; resolves with the exit code. */
export async function runDemo(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv);
  if (typeof options === "number") return options;
  const stop = new AbortController();
  // The second Ctrl-C does not wait for anything to end well; children go with us either way.
  const interrupted = () => (stop.signal.aborted ? process.exit(130) : stop.abort());
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupted);
  const screen = createScreen(process.stdout);
  try {
    const code = options.all ? await runAll(options, screen, stop.signal) : await runOne(options, screen, stop.signal);
    return stop.signal.aborted && options.auto ? 130 : code;
  } catch (error) {
    screen.print(`\n${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

async function runAll(options: DemoOptions, screen: Screen, signal: AbortSignal): Promise<number> {
  const reports = await playAll({ ...options, print: (line) => screen.print(line) }, signal);
  await save(options, reports);
  const failed = reports.filter(({ failure }) => failure);
  screen.print(
    failed.length === 0 ? `\nAll ${reports.length} went as they should.` : `\n${failed.length} of ${reports.length} failed.`,
  );
  return failed.length === 0 ? 0 : 1;
}

async function runOne(options: DemoOptions, screen: Screen, signal: AbortSignal): Promise<number> {
  const story = tellStory(options.scenario, options.seed);
  screen.print(`${story.title} (${story.name}, seed ${story.seed}, ${options.speed} times the wall's clock)`);
  await using redis = await startRedis();
  await using set = await startSet(story, redis, options.speed);
  const code = options.auto ? await runAuto(set, options, screen, signal) : await runByHand(set, options, screen, signal);
  screen.print("");
  return code;
}

async function runAuto(set: StorySet, options: DemoOptions, screen: Screen, signal: AbortSignal): Promise<number> {
  const teller = createTeller({ ...set, channel, ...screen });
  await using observer = startObserver(set);
  await using stack = new AsyncDisposableStack();
  if (options.hold || options.port !== undefined) {
    const page = stack.use(await startStoryPage(set, observer, teller, options.port));
    screen.print(`Watch it at ${page.url}`);
  }
  const report = await playStory(set, { kills: options.kills, until: options.guess ? "guess" : "end", teller, observer }, signal);
  if (signal.aborted) return 130;
  await save(options, report);
  screen.print(`\n${JSON.stringify(report, undefined, 2)}`);
  if (report.failure) screen.print(`\nFailed: ${report.failure}\nThe program's log is kept: ${set.keepLog()}`);
  if (options.hold) await untilInterrupted(screen, signal);
  return report.failure ? 1 : 0;
}

async function untilInterrupted(screen: Screen, signal: AbortSignal): Promise<void> {
  screen.print("Everything keeps running until Ctrl-C.");
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

async function runByHand(set: StorySet, options: DemoOptions, screen: Screen, signal: AbortSignal): Promise<number> {
  const teller = createTeller({ ...set, channel, ...screen });
  await using observer = startObserver(set);
  await using page = await startStoryPage(set, observer, teller, options.port);
  const first = Math.max(
    1,
    Math.round(set.clock.toWall(set.story.startsAt + set.story.truth.from * 60_000 - set.clock.now()) / 1000),
  );
  screen.print(
    [
      "",
      `  Open ${page.url}`,
      "",
      `  It shows Slack. ${set.story.service.name} begins to climb in about ${first} s; a message then says so.`,
      "  The page says what to do. Take your time: the story waits for your presses, and grows meanwhile.",
      "  Ctrl-C ends it and takes everything away.",
      "",
    ].join("\n"),
  );
  await showStory(set, observer, teller, (line) => screen.print(line), signal);
  return 0;
}

async function save({ report: file }: DemoOptions, report: Report | readonly Report[]): Promise<void> {
  if (file) await writeFile(file, `${JSON.stringify(report, undefined, 2)}\n`);
}
