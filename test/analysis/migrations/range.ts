import { aLanding, aRollout } from "#test/builders.ts";
import type { ChangedFile, Landing } from "#domain/change.ts";
import type { RollbackSafety } from "#domain/diagnosis.ts";
import type { What } from "#analysis/migrations/operation.ts";
import { loadSqlParsers } from "#clients/sql/parsers.ts";
import { readMigrations } from "#analysis/migrations/read.ts";
import { rollbackSafety } from "#analysis/rollback-safety.ts";

/** A new file, as GitHub's diff shows it. */
export function added(path: string, text: string): ChangedFile {
  const lines = text.replace(/\n$/, "").split("\n");
  return {
    path,
    status: "added",
    additions: lines.length,
    deletions: 0,
    patch: [`@@ -0,0 +1,${lines.length} @@`, ...lines.map((line) => `+${line}`)].join("\n"),
  };
}

/** The verdict on a range with these files in one landing. */
export async function verdictOn(...files: readonly ChangedFile[]): Promise<RollbackSafety> {
  return judge([aLanding({ files, filesTotal: files.length })]);
}

/** The verdict on a range of landings. */
export async function judge(landings: readonly Landing[]): Promise<RollbackSafety> {
  return rollbackSafety({ rollouts: [aRollout()], landings, own: [], read: await readMigrations(landings, loadSqlParsers) });
}

/** What a new file does, statement by statement, as `what table.column`, and how it goes back. */
export async function effectsOf(path: string, text: string): Promise<string[]> {
  const files = [added(path, text)];
  const [read] = await readMigrations([aLanding({ files, filesTotal: 1 })], loadSqlParsers);
  if (!read) throw new Error(`Should have been read: ${path}`);
  const told = read.operations
    .filter(({ what }) => what !== ("harmless" satisfies What))
    .map(({ what, table, column }) => [what, [table, column].filter(Boolean).join(".")].filter(Boolean).join(" "));
  return [read.tool, read.wayBack, ...told];
}
