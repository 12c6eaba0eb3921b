import { formatISO } from "date-fns/formatISO";
import type { Landing } from "#domain/change.ts";
import type { Instant } from "#domain/workload.ts";
import { GitError } from "#clients/git/git.ts";
import { type Clone, openClone } from "#watchers/git/clone.ts";
import { readLandings } from "#watchers/git/landings.ts";
import { withPatches } from "#watchers/git/patches.ts";
import { InputError } from "./input.ts";
import { createOutput } from "./output.ts";
import { renderAnswer, titleOf } from "./rank-table.ts";
import type { History, HistoryAnswer, Question } from "#analysis/history.ts";
import { roundShares } from "./shares.ts";
import { plain, styleOf } from "./terminal.ts";

/** What `rank --git` was asked for. */
export interface RankGitOptions {
  readonly git: string;
  readonly branch?: string;
  readonly at: Instant;
  readonly windowMs: number;
  /** How far back is read to learn which directories are reverted often and who knows what. */
  readonly historyMs: number;
  readonly services: readonly string[];
  readonly symptom?: string;
  readonly json: boolean;
  readonly out?: string;
}

/** Landings that are read at most; the newest count. */
const atMost = 10_000;
/** Diffs are read for those that lead. */
const leaders = 10;

/** Ranks what landed in a local clone before a moment, for a person; resolves with the exit code. */
export async function rankGit(options: RankGitOptions, createHistory: () => History): Promise<number> {
  const { clone, landings } = await readClone(options);
  const services = options.services.map(asDirectory);
  const question: Question = {
    id: `${clone.repository}@${options.at}`,
    at: options.at,
    windowMs: options.windowMs,
    ...(services.length > 0 && { service: services, sure: true }),
    ...(options.symptom && { symptom: options.symptom }),
  };
  const first = ask(landings, question, createHistory());
  const read = await readLeaders(clone, landings, first);
  const answer = ask(read, question, createHistory());
  const output = createOutput(options.out);
  const report = { clone, landings, answer, services, options };
  const lines = options.json ? [JSON.stringify(toJson(report), undefined, 2)] : toText(report);
  for (const line of lines) await output.write(line);
  await output.end();
  return 0;
}

async function readClone({
  git,
  branch,
  at,
  windowMs,
  historyMs,
}: RankGitOptions): Promise<{ clone: Clone; landings: Landing[] }> {
  try {
    const clone = await openClone(git, branch);
    return { clone, landings: await readLandings(clone, { until: at, since: at - Math.max(windowMs, historyMs), atMost }) };
  } catch (error) {
    if (error instanceof GitError) throw new InputError(`${error.message}.`, { cause: error });
    throw error;
  }
}

function ask(landings: readonly Landing[], question: Question, history: History): HistoryAnswer {
  for (const landing of landings) history.add(landing);
  return history.rankAt(question);
}

async function readLeaders(clone: Clone, landings: readonly Landing[], { suspects }: HistoryAnswer): Promise<readonly Landing[]> {
  const read = new Map<string, Landing>();
  for (const { id, subject } of suspects.slice(0, leaders))
    if (subject.kind === "landing") read.set(id, await withPatches(clone, subject.landing));
  return landings.map((landing) => read.get(landing.id) ?? landing);
}

/** `./services/cart/` is `services/cart`. */
function asDirectory(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes(".."))
    throw new InputError(`Cannot use the service "${path}": expected a directory in the repository, from its root.`);
  return parts.join("/");
}

interface Report {
  readonly clone: Clone;
  readonly landings: readonly Landing[];
  readonly answer: HistoryAnswer;
  readonly services: readonly string[];
  readonly options: RankGitOptions;
}

function toText({ clone, landings, answer, services, options }: Report): string[] {
  const style = styleOf(process.stdout);
  const paint = options.out === undefined ? style : { ...style, ...unstyled, columns: undefined };
  const { at, windowMs } = options;
  const inWindow = landings.filter((landing) => landing.at > at - windowMs).length;
  const place = services.length > 0 ? services.map((path) => plain(path)).join(", ") : plain(clone.repository);
  return [
    paint.strong(`What could have hurt ${place} at ${formatISO(at)}?`),
    paint.faint(
      `${counted(inWindow, "landing")} on ${plain(clone.branch)} in the ${hours(windowMs)} before; learnt from ${counted(landings.length, "landing")} before that moment.`,
    ),
    ...remarks(landings, services, clone).map((remark) => paint.bad(remark)),
    "",
    ...renderAnswer(answer, at, paint),
  ];
}

const asItIs = (text: string) => text;
const unstyled = { strong: asItIs, faint: asItIs, good: asItIs, bad: asItIs };

/** What a person should know before they believe the table. */
function remarks(landings: readonly Landing[], services: readonly string[], clone: Clone): string[] {
  const untouched = services.filter(
    (path) => !landings.some(({ files }) => files.some((file) => file.path === path || file.path.startsWith(`${path}/`))),
  );
  return [
    ...untouched.map((path) => `No landing that was read touches "${plain(path)}": is that the path from the repository's root?`),
    ...(clone.shallow ? ["This clone is shallow: what landed before its depth is not known."] : []),
    ...(landings.length >= atMost ? [`Only the newest ${atMost.toLocaleString("en-US")} landings were read.`] : []),
  ];
}

function toJson({ clone, answer, options }: Report): object {
  const shares = roundShares([...answer.suspects.map(({ probability }) => probability), answer.none]);
  return {
    repository: clone.repository,
    branch: clone.branch,
    head: clone.head,
    at: new Date(options.at).toISOString(),
    windowHours: options.windowMs / 3_600_000,
    suspects: answer.suspects.map(({ subject, evidence, id }, index) => ({
      id: subject.kind === "landing" ? subject.landing.sha : id,
      probability: shares[index],
      ...(subject.kind === "landing" && landingJson(subject.landing)),
      evidence: evidence.map((piece) => ({ kind: piece.kind, for: piece.for, text: piece.text })),
    })),
    none: shares.at(-1),
    noneEvidence: answer.noneEvidence.map((piece) => ({ kind: piece.kind, for: piece.for, text: piece.text })),
  };
}

function landingJson({ at, author, message, filesTotal, url }: Landing): object {
  return { at: new Date(at).toISOString(), author: author.name, title: titleOf(message), files: filesTotal, ...(url && { url }) };
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

function hours(ms: number): string {
  const hours = ms / 3_600_000;
  const [value, unit] = hours > 96 ? [hours / 24, "days"] : [hours, "h"];
  return `${value.toLocaleString("en-US", { maximumFractionDigits: 1 })} ${unit}`;
}
