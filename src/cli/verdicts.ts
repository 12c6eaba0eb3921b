import type { Command } from "commander";
import type { Verdict } from "#domain/verdict.ts";
import { connectStore, type Store } from "#store/store.ts";
import { createClock } from "#lib/clock.ts";
import { createLog } from "#lib/log.ts";
import { createEnqueue } from "#app/jobs.ts";
import { createJudge } from "#workflow/judge.ts";
import type { Enqueue } from "#workflow/jobs.ts";
import { TemporaryError } from "#lib/errors.ts";
import { createQueues } from "#store/queues.ts";
import { faredOf } from "#analysis/verdicts.ts";
import { InputError } from "./input.ts";
import { pad, plain, styleOf, widthOf } from "./terminal.ts";

const about = `
Verdicts are what people said under a message once it was over: "That was it", "That was not it". They change how much each kind of
evidence counts in this workspace: docs/verdicts.md. Needs REDIS_URL.`;

interface Options {
  readonly json: boolean;
}

/** `k8s-why verdicts`: what was said of suspects, what that does to the evidence, and how to take a word back. */
export function addVerdicts(program: Command, environment: NodeJS.ProcessEnv): void {
  const verdicts = program
    .command("verdicts")
    .description("what people said of suspects, and what that taught")
    .addHelpText("after", about);
  const withStore = (use: (store: Store) => Promise<void>) => openStore(environment, use);
  verdicts
    .command("list")
    .description("every verdict, newest first")
    .option("--json", "a JSON object a line", false)
    .action(({ json }: Options) => withStore((store) => list(store, json)));
  verdicts
    .command("factors")
    .description("what each kind of evidence is multiplied by, and why")
    .option("--json", "a JSON object a line", false)
    .action(({ json }: Options) => withStore((store) => factors(store, json)));
  verdicts
    .command("undo")
    .description("take back what was said of an incident's suspects, or of one of them")
    .argument("<incident>", "as `verdicts list` shows it")
    .argument("[suspect]", "as `verdicts list` shows it; all of that incident's without it")
    .action((incident: string, suspect?: string) => withStore((store) => undo(store, environment, incident, suspect)));
}

async function openStore(environment: NodeJS.ProcessEnv, use: (store: Store) => Promise<void>): Promise<void> {
  const url = environment["REDIS_URL"];
  if (!url) throw new InputError("Cannot read verdicts: REDIS_URL is not set.");
  await using store = connectStore({ url, now: createClock().now, log: createLog("error") });
  await use(store);
}

async function list(store: Store, json: boolean): Promise<void> {
  const all = (await store.verdicts()).toSorted((a, b) => b.at - a.at);
  if (!json && all.length === 0) console.log("Nobody has said anything of a suspect yet.");
  if (json) for (const verdict of all) console.log(JSON.stringify(verdict));
  else print(["said at", "verdict", "told", "by", "incident", "suspect"], all.map(rowOf));
}

async function factors(store: Store, json: boolean): Promise<void> {
  const fared = [...faredOf(await store.verdicts())].toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (!json && fared.length === 0) console.log("No verdicts yet: every kind of evidence counts as it was learnt.");
  if (json) for (const [kind, one] of fared) console.log(JSON.stringify({ kind, ...one }));
  else
    print(
      ["evidence", "counts", "on the verdict's side", "foretold"],
      fared.map(([kind, { factor, right, verdicts, expected }]) => [
        kind,
        `x${factor.toFixed(2)}`,
        `${right} of ${verdicts}`,
        expected.toFixed(1),
      ]),
    );
}

/** Whoever has the program's Redis at hand: there is no name to write down. */
const commandLine = "the command line";

/** The same as "Undo" under the message: written down, and the message follows once the service runs. */
async function undo(store: Store, environment: NodeJS.ProcessEnv, incident: string, suspect: string | undefined): Promise<void> {
  const said = (await store.verdicts()).filter((one) => one.incidentId === incident);
  const ids = suspect === undefined ? said.map((one) => one.suspectId) : [suspect];
  if (ids.length === 0) throw new InputError("Nobody said anything of that incident's suspects.");
  const clock = createClock();
  await using queues = createQueues({ url: environment["REDIS_URL"] ?? "", clock, log: createLog("error") });
  // A verdict is announced by the serving role; no cluster hears of it.
  const enqueue = createEnqueue(queues, "");
  // The connection is new: it may take a moment.
  const patient: Enqueue = async (...job) => {
    for (let tries = 0; ; tries += 1)
      try {
        return await enqueue(...job);
      } catch (error) {
        if (!(error instanceof TemporaryError) || tries >= 50) throw error;
        await clock.sleep(100);
      }
  };
  const judge = createJudge({ verbs: { ...store, enqueue: patient }, now: clock.now });
  for (const suspectId of ids) {
    if (!(await judge({ incidentId: incident, suspectId, user: commandLine })))
      throw new InputError("Nobody said anything of that suspect.");
    console.log(`Taken back: ${plain(suspectId)}`);
  }
}

function rowOf({ at, right, probability, incidentId, suspectId, by }: Verdict): string[] {
  const said = right ? "it was" : "it was not";
  return [
    `${new Date(at).toISOString().slice(0, 16)}Z`,
    said,
    `${Math.round(probability * 100)} %`,
    plain(by),
    plain(incidentId),
    plain(suspectId),
  ];
}

function print(head: readonly string[], rows: readonly (readonly string[])[]): void {
  if (rows.length === 0) return;
  const widths = head.map((title, column) => Math.max(...[head, ...rows].map((row) => widthOf(row[column] ?? title))));
  const lineOf = (row: readonly string[]) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  console.log(styleOf(process.stdout).faint(lineOf(head)));
  for (const row of rows) console.log(lineOf(row));
}
