import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { type DiagnoseInput, diagnose } from "#analysis/diagnose.ts";
import type { Diagnosis, Suspect } from "#domain/diagnosis.ts";
import { inputOf } from "#analysis/recording.ts";

/** Who did it in a recorded story, as the story itself wrote it down. */
export interface Answer {
  /** Key of the workload that it is about. */
  readonly workload: string;
  /** A commit; an object of the cluster (and the commit that brought it); or nobody. */
  readonly sha?: string;
  readonly object?: { readonly kind: string; readonly name: string };
}

/** A recorded story: its name, the last diagnosis before anybody acted, and the answer. */
export interface Recorded {
  readonly name: string;
  readonly input: DiagnoseInput;
  readonly answer: Answer;
}

/** One folder a story in `folder`, each with `answer.json` and what was recorded. Without a recording of its workload a story is left out. */
export function readRecordings(folder: string): Recorded[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => readOne(join(folder, entry.name)));
}

function readOne(folder: string): Recorded[] {
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  const files = readdirSync(folder).filter((file) => file.endsWith(".json") && file !== "answer.json");
  const answer = JSON.parse(read("answer.json")) as Answer;
  const ours = files.toSorted().map((file) => inputOf(read(file)));
  const input = ours.findLast(({ spike }) => spike.workload === answer.workload);
  return input ? [{ name: basename(folder), input, answer }] : [];
}

/** How one story came out. */
export interface Outcome {
  readonly name: string;
  readonly right: boolean;
  /** Natural logarithm of one over the chance that the right answer was given. */
  readonly loss: number;
}

/** Diagnoses it again, perhaps without one kind of evidence. */
export function replay({ name, input, answer }: Recorded, without?: string): Outcome {
  const diagnosis = diagnose({ ...input, ...(without !== undefined && { without }) });
  const isIt = (suspect: Suspect) => isAnswer(suspect, answer);
  const nobody = answer.sha === undefined && answer.object === undefined;
  const [first] = diagnosis.suspects;
  const right = nobody ? !diagnosis.named : diagnosis.named && first !== undefined && isIt(first);
  const chance = nobody ? diagnosis.none : diagnosis.suspects.filter(isIt).reduce((sum, suspect) => sum + suspect.probability, 0);
  return { name, right, loss: -Math.log(Math.max(1e-6, chance)) };
}

function isAnswer({ subject }: Suspect, { sha, object }: Answer): boolean {
  if (subject.kind === "landing") return sha !== undefined && subject.landing.sha === sha;
  if (subject.kind !== "other" || object === undefined) return false;
  const { change } = subject;
  return change.kind === "config-edit" && change.object === object.kind && change.name === object.name;
}

/** Every kind of evidence that says anything in these, and where it speaks: in how many. */
export function kindsIn(recorded: readonly Recorded[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { input } of recorded) for (const kind of kindsOf(diagnose(input))) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return new Map([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function kindsOf({ suspects, noneEvidence }: Diagnosis): Set<string> {
  return new Set([...suspects.flatMap(({ evidence }) => evidence), ...noneEvidence].map(({ kind }) => kind));
}
