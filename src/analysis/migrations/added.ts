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
  const lines: string[] = [];
  let [due, gone, added, removed] = [0, 0, 0, 0];
  let [hunks, sound, fresh] = [0, true, true];
  for (const line of file.patch.split(/\r?\n/)) {
    const header = due > 0 || gone > 0 ? null : HUNK.exec(line);
    if (header) {
      hunks++;
      due = Number(header[4] ?? 1);
      gone = Number(header[2] ?? 1);
      fresh &&= gone === 0;
      lines.push("");
    } else if (line.startsWith("+")) {
      due--;
      added++;
      lines.push(line.slice(1));
    } else if (line.startsWith("-")) {
      gone--;
      removed++;
    } else if (line.startsWith(" ")) {
      due--;
      gone--;
      fresh = false;
    } else if (line !== "" && !line.startsWith("\\")) sound = false;
  }
  const complete = sound && hunks > 0 && due === 0 && gone === 0 && (file.additions ?? added) === added;
  return { text: lines.join("\n"), complete, fresh: fresh && file.status !== "modified", removed };
}
