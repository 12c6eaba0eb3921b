/** The languages that migrations are written in. */
export type Language = "python" | "ruby" | "script" | "csharp";

const END = String.raw`(?![\s\S])`;
const QUOTED = String.raw`'(?:\\[\s\S]|[^'\\])*(?:'|${END})|"(?:\\[\s\S]|[^"\\])*(?:"|${END})`;
const SLASHES = String.raw`\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|${END})`;
const TOKENS: Readonly<Record<Language, RegExp>> = {
  python: new RegExp(String.raw`'''[\s\S]*?(?:'''|${END})|"""[\s\S]*?(?:"""|${END})|${QUOTED}|#[^\n]*`, "g"),
  ruby: new RegExp(String.raw`${QUOTED}|#[^\n]*`, "g"),
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
export function toCode(text: string, language: Language): Code {
  const source = language === "ruby" ? text.replace(HEREDOC, inQuotes) : text;
  // Comments go from the text too, so that none stands between a name and its bracket.
  const raw = source.replace(TOKENS[language], (token) => (isComment(token) ? blank(token) : token));
  const bare = source.replace(TOKENS[language], (token) => (isComment(token) ? blank(token) : token.replace(/[\s\S]/g, "_")));
  return { raw, bare };
}

const HEREDOC = /<<[~-]?(['"]?)([A-Z_]+)\1([^\n]*)\n([\s\S]*?)\n?[ \t]*\2\b(?=[ \t]*(?:\n|(?![\s\S])))/g;

/** `execute(<<~SQL)` ends before its text begins: as a string it stands where it belongs. */
function inQuotes(_whole: string, _quote: string, _tag: string, rest: string, body: string): string {
  return JSON.stringify(body) + rest;
}

function isComment(token: string): boolean {
  return /^(#|\/\/|\/\*)/.test(token);
}

function blank(token: string): string {
  return token.replace(/[^\n]/g, " ");
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
  if (!code) return undefined;
  const symbol = /^\s*:(\w+)\s*$/.exec(code.raw)?.[1];
  if (symbol !== undefined) return symbol;
  const call = /^\s*(?:\w+\.)?text\(/.exec(code.bare);
  const inner = trim(call ? slice(code, call[0].length, code.bare.lastIndexOf(")")) : code);
  // Python puts strings together that stand side by side; a prefix of f, or a plus, means that something is computed.
  if (!/^(?:[rub]?_+\s*)+(?:\.(?:squish|strip|strip_heredoc|freeze))?$/i.test(inner.bare)) return undefined;
  const text = [...inner.bare.matchAll(/_+/g)]
    .map(({ index, 0: piece }) => unquote(inner.raw.slice(index, index + piece.length)))
    .join("");
  // With an interpolation in it nobody knows what runs.
  return /\$\{|#\{/.test(text) ? undefined : text;
}

function unquote(raw: string): string {
  const verbatim = /^@"([\s\S]*)"$/.exec(raw);
  if (verbatim) return (verbatim[1] ?? "").replaceAll('""', '"');
  const text = /^(?:'''|""")([\s\S]*)(?:'''|""")$/.exec(raw)?.[1] ?? raw.slice(1, -1);
  return text
    .replace(/\\(["'`])/g, "$1")
    .replace(/\\n/g, "\n")
    .replace(/\\t/g, " ");
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
