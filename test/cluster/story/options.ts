import { Command, CommanderError, InvalidArgumentError } from "commander";
import { join } from "node:path";

/** What was asked for on the command line. */
export interface StoryOptions {
  readonly runs: number;
  readonly seed: number;
  /** Nobody presses until the service has so many replicas. */
  readonly holdUntil: number;
  readonly report?: string;
  /** Where the replica curve goes as JSON. */
  readonly curve?: string;
  /** Where what was said in Slack goes as text. */
  readonly transcript?: string;
  /** Where the picture of the real and the simulated curve goes as SVG. */
  readonly picture?: string;
  /** A curve of an earlier run: only the picture is drawn, nothing real is played. */
  readonly drawnFrom?: string;
  /** The control plane's folder, with `up` and `down`. */
  readonly controlplane: string;
  /** The first of eight ports of the control plane. */
  readonly port: number;
  /** What was done is taken back: cap and drain on the way, ceiling and rollback once it has settled. */
  readonly undo?: boolean;
  /** Minutes at the usual level before the bad rollout. */
  readonly before: number;
}

const root = join(import.meta.dirname, "..", "..", "..");

/** Reads the command line; a number is the exit code. */
export function parseOptions(argv: readonly string[]): StoryOptions | number {
  const command = new Command("story:cluster")
    .description(
      "Plays the runaway on a real control plane, at the wall's speed, with the program under its own service account.",
    )
    .option("--runs <n>", "how often, one after another, each on a fresh control plane", wholeFrom(1), 1)
    .option("--seed <n>", "names, authors and messages of the first run; the next run takes the next", wholeFrom(1), 1)
    .option("--hold-until <n>", "nobody presses until the service has so many replicas", wholeFrom(0), 0)
    .option(
      "--undo",
      "take the cap and half of the drain back on the way, and once it has settled the lower ceiling and the rollback",
    )
    .option("--report <file>", "where the reports go as JSON")
    .option("--curve <file>", "where the last run's replica curve goes as JSON")
    .option("--transcript <file>", "where what the last run said in Slack goes as text")
    .option("--picture <file>", "where the picture of that curve and the simulated one goes as SVG")
    .option("--drawn-from <file>", "draw the picture from the curve of an earlier run, and play nothing real")
    .option(
      "--controlplane <folder>",
      "the folder of the control plane's up and down",
      join(root, "..", "shared", "controlplane"),
    )
    .option("--port <n>", "the first of the control plane's eight ports", wholeFrom(1_024), 18_443)
    .option("--before <minutes>", "minutes at the usual level before the bad rollout", wholeFrom(2), 10)
    .exitOverride()
    .allowExcessArguments(false);
  try {
    command.parse([...argv], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    throw error;
  }
  return command.opts<StoryOptions>();
}

function wholeFrom(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < least) throw new InvalidArgumentError(`Expected a whole number from ${least} on.`);
    return number;
  };
}
