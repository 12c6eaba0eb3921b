import { setFlagsFromString } from "node:v8";

/** What regular expressions had to do while something ran. */
export interface RegExpWork {
  /** Patterns that went back more often than once for each character of theirs at each character of a text, with the text's length. */
  readonly slow: readonly string[];
  /** Of all texts that were looked through, each time. */
  readonly characters: number;
}

type Limited = (source: string, flags: string, backtracks: number) => RegExp;

/** Steps back that any text may take. */
const FOR_ANY_TEXT = 10_000;

/**
 * Counts work, not time: V8 gives up on a pattern that went back more often than a limit, and where it has no short cuts every step back counts.
 * Patched is what all of JavaScript's ways to use a pattern go through.
 */
export function regExpWork(run: () => void): RegExpWork {
  const slow = new Set<string>();
  const made = new Map<string, RegExp>();
  let characters = 0;
  // oxlint-disable-next-line typescript/unbound-method -- it is called with its pattern below
  const { exec } = RegExp.prototype;
  setFlagsFromString("--allow-natives-syntax");
  setFlagsFromString("--no-regexp-optimization");
  // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-type-assertion -- V8's own syntax is no TypeScript
  const limited = new Function("s", "f", "n", "return %NewRegExpWithBacktrackLimit(s, f, n)") as Limited;
  const count = function (this: RegExp, text: string) {
    characters += text.length;
    // It holds at the end at the latest, unless V8 gave up.
    const flags = `g${this.ignoreCase ? "i" : ""}${this.multiline ? "m" : ""}${this.dotAll ? "s" : ""}${this.unicode ? "u" : ""}`;
    // A power of two, so that few patterns are made; V8 ends the process where the number is kept as a double.
    const steps = 1 << Math.ceil(Math.log2(FOR_ANY_TEXT + this.source.length * text.length));
    const key = `${this.source} ${flags} ${steps}`;
    const same = made.get(key) ?? limited(`(?:${this.source})|(?![^])`, flags, steps);
    made.set(key, same);
    same.lastIndex = this.global || this.sticky ? this.lastIndex : 0;
    if (!exec.call(same, text))
      slow.add(`${String(this)} in ${text.length} characters such as ${JSON.stringify(text.slice(0, 20))}`);
    return exec.call(this, text);
  };
  try {
    Reflect.set(RegExp.prototype, "exec", count);
    run();
  } finally {
    Reflect.set(RegExp.prototype, "exec", exec);
    setFlagsFromString("--regexp-optimization");
    setFlagsFromString("--no-allow-natives-syntax");
  }
  return { slow: [...slow], characters };
}
