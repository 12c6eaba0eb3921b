import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const rows = readFileSync("docs/faults.md", "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| fault |"))
  .map((line) => line.split(" | "))
  .map(([fault = "", _happens, tests = ""]) => ({ fault: fault.slice(2), tests: tests.replace(/ \|$/, "").split("<br>") }));

it("docs/faults.md has a row for every fault", () => {
  expect(new Set(rows.map(({ fault }) => fault)).size).toBe(33);
});

it.each(rows)("$fault: its tests are where docs/faults.md says", ({ tests }) => {
  expect(tests.map(problemOf).filter((problem) => problem !== undefined)).toEqual([]);
});

function problemOf(named: string): string | undefined {
  const [, name, title] = /^`([\w/-]+)`: (.+)$/.exec(named) ?? [];
  if (name === undefined || title === undefined) return `Not a test: ${named}`;
  const file = `test/${name}.test.ts`;
  if (!existsSync(file)) return `There is no ${file}`;
  return readFileSync(file, "utf8").includes(JSON.stringify(title)) ? undefined : `${file} has no test "${title}"`;
}
