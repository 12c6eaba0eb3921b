import type { FileChange } from "#sim/github/types.ts";

/** One place of a file: lines that start with ` `, `-` or `+`. */
export interface Hunk {
  /** First line of the place in the old file. */
  readonly at: number;
  readonly lines: readonly string[];
  /** What stands after `@@`: the function that it is in. */
  readonly within?: string;
}

/** A changed file with its unified diff. */
export function modified(path: string, hunks: readonly Hunk[]): FileChange {
  return { path, status: "modified", ...counted(hunks) };
}

/** A new file. */
export function added(path: string, text: string): FileChange {
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => `+${line}`);
  return {
    path,
    status: "added",
    additions: lines.length,
    deletions: 0,
    patch: [`@@ -0,0 +1,${lines.length} @@`, ...lines].join("\n"),
  };
}

function counted(hunks: readonly Hunk[]): Pick<FileChange, "additions" | "deletions" | "patch"> {
  const count = (sign: string, lines: readonly string[]) => lines.filter((line) => line.startsWith(sign)).length;
  let shift = 0;
  const parts = hunks.map(({ at, lines, within }) => {
    const [plus, minus] = [count("+", lines), count("-", lines)];
    const same = lines.length - plus - minus;
    const head = `@@ -${at},${same + minus} +${at + shift},${same + plus} @@${within ? ` ${within}` : ""}`;
    shift += plus - minus;
    return [head, ...lines].join("\n");
  });
  const all = hunks.flatMap((hunk) => hunk.lines);
  return { additions: count("+", all), deletions: count("-", all), patch: parts.join("\n") };
}
