import type { Landing } from "#domain/change.ts";

/** Foreign text, and patterns are tried on every line: characters read of a landing's diffs, lines of a file, lines given back, characters of each. */
const CHARACTERS_READ = 200_000;
const LINES_READ = 2_000;
const LINES_GIVEN = 2_000;
const LINE_READ = 400;

/** The wanted lines of a landing's diffs, as far as they are read, each with its sign; of the files whose paths are wanted. */
export function diffLines(
  { files }: Landing,
  isWantedPath: (path: string) => boolean,
  isWantedLine: (line: string) => boolean,
): string[] {
  const wanted: string[] = [];
  let left = CHARACTERS_READ;
  for (const file of files) {
    if (left <= 0) break;
    if (file.patch === undefined || !isWantedPath(file.path)) continue;
    const patch = file.patch.slice(0, left);
    left -= patch.length;
    for (const line of patch.split("\n", LINES_READ)) {
      if (wanted.length >= LINES_GIVEN) return wanted;
      if (isWantedLine(line)) wanted.push(line.slice(0, LINE_READ));
    }
  }
  return wanted;
}
