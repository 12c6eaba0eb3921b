import type { ChangedFile } from "#domain/change.ts";

/** The lines that a change brought to a file. */
export interface Added {
  readonly text: string;
  /** False: the diff was cut, or is not a diff. */
  readonly complete: boolean;
  /** The file is new: its lines are all of it. */
  readonly fresh: boolean;
  /** Lines that went away. */
  readonly removed: number;
}

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** The added lines of a unified diff, or undefined where no diff is known. A hunk's header says how many lines should follow. */
export function addedLines(file: ChangedFile): Added | undefined {
  if (file.patch === undefined) return undefined;
  const state: Reading = { lines: [], due: 0, gone: 0, added: 0, removed: 0, hunks: 0, isSound: true, isFresh: true };
  for (const line of file.patch.split(/\r?\n/)) readLine(state, line);
  const { due, gone, hunks, isSound, isFresh, added, removed } = state;
  return {
    text: state.lines.join("\n"),
    complete: isSound && hunks > 0 && due === 0 && gone === 0 && (file.additions ?? added) === added,
    fresh: isFresh && file.status !== "modified",
    removed,
  };
}

interface Reading {
  readonly lines: string[];
  /** Lines of the new and of the old file that this hunk still owes. */
  due: number;
  gone: number;
  added: number;
  removed: number;
  hunks: number;
  isSound: boolean;
  isFresh: boolean;
}

function readLine(state: Reading, line: string): void {
  const header = state.due > 0 || state.gone > 0 ? null : HUNK.exec(line);
  if (header) begin(state, Number(header[2] ?? 1), Number(header[4] ?? 1));
  else if (line !== "") (READERS[line[0] ?? ""] ?? unsound)(state, line);
}

type ReadLine = (state: Reading, line: string) => void;

const READERS: Readonly<Record<string, ReadLine>> = {
  "+": (state, line) => {
    state.due--;
    state.added++;
    state.lines.push(line.slice(1));
  },
  "-": (state) => {
    state.gone--;
    state.removed++;
  },
  " ": (state) => {
    state.due--;
    state.gone--;
    state.isFresh = false;
  },
  // `\ No newline at end of file`
  "\\": () => {},
};

function unsound(state: Reading): void {
  state.isSound = false;
}

function begin(state: Reading, gone: number, due: number): void {
  state.hunks++;
  state.gone = gone;
  state.due = due;
  state.isFresh &&= gone === 0;
  state.lines.push("");
}
