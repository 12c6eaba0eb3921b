/** The languages that migrations are written in. */
export type Language = "python" | "ruby" | "script" | "csharp";

const END = String.raw`(?![\s\S])`;
const QUOTED = String.raw`'(?:\\[\s\S]|[^'\\])*(?:'|${END})|"(?:\\[\s\S]|[^"\\])*(?:"|${END})`;
const SLASHES = String.raw`\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|${END})`;
const TOKENS: Readonly<Record<Language, RegExp>> = {
  python: new RegExp(String.raw`'''[\s\S]*?(?:'''|${END})|"""[\s\S]*?(?:"""|${END})|${QUOTED}|#[^\n]*`, "g"),
  ruby: new RegExp(String.raw`<<[~-]?['"]?([A-Z_]+)['"]?[\s\S]*?(?:\n[ \t]*\1\b|${END})|${QUOTED}|#[^\n]*`, "g"),
  script: new RegExp(`\`(?:\\\\[\\s\\S]|[^\`\\\\])*(?:\`|${END})|${QUOTED}|${SLASHES}`, "g"),
  csharp: new RegExp(String.raw`"""[\s\S]*?(?:"""|${END})|@"(?:[^"]|"")*(?:"|${END})|${QUOTED}|${SLASHES}`, "g"),
};
const OPEN = "([{";
const CLOSE = ")]}";

/** Source text, and the same text at the same places with comments blank and strings as underscores: brackets in it count. */
export interface Code {
  readonly raw: string;
  readonly bare: string;
}

/** Blanks comments and the insides of strings. */
export function toCode(raw: string, language: Language): Code {
  const bare = raw.replace(TOKENS[language], (token) =>
    /^(#|\/\/|\/\*)/.test(token) ? token.replace(/[^\n]/g, " ") : token.replace(/[\s\S]/g, "_"),
  );
  // Comments go from the text too, so that none stands between a name and its bracket.
  const clean = raw.replace(TOKENS[language], (token) => (/^(#|\/\/|\/\*)/.test(token) ? token.replace(/[^\n]/g, " ") : token));
  return { raw: clean, bare };
}

/** A stretch of it. */
export function slice({ raw, bare }: Code, from: number, to?: number): Code {
  return { raw: raw.slice(from, to), bare: bare.slice(from, to) };
}

/** Where the bracket at `open` closes, or -1 where it does not: the text was cut. */
export function closing(bare: string, open: number): number {
  let depth = 0;
  for (let at = open; at < bare.length; at++) {
    const char = bare[at] ?? "";
    if (OPEN.includes(char)) depth++;
    else if (CLOSE.includes(char) && --depth <= 0) return depth === 0 ? at : -1;
  }
  return -1;
}

/** Parts between separators that stand outside of brackets. */
export function split(code: Code, isEnd: (bare: string, at: number) => boolean): Code[] {
  const parts: Code[] = [];
  let [depth, from] = [0, 0];
  for (let at = 0; at < code.bare.length; at++) {
    const char = code.bare[at] ?? "";
    if (OPEN.includes(char)) depth++;
    else if (CLOSE.includes(char)) depth--;
    if (depth === 0 && isEnd(code.bare, at)) {
      parts.push(slice(code, from, at));
      from = at + 1;
    }
  }
  return [...parts, slice(code, from)].filter((part) => part.bare.trim() !== "").map(trim);
}

/** Arguments of a call, or elements of a list. */
export function listOf(code: Code): Code[] {
  return split(code, (bare, at) => bare[at] === ",");
}

/** Without white space around it. */
export function trim(code: Code): Code {
  const from = code.bare.length - code.bare.trimStart().length;
  return slice(code, from, code.bare.trimEnd().length);
}

/** The text of a string or a symbol; undefined for anything that has to be computed. */
export function literal(code: Code | undefined): string | undefined {
  const raw = code?.raw.trim() ?? "";
  const found =
    /^:(\w+)$/.exec(raw) ??
    /^(?:[rubf]|sa\.text\(|text\()?(?:'''|""")([\s\S]*)(?:'''|""")\)?$/.exec(raw) ??
    /^@?(["'`])([\s\S]*)\1$/.exec(raw) ??
    /^<<[~-]?['"]?[A-Z_]+['"]?(?:\.\w+)?[^\n]*\n([\s\S]*)\n[ \t]*[A-Z_]+$/.exec(raw);
  const text = found?.[2] ?? found?.[1];
  // With an interpolation in it nobody knows what runs.
  return text === undefined || /\$\{|#\{/.test(text) || (code?.bare.includes("+") ?? false)
    ? undefined
    : text.replace(/\\(["'`])/g, "$1").replace(/\\[nt]/g, " ");
}

/** `name: value`, `name=value` or `name => value` among arguments. */
export function named(args: readonly Code[], name: string): Code | undefined {
  const pattern = new RegExp(String.raw`^:?${name}\s*(?::|=>|=(?!=))\s*`);
  for (const arg of args) {
    const found = pattern.exec(arg.raw);
    if (found) return slice(arg, found[0].length);
  }
  return undefined;
}
