import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { mutations } from "./list.ts";
import type { Mutation } from "./mutation.ts";

/**
 * `npm run mutations [-- words]`: takes each check out of a copy of this tree, and sees that its test fails, which has passed before. Exit code 1: one did not.
 * So many are tried at once as there are cores; `MUTATIONS_AT_ONCE` says otherwise.
 */
const root = resolve(import.meta.dirname, "../..");
const words = process.argv.slice(2).join(" ").toLowerCase();
const chosen = mutations.filter(({ guarantee, file }) => `${guarantee} ${file}`.toLowerCase().includes(words));
if (chosen.length === 0) throw new Error(`No guarantee and no file has "${words}" in it`);

const copies: string[] = [];
const left: Mutation[] = [];
try {
  const atOnce = Number(process.env["MUTATIONS_AT_ONCE"] ?? availableParallelism());
  for (let one = 0; one < Math.min(atOnce, chosen.length); one += 1) copies.push(copyTree());
  const passing = await passingTests(copies[0] ?? root);
  const waiting = [...chosen.entries()];
  await Promise.all(copies.map((copy) => tryAll(copy, waiting, passing)));
} finally {
  for (const copy of copies) rmSync(copy, { recursive: true });
}
console.log(
  left.length === 0
    ? `\nAll ${chosen.length} guarantees are held by a test.`
    : `\n${left.length} of ${chosen.length} are not held by the test that is named.`,
);
process.exitCode = left.length === 0 ? 0 : 1;

function copyTree(): string {
  const copy = mkdtempSync(join(tmpdir(), "k8s-why-mutations-"));
  const outside = new Set(["node_modules", ".git"].map((name) => join(root, name)));
  cpSync(root, copy, { recursive: true, filter: (path) => !outside.has(path) });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/** Those that pass while every check is there: only they say something by failing. */
async function passingTests(copy: string): Promise<ReadonlySet<string>> {
  const files = [...new Set(chosen.map(({ test }) => test.file))];
  const results = await runTests(copy, files);
  return new Set(results.filter(({ status }) => status === "passed").map(({ file, title }) => `${file}: ${title}`));
}

async function tryAll(copy: string, waiting: [number, Mutation][], passing: ReadonlySet<string>): Promise<void> {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [index, mutation] = next;
    const { guarantee, file, check, test } = mutation;
    const result = passing.has(`${test.file}: ${test.name}`) ? await tryOut(copy, mutation) : "its test does not pass anyway";
    if (result !== "caught") left.push(mutation);
    console.log(`${index + 1}/${chosen.length} ${result === "caught" ? "caught" : `NOT CAUGHT (${result})`}: ${guarantee}`);
    console.log(`    ${file}: ${check.split("\n", 1)[0]}`);
    console.log(`    ${test.file}: ${test.name}`);
  }
}

/** "caught", or what happened instead. */
async function tryOut(copy: string, { file, check, without = "", test }: Mutation): Promise<string> {
  const path = join(copy, file);
  const original = readFileSync(path, "utf8");
  writeFileSync(
    path,
    original.replace(check, () => without),
  );
  try {
    const found = (await runTests(copy, [test.file], test.name)).filter(
      (result) => result.file === test.file && result.title === test.name,
    );
    if (found.length === 0) return "the test was not found";
    const failed = found.filter(({ status }) => status === "failed");
    if (failed.length === 0) return "the test passed";
    return failed.every(({ late }) => late) ? "its test only took too long" : "caught";
  } finally {
    writeFileSync(path, original);
  }
}

interface Result {
  readonly file: string;
  readonly title: string;
  readonly status: string;
  /** It failed by its time limit: on a busy machine that says nothing. */
  readonly late: boolean;
}

/** What became of these tests; of one of them, by its own title. */
async function runTests(copy: string, files: readonly string[], name?: string): Promise<Result[]> {
  const output = join(copy, "mutation.json");
  rmSync(output, { force: true });
  const pattern = name?.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const vitest = [join(root, "node_modules/vitest/vitest.mjs"), "run", "--project", "rooms"];
  const report = ["--reporter=json", `--outputFile=${output}`];
  const args = [...vitest, ...files, ...(pattern === undefined ? [] : ["-t", pattern]), ...report];
  const child = spawn(process.execPath, args, { cwd: copy, stdio: "ignore", env: { ...process.env, CI: "true" } });
  await new Promise((ended) => child.once("exit", ended));
  const { testResults = [] } = JSON.parse(readFileSync(output, "utf8")) as {
    testResults?: {
      name: string;
      assertionResults: { title: string; status: string; failureMessages?: string[] }[];
    }[];
  };
  return testResults.flatMap((result) =>
    result.assertionResults.map(({ title, status, failureMessages = [] }) => {
      const late = failureMessages.some((message) => message.includes("timed out in"));
      return { file: relative(copy, result.name), title, status, late };
    }),
  );
}
