import Papa from "papaparse";
import type { BadRows } from "./bad-rows.ts";
import type { Instant, WorkloadKey } from "#domain/workload.ts";
import { InputError, type Line, type ReadOptions, nameOf, readBatches } from "./input.ts";

/** A row of a history of replica counts. */
export interface Sample {
  readonly line: number;
  readonly workload: WorkloadKey;
  readonly at: Instant;
  /** `spec.replicas` */
  readonly desired: number;
  /** The autoscaler's maximum. */
  readonly max?: number;
}

const known = ["workload", "at", "desired", "max"] as const;
type Columns = Readonly<Record<(typeof known)[number], number>> & { readonly width: number };

/** No name, time or count is as long as this. */
const maxLine = 4_096;

/** Streams the samples of a CSV file, many at a time; what cannot be read is noted in `bad`. Throws InputError where nothing can. */
export async function* readSamples(
  path: string,
  { bad, warn, onRead }: { readonly bad: BadRows; readonly warn: (sentence: string) => void } & ReadOptions,
): AsyncGenerator<Sample[]> {
  let columns: Columns | undefined;
  let rows = 0;
  for await (const batch of readBatches(path, { maxLine, onRead })) {
    const lines = batch.filter(({ text }) => text.trim() !== "");
    if (!columns && lines.length > 0) columns = toColumns(lines.shift(), path, warn);
    if (!columns || lines.length === 0) continue;
    rows += lines.length;
    yield toSamples(lines, columns, bad);
  }
  if (!columns) throw new InputError(`${nameOf(path)} is empty: expected a first line "workload,at,desired" and rows.`);
  if (rows === 0) throw new InputError(`${nameOf(path)} has no rows after its first line.`);
  if (bad.count() === rows) throw new InputError(`${nameOf(path)} has no row that can be used: ${bad.first()}.`);
}

function toColumns(line: Line | undefined, path: string, warn: (sentence: string) => void): Columns {
  const names = (Papa.parse<string[]>(line?.text ?? "", { delimiter: "," }).data[0] ?? []).map((name) => name.trim());
  const missing = known.filter((name) => name !== "max" && !names.includes(name));
  if (missing.length > 0)
    throw new InputError(`Cannot read ${nameOf(path)}: its first line lacks ${quoted(missing)}; expected workload,at,desired and perhaps max.`); // prettier-ignore
  const twice = known.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice) throw new InputError(`Cannot read ${nameOf(path)}: it has two columns "${twice}".`);
  const unknown = names.filter((name) => !known.some((one) => one === name));
  if (unknown.length > 0) warn(`The column ${quoted(unknown)} is not known and not read.`);
  const at = (name: string) => names.indexOf(name);
  return { workload: at("workload"), at: at("at"), desired: at("desired"), max: at("max"), width: names.length };
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name.slice(0, 40)}"`).join(", ");
}

function toSamples(lines: readonly Line[], columns: Columns, bad: BadRows): Sample[] {
  const { data } = Papa.parse<string[]>(lines.map(({ text }) => text).join("\n"), { delimiter: ",", newline: "\n" });
  // A quote that is not closed swallows lines: then each is read by itself, so that the numbers are right.
  const isWhole = data.length === lines.length;
  const samples: Sample[] = [];
  for (const [index, line] of lines.entries()) {
    const row = isWhole ? data[index] : Papa.parse<string[]>(line.text, { delimiter: ",", newline: "\n" }).data[0];
    const sample = line.isCut ? `it is longer than ${maxLine} characters` : toSample(line.line, row ?? [], columns);
    if (typeof sample === "string") bad.add(line.line, sample);
    else samples.push(sample);
  }
  return samples;
}

/** The sample, or why there is none. */
function toSample(line: number, row: readonly string[], columns: Columns): Sample | string {
  if (row.length !== columns.width) return `it has ${row.length} fields, not ${columns.width}`;
  const field = (column: number) => row[column] ?? "";
  const workload = field(columns.workload);
  const at = toInstant(field(columns.at));
  const desired = toCount(field(columns.desired));
  const max = toCount(field(columns.max));
  if (workload === "") return "it names no workload";
  if (at === undefined) return `"${shown(field(columns.at))}" is no time such as 2026-01-31T09:30:00Z`;
  if (desired === undefined) return `"${shown(field(columns.desired))}" is no count`;
  if (max === undefined)
    return field(columns.max) === "" ? { line, workload, at, desired } : `"${shown(field(columns.max))}" is no ceiling`;
  return { line, workload, at, desired, max };
}

/** RFC 3339: without a zone nobody knows what was meant. */
function toInstant(text: string): Instant | undefined {
  const at = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** More pods than any cluster has is a mistake. */
const mostPods = 10_000_000;

function toCount(text: string): number | undefined {
  const count = text.trim() === "" ? Number.NaN : Number(text);
  return count >= 0 && count <= mostPods ? count : undefined;
}

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
