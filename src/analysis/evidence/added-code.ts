import type { Landing } from "#domain/change.ts";
import { isIdle } from "#analysis/paths.ts";

/** Lines read of a landing's diff, and characters of each: foreign text, and patterns are tried on every line. */
const LINES_READ = 2_000;
const LINE_READ = 240;

/** The lines that a landing adds, of files that run, as far as their diffs were read. */
export function addedCode({ files }: Landing): string[] {
  const added: string[] = [];
  for (const { path, patch } of files) {
    if (patch === undefined || isIdle(path)) continue;
    for (const line of patch.slice(0, 200_000).split("\n", LINES_READ)) {
      if (added.length >= LINES_READ) return added;
      if (line.startsWith("+") && !line.startsWith("+++")) added.push(line.slice(1, LINE_READ));
    }
  }
  return added;
}
