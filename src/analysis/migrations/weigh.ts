import type { Operation, ReadMigration, What } from "./operation.ts";
import { REMOVED } from "./read-notes.ts";

/**
 * What a statement means for the code that ran before:
 * - `tolerated`: that code runs on.
 * - `strict`: it runs, and may be slower, refused or surprised.
 * - `breaks`: it does not find what it needs, or cannot write.
 * - `loses`: rows or columns that it reads are gone, and no way back holds them.
 * - `unclear`: nobody could read it.
 */
export type Effect = "tolerated" | "strict" | "breaks" | "loses" | "unclear";

/** A statement with its file and its meaning. */
export interface Weighed {
  readonly migration: ReadMigration;
  readonly operation: Operation;
  readonly effect: Effect;
  /** The end of a sentence that begins with the statement and its file. */
  readonly because: string;
}

const MEANING: Readonly<Record<What, readonly [Effect, string]>> = {
  "create-table": ["tolerated", "adds a table"],
  "add-column": ["tolerated", "adds a column that may stay out"],
  "add-index": ["tolerated", "adds an index"],
  "add-object": ["tolerated", "adds something"],
  insert: ["tolerated", "adds rows"],
  harmless: ["tolerated", "takes nothing away"],
  "add-required-column": ["breaks", "asks for a column that the old code does not write"],
  "set-not-null": ["breaks", "asks for a value that the old code may leave out"],
  "drop-default": ["breaks", "takes the value that the old code may leave out"],
  "type-change": ["breaks", "changes a column that the old code reads as it was"],
  rename: ["breaks", "renames what the old code knows by its old name"],
  "replace-object": ["breaks", "replaces what the old code uses"],
  "drop-object": ["breaks", "takes away what the old code may use"],
  "drop-rule": ["strict", "takes away a rule that the old code may rely on"],
  "add-rule": ["strict", "may refuse what the old code writes"],
  "drop-not-null": ["strict", "lets the old code meet empty values"],
  "drop-index": ["strict", "takes an index away that the old code's queries may need"],
  "drop-table": ["loses", "removes rows that the old code reads"],
  "drop-column": ["loses", "removes a column that the old code reads, with its data"],
  delete: ["loses", "deletes rows that the old code may read"],
  update: ["unclear", "changes rows that the old code reads"],
  unknown: ["unclear", "could not be read"],
};

/** What may happen to a column that came in the same range without the old code noticing. */
const OWN_COLUMN = new Set<What>(["drop-column", "type-change", "drop-not-null", "rename", "update", "add-rule"]);

/** Weighs every statement of a range, oldest first: what is done to a table that the range itself made is nothing to the old code. */
export function weigh(migrations: readonly ReadMigration[]): Weighed[] {
  const made = new Set<string>();
  const perhapsMade = new Set<string>();
  const added = new Set<string>();
  return migrations.flatMap((migration) =>
    migration.operations.map((operation) => {
      const { what, table, column } = operation;
      const field = table !== undefined && column !== undefined ? JSON.stringify([table, column]) : undefined;
      const isOwn =
        (table !== undefined && (made.has(table) || (perhapsMade.has(table) && what === "add-rule"))) ||
        (field !== undefined && added.has(field) && OWN_COLUMN.has(what));
      if (table !== undefined) note(operation, table, field);
      return { migration, operation, ...meaning(operation, isOwn) };
    }),
  );

  function note({ what, perhaps }: Operation, table: string, field: string | undefined): void {
    if (what === "create-table") (perhaps === true ? perhapsMade : made).add(table);
    if (what === "drop-table") made.delete(table);
    if (what === "add-column" && perhaps !== true && field !== undefined) added.add(field);
    if (what === "rename" || what === "drop-column") added.delete(field ?? "");
  }
}

function meaning({ what, why }: Operation, isOwn: boolean): Pick<Weighed, "effect" | "because"> {
  if (what === "unknown")
    return why === REMOVED
      ? { effect: "breaks", because: "was deleted: nothing takes it back" }
      : { effect: "unclear", because: `could not be read: ${why ?? ""}` };
  if (isOwn) return { effect: "tolerated", because: "is about something new" };
  const [effect, because] = MEANING[what];
  return { effect, because };
}
