import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { mutations } from "./list.ts";
import type { Mutation } from "./mutation.ts";

/** `npm run mutations [-- words]`: takes each check out of a copy of this tree, and sees that its test fails. Exit code 1: one did not. */
const root = resolve(import.meta.dirname, "../..");
const words = process.argv.slice(2).join(" ").toLowerCase();
const chosen = mutations.filter(({ guarantee, file }) => `${guarantee} ${file}`.toLowerCase().includes(words));
if (chosen.length === 0) throw new Error(`No guarantee and no file has "${words}" in it`);

const copy = mkdtempSync(join(tmpdir(), "k8s-why-mutations-"));
const left: Mutation[] = [];
try {
  const outside = new Set(["node_modules", ".git"].map((name) => join(root, name)));
  cpSync(root, copy, { recursive: true, filter: (path) => !outside.has(path) });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  for (const [index, mutation] of chosen.entries()) {
    const result = tryOut(mutation);
    if (result !== "caught") left.push(mutation);
    console.log(
      `${index + 1}/${chosen.length} ${result === "caught" ? "caught" : `NOT CAUGHT (${result})`}: ${mutation.guarantee}`,
    );
    console.log(`    ${mutation.file}: ${mutation.check.split("\n", 1)[0]}`);
    console.log(`    ${mutation.test.file}: ${mutation.test.name}`);
  }
} finally {
  rmSync(copy, { recursive: true });
}
console.log(
  left.length === 0
    ? `\nAll ${chosen.length} guarantees are held by a test.`
    : `\n${left.length} of ${chosen.length} are not held by the test that is named.`,
);
process.exitCode = left.length === 0 ? 0 : 1;

/** "caught", or what happened instead. */
function tryOut({ file, check, without = "", test }: Mutation): string {
  const path = join(copy, file);
  const original = readFileSync(path, "utf8");
  writeFileSync(
    path,
    original.replace(check, () => without),
  );
  try {
    return statusOf(test) === "failed" ? "caught" : `the test ${statusOf(test)}`;
  } finally {
    writeFileSync(path, original);
  }
}

/** What became of one test, by its own title. */
function statusOf({ file, name }: Mutation["test"]): string {
  const output = join(copy, "mutation.json");
  rmSync(output, { force: true });
  const pattern = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  spawnSync(
    process.execPath,
    [
      join(root, "node_modules/vitest/vitest.mjs"),
      "run",
      "--project",
      "rooms",
      file,
      "-t",
      pattern,
      "--reporter=json",
      `--outputFile=${output}`,
    ],
    { cwd: copy, stdio: "ignore", env: { ...process.env, CI: "true" } },
  );
  const { testResults = [] } = JSON.parse(readFileSync(output, "utf8")) as {
    testResults?: { name: string; assertionResults: { title: string; status: string }[] }[];
  };
  const found = testResults
    .filter((result) => relative(copy, result.name) === file)
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ title }) => title === name);
  if (found.length === 0) return "was not found";
  return found.some(({ status }) => status === "failed") ? "failed" : "passed";
}
