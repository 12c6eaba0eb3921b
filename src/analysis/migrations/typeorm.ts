import type { Draft, What } from "./operation.ts";
import { type Code, listOf, literal, named, slice, toCode } from "./code.ts";
import { isGiven, isTrue, on, sqlOf } from "./calls.ts";
import { type ReadCall, draftOf } from "./script.ts";

/** TypeORM: a class with `up` and `down`, mostly of SQL (typeorm.io/docs/migrations). */
export function readTypeOrm(text: string): Draft {
  return draftOf(toCode(text, "script"), readCall);
}

const CALLS: Readonly<Record<string, What>> = {
  createTable: "create-table",
  dropTable: "drop-table",
  dropDatabase: "drop-table",
  dropSchema: "drop-table",
  clearTable: "delete",
  clearDatabase: "drop-table",
  renameTable: "rename",
  renameColumn: "rename",
  changeColumn: "type-change",
  changeColumns: "type-change",
  dropColumn: "drop-column",
  dropColumns: "drop-column",
  dropIndex: "drop-index",
  dropForeignKey: "drop-rule",
  dropPrimaryKey: "drop-rule",
  dropUniqueConstraint: "drop-rule",
  dropCheckConstraint: "drop-rule",
  createForeignKey: "add-rule",
  createForeignKeys: "add-rule",
  createPrimaryKey: "add-rule",
  createUniqueConstraint: "add-rule",
  createCheckConstraint: "add-rule",
  createView: "add-object",
  createSchema: "add-object",
  dropView: "drop-object",
  startTransaction: "harmless",
  commitTransaction: "harmless",
};

const readCall: ReadCall = (links, statement) => {
  const call = links.at(-1);
  const args = call?.args;
  if (!args) return undefined;
  if (call.name === "query") return [sqlOf(args[0], statement)];
  const table = literal(args[0]) ?? literal(named(optionsOf(args[0]), "name"));
  if (call.name === "addColumn") return [on(addColumn(args[1]), statement, table, literal(named(optionsOf(args[1]), "name")))];
  if (call.name === "createIndex")
    return [on(isTrue(optionsOf(args[1]), "isUnique") ? "add-rule" : "add-index", statement, table)];
  const what = CALLS[call.name];
  return what && [on(what, statement, table, call.name.endsWith("Column") ? literal(args[1]) : undefined)];
};

/** What stands in the braces of `new TableColumn({ ... })`. */
function optionsOf(code: Code | undefined): Code[] {
  const open = code?.bare.indexOf("{") ?? -1;
  return code && open !== -1 ? listOf(slice(code, open + 1, code.bare.lastIndexOf("}"))) : [];
}

/** A `TableColumn` may not be null unless `isNullable` says so. */
function addColumn(column: Code | undefined): What {
  const options = optionsOf(column);
  if (options.length === 0) return "unknown";
  const fills = isTrue(options, "isNullable") || isTrue(options, "isGenerated") || isGiven(options, "default", "asExpression");
  return fills ? "add-column" : "add-required-column";
}
