/** Values of the environment that are shorter say nothing, and would hide half of what can be read. */
const LEAST = 6;
const HIDDEN = "…";
const MOST = 120;

/** Makes foreign text of a pod template fit to be shown. */
export interface Mask {
  /** Short, on one line, without secrets. */
  readonly text: (raw: string) => string;
}

/** Hides what the environment of these templates holds, wherever else it stands; and what looks like a secret. */
export function createMask(templates: readonly unknown[]): Mask {
  const raw = environmentOf(templates);
  const values = [...new Set([...raw, ...raw.map(toLine)])]
    .filter((value) => value.length >= LEAST)
    .toSorted((a, b) => b.length - a.length);
  const scrub = (text: string) => values.reduce((left, value) => left.replaceAll(value, HIDDEN), text);
  return {
    // Twice: what cannot be seen may stand between its letters.
    text: (text) => cut(scrub(hideSecrets(toLine(scrub(text)).slice(0, 600)))),
  };
}

/** Foreign text on one short line: nothing in it ends a code block, hides, or turns the rest around. */
export function oneShortLine(text: string): string {
  return cut(toLine(text.slice(0, 2_000)));
}

function cut(text: string): string {
  return text.length > MOST ? `${text.slice(0, MOST - 1).toWellFormed()}…` : text;
}

function toLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/\p{Cf}|\p{Default_Ignorable_Code_Point}/gu, "")
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, " ")
    .replace(/(\p{M}{3})\p{M}+/gu, "$1")
    .replaceAll("`", "′")
    .trim();
}

/** The values of all `env` lists, however deep. */
function environmentOf(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, inner]: [string, unknown]) =>
    key === "env" && Array.isArray(inner) ? inner.flatMap(valueOf) : environmentOf(inner),
  );
}

function valueOf(item: unknown): string[] {
  const value = typeof item === "object" && item !== null && "value" in item ? item.value : undefined;
  return typeof value === "string" ? [value] : [];
}

const SECRET_WORDS =
  "pass(?:word|wd|phrase)?|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credentials?|authorization|bearer|signature|cookie|dsn";

const named = new RegExp(`(?:${SECRET_WORDS})`, "i");
const assigned = new RegExp(`((?:${SECRET_WORDS})[\\w.-]{0,60}["']? ?[=: ] ?["']?)[^\\s"',;&]+`, "gi");
const shaped =
  /(?:eyJ|gh[pousr]_|github_pat_|glpat-|xox[a-z]-|AKIA|AIza|hvs\.|sk-)[\w-]{8,}[\w.+/=-]*|-----BEGIN.*|[A-Za-z0-9+/_=-]{24,}/g;

/** Does the name of an annotation, label or field say that its value is secret? */
export function isSecretName(name: string): boolean {
  return named.test(name);
}

/** Passwords in addresses, what is assigned to a name that says so, and what has the shape of a token. */
function hideSecrets(text: string): string {
  return text
    .replace(/(\w{2,20}:\/\/)[^\s/@]{1,300}@/g, `$1${HIDDEN}@`)
    .replace(assigned, `$1${HIDDEN}`)
    .replace(shaped, (found) => (looksRandom(found) ? HIDDEN : found));
}

function looksRandom(found: string): boolean {
  return /^[^A-Za-z]*(?:eyJ|gh._|github_pat_|glpat-|xox.-|AKIA|AIza|hvs\.|sk-|-----)/.test(found)
    ? true
    : /[a-z]/.test(found) && /[A-Z]/.test(found) && /\d/.test(found);
}
