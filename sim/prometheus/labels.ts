import type { Grouping, Matcher, Selector } from "./expression.ts";

/** A series' labels, without its name. */
export type Labels = Readonly<Record<string, string>>;

/** A matcher of a selector. Throws for a regular expression that is none. */
export function toMatcher(label: string, operator: string, value: string): Matcher {
  const negate = operator.startsWith("!");
  if (operator === "=" || operator === "!=") return { label, negate, matches: (given) => given === value };
  if (value.length > 1_000) throw new Error("error parsing regexp: expression too large");
  let pattern: RegExp;
  try {
    pattern = new RegExp(`^(?:${value})$`, "su");
  } catch {
    throw new Error(`error parsing regexp: invalid expression ${JSON.stringify(value)}`);
  }
  return { label, negate, matches: (given) => pattern.test(given) };
}

/** The text of a PromQL string. */
export function unquote(literal: string): string {
  const quote = literal[0];
  const inner = literal.slice(1, -1);
  if (quote === "`") return inner;
  return inner.replaceAll(/\\(.)/g, (_, letter: string) => ({ n: "\n", t: "\t", r: "\r" })[letter] ?? letter);
}

/** Whether a selector takes a series. A label that is not there is empty. */
export function selects({ name, matchers }: Selector, metric: string, labels: Labels): boolean {
  if (name !== undefined && name !== metric) return false;
  return matchers.every(({ label, negate, matches }) => {
    const value = label === "__name__" ? metric : (labels[label] ?? "");
    return matches(value) !== negate;
  });
}

/** The labels that a grouping leaves. */
export function grouped(labels: Labels, { keep, labels: named }: Grouping): Labels {
  const entries = Object.entries(labels).filter(([label]) => label !== "__name__" && named.includes(label) === keep);
  return Object.fromEntries(entries);
}

/** The same text for the same labels. */
export function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
