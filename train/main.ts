import { parseArgs } from "node:util";
import { writeFileSync } from "node:fs";
import { fitMaterial, materialOf } from "./folds.ts";
import { settings } from "./model.ts";
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
const material = materialOf(repositories, ["known", "hint", "unknown"]);
const { landed } = material;
const labelled = repositories.flatMap(({ incidents }) => incidents).filter((one) => !one.planned);
const guilty = labelled.filter((one) => one.culprit !== undefined).length;
console.error(
  `${landed.length.toLocaleString("en-US")} landings of ${repositories.length} repositories, ${landed.filter((one) => one.failed).length} of them taken back; ${guilty} incidents with a culprit, ${labelled.length - guilty} without`,
);
const weights = fitMaterial(material, settings);
const provenance = {
  by: "npm run train",
  data: repositories.map(({ name, digest }) => ({ name, sha256: digest })),
  landings: landed.length,
  takenBack: landed.filter((one) => one.failed).length,
  incidents: labelled.length,
  withCulprit: guilty,
  settings: { ...settings },
};
const file = new URL("../src/analysis/weights.json", import.meta.url);
writeFileSync(file, `${JSON.stringify({ provenance, ...weights }, rounded, 2)}\n`);
console.error("src/analysis/weights.json is written");

function rounded(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
}
