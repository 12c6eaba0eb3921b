import type { Landing } from "#domain/change.ts";
import { type Answered, type Asked, answerAll } from "./predict.ts";
import { fitMaterial, materialOf, poolOf } from "./folds.ts";
import { scoreOf, scored } from "./score.ts";
import type { Repository } from "./data.ts";
import { scoreOfRule } from "./baselines.ts";
import { settings } from "./model.ts";

const views = [
  ["none", { knowledge: "unknown", symptom: true }, "recency"],
  ["right in 70 %", { knowledge: "hint", symptom: true }, "service (70 % right) + recency"],
] as const satisfies readonly (readonly [string, Asked, string])[];

/**
 * Asks about every three repositories as one stream, with what the others teach: as many changes a day as a busy company has.
 * Prints a row each, and one over all.
 */
export function printPools(repositories: readonly Repository[], byId: ReadonlyMap<string, Landing>): void {
  console.log(
    "| stream | service hint | candidates | hit@1 ours / rule | hit@5 ours / rule | MRR ours / rule | named | right | wrongly | calibration error | log loss / base |\n|---|---|---|---|---|---|---|---|---|---|---|",
  );
  const all = views.map((): Answered[] => []);
  for (const three of triplesOf(repositories)) {
    const material = materialOf(
      repositories.filter((one) => !three.includes(one)),
      ["hint", "unknown"],
    );
    const weights = fitMaterial(material, settings);
    for (const [at, view] of views.entries()) {
      const answers = answerAll(poolOf(three), weights, view[1]);
      all[at]?.push(...answers);
      console.log(row(three.map(({ name }) => name.slice(0, 10)).join(" + "), view, answers, byId));
    }
  }
  for (const [at, view] of views.entries()) console.log(row("**all**", view, all[at] ?? [], byId));
}

function triplesOf(repositories: readonly Repository[]): Repository[][] {
  return repositories.flatMap((a, i) =>
    repositories.slice(i + 1).flatMap((b, j) => repositories.slice(i + j + 2).map((c) => [a, b, c])),
  );
}

function row(
  name: string,
  [hint, , rule]: (typeof views)[number],
  answers: readonly Answered[],
  byId: ReadonlyMap<string, Landing>,
): string {
  const ours = scoreOf(answers);
  const { failures } = scored(answers);
  const theirs = scoreOfRule(rule, failures, byId);
  const beside = (a: number, b: number) => `${a.toFixed(3)} / ${b.toFixed(3)}`;
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  const sizes = failures.map(({ candidates }) => candidates.length).toSorted((a, b) => a - b);
  return [
    `| ${name}`,
    hint,
    sizes[Math.floor(sizes.length / 2)] ?? 0,
    beside(ours.hit1, theirs.hit1),
    beside(ours.hit5, theirs.hit5),
    beside(ours.mrr, theirs.mrr),
    ...[ours.named, ours.right, ours.wrong].map(percent),
    ours.calibration.toFixed(3),
    `${ours.logLoss.toFixed(2)} / ${ours.baseLogLoss.toFixed(2)} |`,
  ].join(" | ");
}
