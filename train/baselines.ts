import type { Landing } from "#domain/change.ts";
import type { Answered } from "./predict.ts";
import { type Score, hits } from "./score.ts";

/** Simple rules, as score-ranking.mjs has them: each gives a landing a number, the highest first. */
export type Rule = "recency" | "service (70 % right) + recency" | "service (always right) + recency";
export const rules: readonly Rule[] = ["recency", "service (70 % right) + recency", "service (always right) + recency"];

/** Hits of a rule on failures. Equal numbers share the middle of their ranks. */
export function scoreOfRule(
  rule: Rule,
  failures: readonly Answered[],
  landings: ReadonlyMap<string, Landing>,
): Pick<Score, "hit1" | "hit3" | "hit5" | "mrr"> {
  return hits(failures.map((failure) => rankBy(rule, failure, landings)));
}

function rankBy(rule: Rule, { incident, candidates }: Answered, landings: ReadonlyMap<string, Landing>): number {
  const directory = rule === "recency" ? undefined : rule.includes("70") ? incident.hint : incident.service;
  const numberOf = (id: string) => {
    const landing = landings.get(id);
    if (!landing) return 0;
    const own =
      directory !== undefined && landing.files.some(({ path }) => path === directory || path.startsWith(`${directory}/`));
    return (own ? 1e13 : 0) + landing.at;
  };
  const mine = numberOf(incident.culprit ?? "");
  const numbers = candidates.map(numberOf);
  return 1 + numbers.filter((one) => one > mine).length + (numbers.filter((one) => one === mine).length - 1) / 2;
}
