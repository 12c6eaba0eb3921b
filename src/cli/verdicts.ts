import type { Command } from "commander";
import type { Verdict } from "#domain/verdict.ts";
import { connectStore, type Store } from "#store/store.ts";
import { createClock } from "#lib/clock.ts";
import { createLog } from "#lib/log.ts";
import { faredOf } from "#analysis/verdicts.ts";
import { InputError } from "./input.ts";

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
    .description("take back what was said of a suspect")
    .argument("<incident>", "as `verdicts list` shows it")
    .argument("<suspect>", "as `verdicts list` shows it")
    .action((incident: string, suspect: string) => withStore((store) => undo(store, incident, suspect)));
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
  for (const verdict of all) console.log(json ? JSON.stringify(verdict) : lineOf(verdict));
}

async function factors(store: Store, json: boolean): Promise<void> {
  const fared = [...faredOf(await store.verdicts())].toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (!json && fared.length === 0) console.log("No verdicts yet: every kind of evidence counts as it was learnt.");
  for (const [kind, one] of fared) {
    const told = `right in ${one.right} of ${one.verdicts}, foretold ${one.expected.toFixed(1)}`;
    console.log(json ? JSON.stringify({ kind, ...one }) : `${kind.padEnd(20)} x${one.factor.toFixed(2)}   ${told}`);
  }
}

async function undo(store: Store, incident: string, suspect: string): Promise<void> {
  if (!(await store.forgetVerdict(incident, suspect))) throw new InputError("Nobody said anything of that suspect.");
  console.log("Taken back.");
}

function lineOf({ at, right, probability, incidentId, suspectId, by }: Verdict): string {
  const said = right ? "it was" : "it was not";
  return `${new Date(at).toISOString().slice(0, 16)}Z  ${said.padEnd(10)}  told ${Math.round(probability * 100)} %  ${incidentId}  ${suspectId}  by ${by}`;
}
