import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { storyNames, type StoryName } from "#sim/scenarios/story.ts";

/** What was asked for on the command line. */
export interface DemoOptions {
  readonly auto: boolean;
  readonly report?: string;
  readonly scenario: StoryName;
  /** What `--all` plays: the story that was named, or every one. */
  readonly scenarios: readonly StoryName[];
  readonly seed: number;
  /** Clock seconds a wall second. */
  readonly speed: number;
  readonly all: boolean;
  readonly seeds: number;
  readonly kills: number;
  /** Only up to the guess: nobody presses anything. */
  readonly guess: boolean;
  readonly port?: number;
  readonly hold: boolean;
}

/** So that a person can read along: the 90 minutes take six, and from the first message to the ceiling it is two. */
const readingSpeed = 15;
/** As fast as two cores take it: the 90 minutes take 90 s. */
const autoSpeed = 60;

/** Reads the command line; a number is the exit code (help was shown, or a sentence about what is wrong). */
export function parseOptions(argv: readonly string[]): DemoOptions | number {
  const command = describeCommand();
  try {
    command.parse([...argv], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    throw error;
  }
  const given = command.opts<Omit<DemoOptions, "speed" | "scenarios"> & { speed?: number }>();
  const scenarios = command.getOptionValueSource("scenario") === "cli" ? [given.scenario] : storyNames;
  const auto = given.auto || given.all || given.guess;
  // What others time stays on the wall: a killed worker's jobs are found again after so many real seconds.
  return { ...given, scenarios, auto, speed: given.speed ?? (auto && given.kills === 0 ? autoSpeed : readingSpeed) };
}

function describeCommand(): Command {
  return new Command("demo")
    .description("Plays a story on a simulated cluster, Slack and GitHub, with the real program beside them.")
    .option("--auto", "press the on-call's buttons and write a report; exit 1 when something was not right", false)
    .option("--report <file>", "where the report goes as JSON (with --auto)")
    .addOption(new Option("--scenario <name>", "which story").choices(storyNames).default("runaway-commit"))
    .option("--seed <n>", "names, times and sizes of the story", wholeFrom(1), 1)
    .option("--speed <n>", `clock seconds a second (${readingSpeed}; ${autoSpeed} with --auto and no kills)`, wholeFrom(1))
    .option("--all", "every story (or that of --scenario) on every seed, one after another, with a table; implies --auto", false)
    .option("--seeds <n>", "how many seeds --all plays", wholeFrom(1), 20)
    .option("--kills <n>", "SIGKILL the program so many times on the way (with --auto)", wholeFrom(0), 0)
    .option("--guess", "stop 5 minutes after the first message, press nothing, judge only what it says; implies --auto", false)
    .option("--port <n>", "port of the page", wholeFrom(1))
    .option("--hold", "with --auto: show the page too, and keep everything until Ctrl-C", false)
    .exitOverride()
    .allowExcessArguments(false);
}

function wholeFrom(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < least) throw new InvalidArgumentError(`Expected a whole number from ${least} on.`);
    return number;
  };
}
