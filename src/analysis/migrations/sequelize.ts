import type { Draft, What } from "./operation.ts";
import { type Code, listOf, literal, slice, toCode } from "./code.ts";
import { isFalse, isGiven, isTrue, on, sqlOf } from "./calls.ts";
import { type ReadCall, draftOf } from "./script.ts";

/** Sequelize: `up` and `down` with calls of the query interface (sequelize.org/docs/v6/other-topics/migrations). */
export function readSequelize(text: string): Draft {
  return draftOf(toCode(text, "script"), readCall);
}

const CALLS: Readonly<Record<string, What>> = {
  createTable: "create-table",
  dropTable: "drop-table",
  dropAllTables: "drop-table",
  dropSchema: "drop-table",
  renameTable: "rename",
  renameColumn: "rename",
  removeColumn: "drop-column",
  changeColumn: "type-change",
  removeIndex: "drop-index",
  addConstraint: "add-rule",
  removeConstraint: "drop-rule",
  createSchema: "add-object",
  bulkInsert: "insert",
  bulkUpdate: "update",
  bulkDelete: "delete",
};

const readCall: ReadCall = (links, statement) => {
  const call = links.at(-1);
  const args = call?.args;
  if (!args) return undefined;
  if (call.name === "query") return [sqlOf(args[0], statement)];
  const table = literal(args[0]);
  if (call.name === "addColumn") return [on(addColumn(args[2]), statement, table, literal(args[1]))];
  if (call.name === "addIndex") return [on(isUnique(args) ? "add-rule" : "add-index", statement, table)];
  const what = CALLS[call.name];
  return what && [on(what, statement, table, call.name.endsWith("Column") ? literal(args[1]) : undefined)];
};

/** A column may be null unless `allowNull` is false. */
function addColumn(definition: Code | undefined): What {
  if (!definition?.bare.startsWith("{")) return /^Sequelize|^DataTypes/.test(definition?.bare ?? "") ? "add-column" : "unknown";
  const options = listOf(slice(definition, 1, -1));
  return isFalse(options, "allowNull") && !isGiven(options, "defaultValue") ? "add-required-column" : "add-column";
}

function isUnique(args: readonly Code[]): boolean {
  return args.some((arg) => {
    const options = arg.bare.startsWith("{") ? listOf(slice(arg, 1, -1)) : [];
    return (
      isTrue(options, "unique") ||
      /unique/i.test(literal(options.find((option) => /^type\b/.test(option.bare))) ?? "") ||
      options.some((option) => /^type\s*:\s*['"]unique/i.test(option.raw))
    );
  });
}
