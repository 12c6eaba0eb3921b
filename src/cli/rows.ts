import type { Instant } from "#domain/workload.ts";
import type { Row } from "#watchers/files/row.ts";
import { type BadRows, createBadRows } from "./bad-rows.ts";
import { nameOf } from "./input.ts";
import { readOrdered } from "./ordered-lines.ts";

/** Rows of a file in the order of their times. */
export interface RowReader<T> {
  readonly rows: AsyncGenerator<T, void, void>;
  readonly bad: BadRows;
  /** Says what was strange about the file on standard error, and gives the exit code. Call when all is read. */
  readonly finish: () => number;
}

interface RowOptions<T> {
  readonly path: string;
  readonly skipBad: boolean;
  readonly parse: (text: string) => Row<T>;
  readonly timeOf: (row: T) => Instant;
  readonly idOf: (row: T) => string;
  /** The name of the time's field, and of a row, in sentences. */
  readonly timeField: string;
  readonly noun: string;
  /** How long ids are remembered, in the time of the rows, to find repeats. */
  readonly rememberMs: number;
  /** May standard input be held in memory, so that it can be sorted? */
  readonly holdInput: boolean;
  readonly say?: (line: string) => void;
}

/** Reads a file of JSON lines row by row, by rising time: what cannot be used or comes twice is left out and noted. */
export function readRows<T>(options: RowOptions<T>): RowReader<T> {
  const { path, noun, say = console.error } = options;
  const bad = createBadRows(path, options.skipBad, say);
  const unknownFields = new Map<string, number>();
  const seen = { rows: 0 };
  return {
    rows: generate(options, bad, unknownFields, seen),
    bad,
    finish: () => {
      const fields = [...unknownFields].slice(0, 10).map(([field, line]) => `"${field.slice(0, 50)}" (first on line ${line})`);
      if (fields.length > 0) say(`Unknown fields of ${nameOf(path)} were not read: ${fields.join(", ")}.`);
      if (seen.rows === 0 && bad.count() === 0) say(`${nameOf(path)} is empty: it holds no ${noun}.`);
      return bad.finish();
    },
  };
}

const maxUnknown = 100;

async function* generate<T>(
  options: RowOptions<T>,
  bad: BadRows,
  unknownFields: Map<string, number>,
  seen: { rows: number },
): AsyncGenerator<T, void, void> {
  const check = createOrder(options);
  for await (const { line, text, isCut } of readOrdered(options.path, { ...options, say: options.say ?? console.error })) {
    if (text.trim() === "") continue;
    const row = isCut ? tooLong : placed(options.parse(text), (value) => check(value, line));
    if (row.kind === "bad") {
      bad.add(line, row.reason);
      continue;
    }
    note(unknownFields, row.unknownFields, line);
    seen.rows++;
    yield row.value;
  }
}

const tooLong = { kind: "bad", reason: "it is longer than 16 million characters" } as const;

function placed<T>(row: Row<T>, problemOf: (value: T) => string | undefined): Row<T> {
  const reason = row.kind === "row" ? problemOf(row.value) : undefined;
  return reason === undefined ? row : { kind: "bad", reason };
}

function note(all: Map<string, number>, fields: readonly string[], line: number): void {
  for (const field of fields) if (!all.has(field) && all.size < maxUnknown) all.set(field, line);
}

interface Known {
  readonly id: string;
  readonly at: Instant;
  readonly line: number;
}

/** Says what is wrong with a row's place in the file. Ids are remembered as long as they matter, so that memory does not grow with the file. */
function createOrder<T>({ timeOf, idOf, timeField, rememberMs }: RowOptions<T>): (row: T, line: number) => string | undefined {
  const lines = new Map<string, Known>();
  let last: Known | undefined;
  return (row, line) => {
    const known = { id: idOf(row), at: timeOf(row), line };
    if (last && known.at < last.at)
      return `its "${timeField}" is earlier than that of line ${last.line}: what comes from standard input must be sorted by "${timeField}"`;
    const twin = lines.get(known.id);
    if (twin) return `its id "${known.id.slice(0, 100)}" is that of line ${twin.line}`;
    lines.set(known.id, known);
    last = known;
    for (const old of lines.values()) {
      if (old.at >= known.at - rememberMs) break;
      lines.delete(old.id);
    }
    return undefined;
  };
}
