import type { Command } from "commander";
import { InputError } from "./input.ts";
import { parseSpan } from "./span.ts";

interface Options {
  readonly changes?: string;
  readonly incidents?: string;
  readonly git?: string;
  readonly branch?: string;
  readonly at: string;
  readonly service: readonly string[];
  readonly symptom?: string;
  readonly window: string;
  readonly history: string;
  readonly json: boolean;
  readonly out?: string;
  readonly skipBad: boolean;
}

/** Days; the ledger keeps as many. */
const longestWindow = 30;

const examples = `
Examples:
  k8s-why rank --git . --at "2 hours ago" --service services/cart
  k8s-why rank --changes changes.ndjson.gz --incidents incidents.ndjson --service serviceDirectory --out predictions.ndjson

Formats and meaning: docs/offline.md. Exit code 0: done; 2: an input or a row of it cannot be used.`;

/** `k8s-why rank`: which change did it, from a local clone for a person, or from files for measuring. */
export function addRank(program: Command, exit: (code: number) => void): void {
  program
    .command("rank")
    .description("rank what changed before a moment, from a local clone or from files, without a cluster")
    .option("--git <folder>", "a local clone: prints a table with the reasons")
    .option("--branch <name>", "with --git: the branch that is deployed from (default: what is checked out)")
    .option("--at <time>", 'with --git: when it began to hurt: ISO 8601, now, "2 hours ago", "yesterday 14:30"', "now")
    .option("--history <span>", "with --git: how far back is read to learn from", "26w")
    .option("--json", "with --git: JSON instead of a table", false)
    .option("--changes <file>", "a change a line (JSON, perhaps gzip), oldest first")
    .option("--incidents <file>", "an incident a line (JSON, perhaps gzip), oldest first")
    .option("--skip-bad", "with files: bad rows are no failure", false)
    .option(
      "--service <path or field>",
      "with --git: directory of the service that hurts, may be repeated; with files: the field of an incident that holds it",
      (value: string, all: readonly string[]) => [...all, value],
      [],
    )
    .option("--symptom <text or field>", "with --git: what was seen; with files: the field of an incident that holds it")
    .option("--window <span>", "how far back a change can be a suspect: 90m, 72h, 3d, 2w; at most 30d", "72h")
    .option("--out <file>", "where the result goes; standard output without it")
    .addHelpText("after", examples)
    .action(async (options: Options, command: Command) => {
      refuseForeign(options, command);
      exit(await rank(options));
    });
}

/** What only one of the two ways takes; an option that does nothing is mostly a mistake. */
const onlyWith = { git: ["branch", "at", "history", "json"], files: ["skipBad"] } as const;

function refuseForeign({ git }: Options, command: Command): void {
  const foreign = (git === undefined ? onlyWith.git : onlyWith.files).find(
    (name) => command.getOptionValueSource(name) === "cli",
  );
  if (foreign === undefined) return;
  const flag = command.options.find((option) => option.attributeName() === foreign)?.long ?? foreign;
  throw new InputError(`Cannot rank: ${flag} goes with ${git === undefined ? "--git" : "--changes and --incidents"} only.`);
}

async function rank(options: Options): Promise<number> {
  const { git, changes, incidents } = options;
  const named = [git, changes, incidents].map((path) => path !== undefined).join();
  if (named === "true,false,false") return rankClone(options, git);
  if (named === "false,true,true") return rankRows(options, changes, incidents);
  throw new InputError("Cannot rank: expected either --git, or both --changes and --incidents (k8s-why rank --help).");
}

async function rankClone(options: Options, git = ""): Promise<number> {
  const { service: services, at, window, history } = options;
  const spans = { windowMs: parseSpan(window, longestWindow), historyMs: parseSpan(history) };
  const { parseMoment } = await import("./moment.ts");
  const { createHistory } = await import("#analysis/history.ts");
  const { rankGit } = await import("./rank-git.ts");
  return rankGit({ ...options, ...spans, git, services, at: parseMoment(at, Date.now()) }, createHistory);
}

async function rankRows(options: Options, changes = "", incidents = ""): Promise<number> {
  const [service, ...others] = options.service;
  if (others.length > 0) throw new InputError("Cannot rank: with --incidents, --service names one field, and may be given once.");
  if (changes === "-" && incidents === "-") throw new InputError("Cannot rank: only one of the two files can be standard input.");
  const { symptom, out, skipBad, window } = options;
  const { createHistory } = await import("#analysis/history.ts");
  const { rankFiles } = await import("./rank-files.ts");
  return rankFiles(
    { changes, incidents, service, symptom, out, skipBad, windowMs: parseSpan(window, longestWindow) },
    createHistory(),
  );
}
