import { type Line, nameOf, readLines } from "./input.ts";

/** Where rows have their time, and whether standard input, which cannot be read twice, may be held in memory. */
export interface OrderOptions {
  readonly timeField: string;
  readonly noun: string;
  readonly holdInput: boolean;
  readonly say: (line: string) => void;
}

/**
 * The lines of a file by rising time. A file that is in order is streamed; another one is read into memory and sorted, with a sentence.
 * Lines without a time stay behind the line before them.
 */
export async function* readOrdered(path: string, options: OrderOptions): AsyncGenerator<Line, void, void> {
  const { timeField, noun, holdInput, say } = options;
  if (path === "-" ? !holdInput : (await findDisorder(path, timeField)) === undefined) return yield* readLines(path);
  const timed: { readonly line: Line; readonly at: number }[] = [];
  let disorder: number | undefined;
  let last = -Infinity;
  for await (const line of readLines(path)) {
    const at = timeOf(line, timeField) ?? last;
    if (at < last) disorder ??= line.line;
    last = at;
    timed.push({ line, at });
  }
  if (disorder !== undefined)
    say(
      `The ${noun}s of ${nameOf(path)} are not ordered by "${timeField}" (first on line ${disorder}): they were read into memory and sorted.`,
    );
  for (const { line } of timed.toSorted((a, b) => a.at - b.at)) yield line;
}

/** The first line that is earlier than one before it. */
async function findDisorder(path: string, timeField: string): Promise<number | undefined> {
  let last = -Infinity;
  for await (const line of readLines(path)) {
    const at = timeOf(line, timeField) ?? last;
    if (at < last) return line.line;
    last = at;
  }
  return undefined;
}

function timeOf({ text }: Line, field: string): number | undefined {
  try {
    const row: unknown = JSON.parse(text);
    const said = typeof row === "object" && row !== null ? (row as Readonly<Record<string, unknown>>)[field] : undefined;
    const at = typeof said === "string" ? Date.parse(said) : Number.NaN;
    return Number.isNaN(at) ? undefined : at;
  } catch {
    return undefined;
  }
}
