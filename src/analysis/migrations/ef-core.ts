import type { Draft, What } from "./operation.ts";
import { type Code, literal, named, toCode } from "./code.ts";
import { isGiven, isTrue, on, sqlOf } from "./calls.ts";
import { type ReadCall, draftOf } from "./script.ts";

/** EF Core: `Up` and `Down` of a `Migration` (learn.microsoft.com/ef/core/managing-schemas/migrations). */
export function readEfCore(text: string): Draft {
  return draftOf(toCode(text, "csharp"), readCall);
}

const CALLS: Readonly<Record<string, What>> = {
  CreateTable: "create-table",
  DropTable: "drop-table",
  DropSchema: "drop-table",
  RenameTable: "rename",
  RenameColumn: "rename",
  RenameIndex: "harmless",
  DropColumn: "drop-column",
  AlterColumn: "type-change",
  DropIndex: "drop-index",
  DropForeignKey: "drop-rule",
  DropPrimaryKey: "drop-rule",
  DropUniqueConstraint: "drop-rule",
  DropCheckConstraint: "drop-rule",
  DropSequence: "drop-object",
  AddForeignKey: "add-rule",
  AddPrimaryKey: "add-rule",
  AddUniqueConstraint: "add-rule",
  AddCheckConstraint: "add-rule",
  CreateSequence: "add-object",
  EnsureSchema: "add-object",
  InsertData: "insert",
  UpdateData: "update",
  DeleteData: "delete",
};

const readCall: ReadCall = (links, statement) => {
  const call = links.find((link) => link.args !== undefined);
  const args = call?.args;
  if (!args || links[0]?.args) return undefined;
  if (call.name === "Sql") return [sqlOf(named(args, "sql") ?? args[0], statement)];
  const what = SPECIAL[call.name]?.(args) ?? CALLS[call.name];
  return what && [on(what, statement, tableOf(call.name, args), columnOf(call.name, args))];
};

function tableOf(name: string, args: readonly Code[]): string | undefined {
  const isWhole = /(Table|Schema|Sequence)$/.test(name);
  return literal(named(args, isWhole ? "name" : "table") ?? args[isWhole ? 0 : 1]);
}

/** The column, also of a foreign key of one. */
function columnOf(name: string, args: readonly Code[]): string | undefined {
  if (name === "AddForeignKey") return literal(named(args, "column"));
  return name.endsWith("Column") ? literal(named(args, "name") ?? args[0]) : undefined;
}

const SPECIAL: Readonly<Record<string, (args: readonly Code[]) => What>> = {
  // A default that is given here stays in the database.
  AddColumn: (args) =>
    isTrue(args, "nullable") || isGiven(args, "defaultValue", "defaultValueSql", "computedColumnSql")
      ? "add-column"
      : "add-required-column",
  CreateIndex: (args) => (isTrue(args, "unique") ? "add-rule" : "add-index"),
};
