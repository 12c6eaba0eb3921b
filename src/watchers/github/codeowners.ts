import ignore from "ignore";
import type { OwnedDirectory } from "#domain/layout.ts";

/** GitHub reads no larger CODEOWNERS (3 MB); we read less, and only so many lines. */
const maxLength = 200_000;
const maxRules = 500;
/** Each more multiplies the time that matching takes by the depth of the path. */
const maxDoubleStars = 2;
const maxDepth = 40;

interface Rule {
  readonly pattern: string;
  readonly owners: readonly string[];
}

/** Where GitHub looks for it, first found first. */
export const codeownersPaths = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/**
 * Directories that lines of CODEOWNERS name, with their owners: of several lines that match, the last one counts
 * (https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners).
 * Patterns are gitignore's, without negation, ranges and more than two `**`. Foreign text: what is no rule is skipped.
 */
export function parseCodeowners(text: string): OwnedDirectory[] {
  const rules = readRules(text);
  const directories = new Set(rules.flatMap(({ pattern }) => findDirectory(pattern) ?? []));
  const ownersOf = createOwnersOf(rules);
  return [...directories].toSorted().flatMap((path) => {
    const owners = ownersOf(path);
    return owners.length > 0 ? [{ path, owners }] : [];
  });
}

/** Who owns a file, or a directory (it ends in a slash), by the text of a CODEOWNERS. */
export function parseOwners(text: string): (path: string) => readonly string[] {
  return createOwnersOf(readRules(text));
}

function readRules(text: string): Rule[] {
  return text.slice(0, maxLength).split("\n").flatMap(toRule).slice(0, maxRules);
}

function createOwnersOf(rules: readonly Rule[]): (path: string) => readonly string[] {
  const lastFirst = rules.map(({ pattern, owners }) => ({ owners, matches: toMatcher(pattern) })).toReversed();
  return (path) => {
    // Of a directory: a file that no pattern for certain kinds of files is about.
    const file = path.endsWith("/") ? `${path}file` : path;
    return ignore.isPathValid(file) && file.split("/").length <= maxDepth
      ? (lastFirst.find(({ matches }) => matches(file))?.owners ?? [])
      : [];
  };
}

/** Unlike gitignore's, case counts, and `docs/*` takes what stands in `docs` itself and nothing below. */
function toMatcher(pattern: string): (file: string) => boolean {
  const matcher = ignore({ ignorecase: false }).add(pattern);
  const isFlat = /(^|[^*])\/\*$/.test(pattern);
  const depth = pattern.replace(/^\//, "").split("/").length;
  return (file) => matcher.ignores(file) && (!isFlat || file.split("/").length === depth);
}

function toRule(line: string): Rule[] {
  const [pattern, ...rest] = line
    .replace(/\r$/, "")
    .slice(0, 1_000)
    .trim()
    .split(/(?<!\\)\s+/);
  if (!pattern || /^[#!]/.test(pattern) || /[[\]]/.test(pattern) || pattern.split("**").length - 1 > maxDoubleStars) return [];
  const comment = rest.findIndex((word) => word.startsWith("#"));
  const owners = (comment < 0 ? rest : rest.slice(0, comment)).filter((word) => word.includes("@")).slice(0, 20);
  return [{ pattern, owners }];
}

/** `services/cart/` of `/services/cart`, `services/cart/` and `/services/cart/**`; undefined where the pattern is of kinds of files. */
function findDirectory(pattern: string): string | undefined {
  const path = pattern
    .replace(/^\//, "")
    .replace(/\/?\*{1,2}$/, "")
    .replace(/\/$/, "");
  const isFile = /\.[\w-]+$/.test(path) && !pattern.endsWith("/");
  if (path === "" || isFile || /[*?\\]|(^|\/)\.\.?(\/|$)/.test(path)) return undefined;
  // Without a slash before its end, a pattern matches at any depth: it names no place.
  const isAnchored = pattern.startsWith("/") || path.includes("/");
  return isAnchored ? `${path}/` : undefined;
}
