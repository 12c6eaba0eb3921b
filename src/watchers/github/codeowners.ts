import ignore from "ignore";
import type { OwnedDirectory } from "#domain/layout.ts";

/** GitHub reads no larger CODEOWNERS (3 MB); we read less, and only so many lines. */
const maxLength = 200_000;
const maxRules = 500;

interface Rule {
  readonly pattern: string;
  readonly owners: readonly string[];
}

/**
 * Directories that lines of CODEOWNERS name, with their owners: of several lines that match, the last one counts
 * (https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners).
 * Patterns are gitignore's, without negation and ranges. Foreign text: what is no rule is skipped.
 */
export function parseCodeowners(text: string): OwnedDirectory[] {
  const rules = text.slice(0, maxLength).split("\n").flatMap(toRule).slice(0, maxRules);
  const directories = new Set(rules.flatMap(({ pattern }) => findDirectory(pattern) ?? []));
  const matchers = rules.map(({ pattern, owners }) => ({ owners, matcher: ignore().add(pattern) })).toReversed();
  return [...directories].toSorted().flatMap((path) => {
    // A file that no pattern for certain kinds of files is about.
    const last = matchers.find(({ matcher }) => matcher.ignores(`${path}file`));
    return last && last.owners.length > 0 ? [{ path, owners: last.owners }] : [];
  });
}

function toRule(line: string): Rule[] {
  const [pattern, ...rest] = line
    .replace(/\r$/, "")
    .slice(0, 1_000)
    .trim()
    .split(/(?<!\\)\s+/);
  if (!pattern || /^[#!]/.test(pattern) || /[[\]]/.test(pattern)) return [];
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
