import type { Landing } from "#domain/change.ts";
import { isIdle } from "#analysis/paths.ts";

/** The lines that a landing adds, of files that run, as far as their diffs were read. */
export function addedCode({ files }: Landing): string[] {
  return files.filter((file) => file.patch !== undefined && !isIdle(file.path)).flatMap((file) => addedLines(file.patch));
}

/** At most 2,000 lines of a diff, each cut: foreign text. */
function addedLines(patch: string | undefined): string[] {
  return (patch ?? "")
    .slice(0, 200_000)
    .split("\n", 2_000)
    .filter((line) => line.startsWith("+") && !line.startsWith("+++"))
    .map((line) => line.slice(1, 400));
}
