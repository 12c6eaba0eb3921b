import type { Landing } from "#domain/change.ts";
import { isIdle } from "#analysis/paths.ts";
import { diffLines } from "./diff-lines.ts";

const LINE_READ = 240;

/** The lines that a landing adds, of files that run, as far as their diffs were read. */
export function addedCode(landing: Landing): string[] {
  const added = diffLines(
    landing,
    (path) => !isIdle(path),
    (line) => line.startsWith("+") && !line.startsWith("+++"),
  );
  return added.map((line) => line.slice(1, LINE_READ));
}
