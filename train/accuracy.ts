import { parseArgs } from "node:util";
import type { Landing } from "#domain/change.ts";
import { type Answered, type Asked, answerAll } from "./predict.ts";
import { eachFold, fitMaterial } from "./folds.ts";
import { type Score, scoreOf, scored } from "./score.ts";
import { rules, scoreOfRule } from "./baselines.ts";
import { featureNames } from "./kinds.ts";
import { intervalOf } from "./bootstrap.ts";
import { type Repository, readRepositories } from "./data.ts";
import { printPools } from "./pools.ts";
import { settings } from "./model.ts";
import { printReplays } from "./replays.ts";

const usage = `Usage: npm run accuracy -- --data FOLDER [--ablation | --pools]
       npm run accuracy -- --recordings FOLDER

Asks about every labelled incident in FOLDER with weights that were learnt from the other repositories only, and prints the
tables of docs/accuracy.md. --ablation: what each kind of evidence is worth; takes some minutes.
--pools: every three repositories as one stream, with what the others teach.
--recordings: the same for the kinds that are set by hand, on stories that were recorded (docs/accuracy.md).`;

const views: readonly (readonly [string, Asked])[] = [
  ["service known in 70 %, symptom", { knowledge: "hint", symptom: true }],
  ["service known in 70 %", { knowledge: "hint", symptom: false }],
  ["service always known, symptom", { knowledge: "known", symptom: true }],
  ["no service, symptom", { knowledge: "unknown", symptom: true }],
  ["no service", { knowledge: "unknown", symptom: false }],
];

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    recordings: { type: "string" },
    ablation: { type: "boolean" },
    pools: { type: "boolean" },
    help: { type: "boolean" },
  },
});
if (values.recordings !== undefined) {
  printReplays(values.recordings);
  process.exit(0);
}
if (values.help === true || values.data === undefined) {
  console.log(usage);
  process.exit(values.help === true ? 0 : 2);
}
const repositories = readRepositories(values.data);
const landings = new Map(repositories.flatMap((one) => one.landings.map((landing) => [landing.id, landing] as const)));
if (values.ablation === true) printAblation(repositories);
else if (values.pools === true) printPools(repositories, landings);
else printAccuracy(repositories, landings);

function printAccuracy(from: readonly Repository[], byId: ReadonlyMap<string, Landing>): void {
  const answers = views.map(([name]): [string, Answered[]] => [name, []]);
  for (const knowledge of ["known", "hint", "unknown"] as const)
    eachFold(from, [knowledge], (left, material) => {
      const weights = fitMaterial(material, settings);
      for (const [at, [, asked]] of views.entries())
        if (asked.knowledge === knowledge) answers[at]?.[1].push(...answerAll(left, weights, asked));
      console.error(`${left.name}: asked with what the others teach (service ${knowledge})`);
    });
  const all = answers[0]?.[1] ?? [];
  const { failures, calm } = scored(all);
  console.log(
    `\n### All sets (${failures.length} failures found an hour or more after landing, ${calm.length} incidents that no change caused)\n`,
  );
  console.log("| what is known | hit@1 | hit@3 | hit@5 | MRR |\n|---|---|---|---|---|");
  for (const rule of rules) console.log(`| ${rule} | ${shares(scoreOfRule(rule, failures, byId))} |`);
  for (const [name, some] of answers) console.log(`| **k8s-why**, ${name} | ${shares(scoreOf(some))} |`);
  console.log(`\n### Honesty\n`);
  console.log(
    "| what is known | named at 50 % or more | right when named | wrongly accused | calibration error | log loss (base rates only) |\n|---|---|---|---|---|---|",
  );
  for (const [name, some] of answers) console.log(honestyRow(name, some));
  console.log(`\n### Each set, its own repository left out of the training (service known in 70 %, symptom)\n`);
  console.log(
    "| set | failures | hit@1 ours / rule | MRR ours / rule | hit@5 ours / rule | named | right | wrongly | log loss / base |\n|---|---|---|---|---|---|---|---|---|",
  );
  for (const { name } of from)
    console.log(
      setRow(
        name,
        all.filter((one) => one.repository === name),
        byId,
      ),
    );
  console.log(`\nThe rule is "service (70 % right) + recency".`);
}

function shares({ hit1, hit3, hit5, mrr }: Pick<Score, "hit1" | "hit3" | "hit5" | "mrr">): string {
  return [hit1, hit3, hit5, mrr].map((share) => share.toFixed(3)).join(" | ");
}

function honestyRow(name: string, some: readonly Answered[]): string {
  const score = scoreOf(some);
  const { failures, calm } = scored(some);
  const first = ({ answer }: Answered) => answer.suspects[0]?.probability ?? 0;
  const named = failures.filter((one) => first(one) >= 0.5);
  const within = (items: readonly boolean[]) => intervalOf(items).map(percent).join(" to ");
  return [
    `| ${name}`,
    `${percent(score.named)} (${within(failures.map((one) => first(one) >= 0.5))})`,
    `${percent(score.right)} (${within(named.map(({ answer, incident }) => answer.suspects[0]?.id === incident.culprit))})`,
    `${percent(score.wrong)} (${within(calm.map((one) => first(one) >= 0.5))})`,
    score.calibration.toFixed(3),
    `${score.logLoss.toFixed(3)} (${score.baseLogLoss.toFixed(3)}) |`,
  ].join(" | ");
}

function setRow(name: string, some: readonly Answered[], byId: ReadonlyMap<string, Landing>): string {
  const ours = scoreOf(some);
  const rule = scoreOfRule("service (70 % right) + recency", scored(some).failures, byId);
  const beside = (a: number, b: number) => `${a.toFixed(3)} / ${b.toFixed(3)}`;
  return [
    `| ${name}`,
    ours.failures,
    beside(ours.hit1, rule.hit1),
    beside(ours.mrr, rule.mrr),
    beside(ours.hit5, rule.hit5),
    percent(ours.named),
    percent(ours.right),
    percent(ours.wrong),
    `${ours.logLoss.toFixed(2)} / ${ours.baseLogLoss.toFixed(2)} |`,
  ].join(" | ");
}

function printAblation(from: readonly Repository[]): void {
  const rows = [
    ["nothing", new Set<string>()] as const,
    ...[...featureNames(from)].map(([kind, names]) => [`\`${kind}\``, names] as const),
  ];
  const answers = rows.map((): Answered[] => []);
  eachFold(from, ["hint"], (left, material) => {
    for (const [at, [, without]] of rows.entries()) {
      const weights = fitMaterial(material, { ...settings, without });
      answers[at]?.push(...answerAll(left, weights, { knowledge: "hint", symptom: true }));
    }
    console.error(`${left.name}: asked ${rows.length} times with what the others teach`);
  });
  console.log("| left out | hit@1 | hit@5 | MRR | log loss | named | right | wrongly |\n|---|---|---|---|---|---|---|---|");
  for (const [at, [label]] of rows.entries()) {
    const one = scoreOf(answers[at] ?? []);
    const figures = [one.hit1, one.hit5, one.mrr, one.logLoss].map((value) => value.toFixed(3)).join(" | ");
    console.log(`| ${label} | ${figures} | ${[one.named, one.right, one.wrong].map(percent).join(" | ")} |`);
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
