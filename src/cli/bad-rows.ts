import { nameOf } from "./input.ts";

/** Counts rows that cannot be used, and names the first of them. Without `skip` any bad row ends the command with code 2. */
export interface BadRows {
  /** Notes a row that is left out, with a reason that ends without a full stop. */
  readonly add: (line: number, reason: string) => void;
  readonly count: () => number;
  /** The first of them: `line 7: "x" is no count`. */
  readonly first: () => string | undefined;
  /** Says on standard error what was left out, and gives the exit code: 0, or 2. */
  readonly finish: () => number;
}

/** So many are named; more are only counted. */
const named = 10;
/** What rows hold is foreign: it must not move a terminal's cursor. */
const control = /\p{Cc}/gu;

/** Creates the counter for one input: `path` as the person gave it. */
export function createBadRows(path: string, skip: boolean, say: (line: string) => void = console.error): BadRows {
  const first: string[] = [];
  let count = 0;
  return {
    add: (line, reason) => {
      count += 1;
      if (first.length < named) first.push(`line ${line}: ${reason.replaceAll(control, "?")}`);
    },
    count: () => count,
    first: () => first[0],
    finish: () => {
      if (count === 0) return 0;
      say(`${count === 1 ? "1 row" : `${count.toLocaleString("en-US")} rows`} of ${nameOf(path)} cannot be used and ${count === 1 ? "was" : "were"} left out:`); // prettier-ignore
      for (const row of first) say(`  ${row}`);
      if (count > named) say(`  and ${(count - named).toLocaleString("en-US")} more`);
      if (!skip) say("With --skip-bad this is no failure.");
      return skip ? 0 : 2;
    },
  };
}
