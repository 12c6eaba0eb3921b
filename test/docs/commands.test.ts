import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commands } from "#bot/commands/table.ts";
import { sectionsOf } from "#bot/cards/help.ts";

const page = readFileSync("docs/commands.md", "utf8");

test("the page has every line of help, in its section, and no other", () => {
  const told = sectionsOf(commands).map(({ title, help }) => ({
    title,
    rows: help.map(({ type, does }) => `| \`/k8s-why ${type.replaceAll("|", "\\|")}\` | ${does} |`),
  }));
  const written = told.map(({ title }) => ({ title, rows: rowsUnder(title) }));
  expect(told.flatMap(({ rows }) => rows).length).toBeGreaterThan(8);
  expect(written).toEqual(told);
  expect(page.split("\n").filter((line) => line.startsWith("| `/k8s-why"))).toHaveLength(told.flatMap(({ rows }) => rows).length);
});

function rowsUnder(title: string): string[] {
  const [, after = ""] = page.split(`\n## ${title}\n`);
  const [part = ""] = after.split("\n## ");
  return part.split("\n").filter((line) => line.startsWith("| `"));
}
