import { parseArgs } from "node:util";
import { writeFileSync } from "node:fs";
import { casesOf } from "./cases.ts";
import { fitWeights, settings } from "./model.ts";
import { landedIn } from "./risk.ts";
import { readRepositories } from "./data.ts";

const usage = `Usage: npm run train -- --data FOLDER

Learns the weights of evidence from NAME.changes.ndjson.gz and NAME.incidents.ndjson in FOLDER (formats: docs/offline.md),
and writes src/analysis/weights.json. The same data gives the same file.`;

const { values } = parseArgs({ options: { data: { type: "string" }, help: { type: "boolean" } } });
if (values.help === true || values.data === undefined) {
  console.log(usage);
  process.exit(values.help === true ? 0 : 2);
}
const repositories = readRepositories(values.data);
const landed = repositories.flatMap(landedIn);
console.error(
  `${landed.length.toLocaleString("en-US")} landings of ${repositories.length} repositories, ${landed.filter((one) => one.failed).length} of them taken back`,
);
const cases = (knowledge: "known" | "hint" | "unknown") =>
  repositories.flatMap((repository) => casesOf(repository, { knowledge, symptoms: "borrowed" }));
const all = { known: cases("known"), hint: cases("hint"), unknown: cases("unknown") };
const guilty = all.hint.filter((one) => one.answer >= 0).length;
console.error(`${all.hint.length} incidents: ${guilty} with a culprit, ${all.hint.length - guilty} without`);
const weights = fitWeights(all, landed);
const provenance = {
  by: "npm run train",
  data: repositories.map(({ name, digest }) => ({ name, sha256: digest })),
  landings: landed.length,
  takenBack: landed.filter((one) => one.failed).length,
  incidents: all.hint.length,
  withCulprit: guilty,
  settings: { ...settings },
};
const file = new URL("../src/analysis/weights.json", import.meta.url);
writeFileSync(file, `${JSON.stringify({ provenance, ...weights }, rounded, 2)}\n`);
console.error("src/analysis/weights.json is written");

function rounded(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
}
