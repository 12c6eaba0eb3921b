import type { ChangedFile, Landing } from "#domain/change.ts";
import type { LoadSql } from "#domain/ports/sql.ts";
import type { Draft, Operation, RawSql, ReadMigration, WayBack } from "./operation.ts";
import { type Added, addedLines } from "./added.ts";
import { isSchemaDump, migrationTool } from "#analysis/migrations.ts";
import { isStatement, isWayBack, readSqlScript, waysBack } from "./sql-script.ts";
import { REMOVED } from "./read-notes.ts";
import { readAlembic } from "./alembic.ts";
import { readDjango } from "./django.ts";
import { readEfCore } from "./ef-core.ts";
import { readKnex } from "./knex.ts";
import { readLiquibase } from "./liquibase.ts";
import { readRails } from "./rails.ts";
import { readSequelize } from "./sequelize.ts";
import { readTypeOrm } from "./typeorm.ts";
import { readSql } from "./sql.ts";
import { unknown } from "./operation.ts";

/** Files of one range that are read; what is beyond is unknown. */
const MOST_FILES = 1_000;

/** Reads the migrations of landings whose diffs are known. Loads the SQL parsers only where there is SQL to read. */
export async function readMigrations(landings: readonly Landing[], loadSql: LoadSql): Promise<readonly ReadMigration[]> {
  const drafts = landings.flatMap(draftsOf);
  const hasSql = drafts.some(({ draft }) => draft.operations.some(({ what }) => what === "sql"));
  const parsers = hasSql ? await loadSql() : undefined;
  return drafts.map(({ landing, path, tool, draft }) => ({
    landing,
    path,
    tool,
    wayBack: draft.wayBack,
    operations: draft.operations.flatMap((one) => (one.what !== "sql" ? [one] : parsers ? readSql(one.sql, parsers) : [])),
  }));
}

interface Drafted {
  readonly landing: string;
  readonly path: string;
  readonly tool: string;
  readonly draft: Draft;
}

function draftsOf(landing: Landing): Drafted[] {
  const files = landing.files.filter(({ path }) => migrationTool(path) !== undefined);
  // A dump of the schema repeats what the migrations beside it do.
  const hasSteps = files.some(({ path, status }) => !isSchemaDump(path) && !isWayBack(path) && status !== "removed");
  return files.slice(0, MOST_FILES).flatMap((file) => {
    const tool = migrationTool(file.path) ?? "";
    if (file.patch === undefined && file.status !== "removed") return [];
    if ((hasSteps && isSchemaDump(file.path)) || (isWayBack(file.path) && file.status !== "removed"))
      return [{ landing: landing.id, path: file.path, tool, draft: NOTHING }];
    return [{ landing: landing.id, path: file.path, ...draftOf(file, tool, files) }];
  });
}

const NOTHING: Draft = { operations: [], wayBack: "written" };

function draftOf(file: ChangedFile, tool: string, files: readonly ChangedFile[]): { tool: string; draft: Draft } {
  if (file.status === "removed") return { tool, draft: { operations: [unknown("", REMOVED)], wayBack: "none" } };
  const added = addedLines(file);
  if (!added) return { tool, draft: { operations: [unknown("", "Its text is not known")], wayBack: "unknown" } };
  const found = pick(added.text, file.path, tool);
  const read = found.read(added.text, hasWayBack(file.path, files));
  const notes = notesOf(added, file, found.tool);
  const wayBack: WayBack = !added.complete && read.wayBack !== "written" ? "unknown" : read.wayBack;
  return { tool: found.tool, draft: { operations: [...read.operations, ...notes], wayBack } };
}

/** What the diff itself leaves open. */
function notesOf(added: Added, file: ChangedFile, tool: string): (Operation | RawSql)[] {
  if (!added.complete) return [unknown("", "The diff was cut before its end")];
  if (isSchemaDump(file.path)) return [unknown("", "It says what the schema is now, not what was done to it")];
  const grows = tool === "Liquibase" || /(^|\/)R__/.test(file.path);
  if (!added.fresh && !(grows && added.removed === 0))
    return [unknown("", "It was edited, and nobody knows whether it ran before or after")];
  return [];
}

function hasWayBack(path: string, files: readonly ChangedFile[]): boolean {
  const candidates = waysBack(path);
  return files.some(
    (file) =>
      candidates.some((candidate) => file.path === candidate || (candidate.endsWith("__") && file.path.startsWith(candidate))) &&
      file.status !== "removed" &&
      isStatement(addedLines(file)?.text ?? "select"),
  );
}

interface Reader {
  readonly tool: string;
  readonly read: (text: string, hasWayBack: boolean) => Draft;
}

/** The tool by path; JavaScript's tools share a layout, and tell themselves by what they call. */
function pick(text: string, path: string, tool: string): Reader {
  if (/\.sql$/i.test(path) && tool !== "Liquibase") return { tool, read: readSqlScript };
  if (tool === "Liquibase") return { tool, read: (whole) => readLiquibase(whole, path) };
  if (tool === "Knex") {
    const found = SCRIPTS.find(({ sign }) => sign.test(text));
    return found ?? { tool, read: unreadable };
  }
  return { tool, read: READERS[tool] ?? unreadable };
}

const SCRIPTS: readonly (Reader & { readonly sign: RegExp })[] = [
  { tool: "TypeORM", sign: /\bqueryRunner\b|\bMigrationInterface\b/i, read: readTypeOrm },
  { tool: "Sequelize", sign: /\bqueryInterface\b|\bSequelize\b/, read: readSequelize },
  { tool: "Knex", sign: /\bknex\b/i, read: readKnex },
];

const READERS: Readonly<Record<string, (text: string) => Draft>> = {
  Rails: readRails,
  Django: readDjango,
  Alembic: readAlembic,
  "EF Core": readEfCore,
};

function unreadable(text: string): Draft {
  return { operations: [unknown(text, "No reader knows this kind of migration")], wayBack: "unknown" };
}
