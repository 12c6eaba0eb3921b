import type { Draft, Operation, RawSql, What } from "./operation.ts";
import { type Code, literal, toCode } from "./code.ts";
import { type Link, functionBody } from "./chain.ts";
import { type ReadCall, draftOf, readStatements } from "./script.ts";
import { on, sqlOf } from "./calls.ts";
import { unknown } from "./operation.ts";

/** Knex: `up` and `down` with its schema builder (knexjs.org/guide/schema-builder). */
export function readKnex(text: string): Draft {
  return draftOf(toCode(text, "script"), readCall);
}

const CALLS: Readonly<Record<string, What>> = {
  dropTable: "drop-table",
  dropTableIfExists: "drop-table",
  dropSchema: "drop-table",
  dropSchemaIfExists: "drop-table",
  renameTable: "rename",
  createView: "add-object",
  createViewOrReplace: "replace-object",
  dropView: "drop-object",
  dropViewIfExists: "drop-object",
  createSchema: "add-object",
  createSchemaIfNotExists: "add-object",
  createExtension: "add-object",
  createExtensionIfNotExists: "add-object",
};
const ROWS: Readonly<Record<string, What>> = {
  insert: "insert",
  update: "update",
  del: "delete",
  delete: "delete",
  truncate: "delete",
};

const readCall: ReadCall = (links, statement) => {
  const first = links[0];
  const rows = first?.args && links.slice(1).find((link) => ROWS[link.name] !== undefined);
  if (rows) return [on(ROWS[rows.name] ?? "unknown", statement, literal(first.args[0]))];
  const calls = links.filter((link) => link.args !== undefined && link.name !== "withSchema");
  const read = calls.map((call) => readSchema(call, statement));
  return calls.length === 0 || read.includes(undefined) ? undefined : read.flatMap((one) => one ?? []);
};

function readSchema({ name, args = [] }: Link, statement: Code): readonly (Operation | RawSql)[] | undefined {
  const table = literal(args[0]);
  switch (name) {
    case "hasTable":
    case "hasColumn":
      return [];
    case "raw":
      return [sqlOf(args[0], statement)];
    case "createTable":
    case "createTableIfNotExists":
      return [{ ...on("create-table", statement, table), perhaps: name !== "createTable" }];
    case "alterTable":
    case "table":
      return inside(args[1], statement, table);
    default:
      return CALLS[name] && [on(CALLS[name], statement, table)];
  }
}

function inside(callback: Code | undefined, statement: Code, table: string | undefined): readonly (Operation | RawSql)[] {
  const body = callback && functionBody(callback);
  return body ? readStatements(body, inTable(table)) : [unknown(statement.raw, "It is code")];
}

const IN_TABLE: Readonly<Record<string, What>> = {
  dropColumn: "drop-column",
  dropColumns: "drop-column",
  dropTimestamps: "drop-column",
  renameColumn: "rename",
  setNullable: "drop-not-null",
  dropNullable: "set-not-null",
  index: "add-index",
  unique: "add-rule",
  foreign: "add-rule",
  primary: "add-rule",
  check: "add-rule",
  dropIndex: "drop-index",
  dropUnique: "drop-rule",
  dropForeign: "drop-rule",
  dropPrimary: "drop-rule",
  dropChecks: "drop-rule",
  comment: "harmless",
  timestamps: "add-column",
  increments: "add-column",
  bigIncrements: "add-column",
};
const TYPES =
  /^(integer|int|tinyint|smallint|mediumint|bigint|bigInteger|text|string|varchar|float|double|decimal|boolean|date|dateTime|datetime|time|timestamp|binary|enu|enum|json|jsonb|uuid|geometry|geography|point|specificType)$/;

/** `table.string("name").notNullable()` and the like. */
function inTable(table: string | undefined): ReadCall {
  return (links, statement) => {
    const [call, ...modifiers] = links.slice(1);
    if (!call?.args) return undefined;
    const column = literal(call.args[0]);
    const names = new Set(modifiers.map(({ name }) => name));
    if (names.has("alter")) return [on("type-change", statement, table, column)];
    const known = IN_TABLE[call.name];
    if (known) return [on(known, statement, table, column)];
    if (!TYPES.test(call.name)) return undefined;
    const required = names.has("notNullable") || names.has("notNull") || names.has("primary");
    return [on(required && !names.has("defaultTo") ? "add-required-column" : "add-column", statement, table, column)];
  };
}
