import type { Draft, Operation, RawSql, What } from "./operation.ts";
import { nameOf, oneLine, unknown } from "./operation.ts";
import { type Found, fromKeys, fromXml } from "./liquibase-text.ts";
import { readFormattedSql } from "./sql-script.ts";

/** Liquibase: changesets in XML, YAML, JSON or formatted SQL. Those but SQL it turns around by itself where it can. */
export function readLiquibase(text: string, path: string): Draft {
  if (/\.sql$/i.test(path)) return readFormattedSql(text);
  const changes = /\.xml$/i.test(path) ? fromXml(text, isKnown) : fromKeys(text, isKnown);
  const lost = changes.changes.filter(({ name }) => !TURNED_AROUND.has(name)).length;
  return {
    operations: [...changes.changes.flatMap(toOperations), ...changes.unread],
    wayBack: lost === 0 ? "derived" : changes.rollbacks >= lost ? "written" : "none",
  };
}

const CHANGES: Readonly<Record<string, What>> = {
  createTable: "create-table",
  dropTable: "drop-table",
  renameTable: "rename",
  renameColumn: "rename",
  renameView: "rename",
  renameSequence: "rename",
  dropColumn: "drop-column",
  mergeColumns: "drop-column",
  modifyDataType: "type-change",
  addNotNullConstraint: "set-not-null",
  dropNotNullConstraint: "drop-not-null",
  addDefaultValue: "harmless",
  dropDefaultValue: "drop-default",
  addAutoIncrement: "harmless",
  dropIndex: "drop-index",
  addForeignKeyConstraint: "add-rule",
  addPrimaryKey: "add-rule",
  addUniqueConstraint: "add-rule",
  addCheckConstraint: "add-rule",
  dropForeignKeyConstraint: "drop-rule",
  dropAllForeignKeyConstraints: "drop-rule",
  dropPrimaryKey: "drop-rule",
  dropUniqueConstraint: "drop-rule",
  createView: "replace-object",
  createProcedure: "replace-object",
  createSequence: "add-object",
  alterSequence: "harmless",
  dropView: "drop-object",
  dropProcedure: "drop-object",
  dropSequence: "drop-object",
  insert: "insert",
  loadData: "insert",
  loadUpdateData: "update",
  update: "update",
  delete: "delete",
  tagDatabase: "harmless",
  output: "harmless",
  empty: "harmless",
  setTableRemarks: "harmless",
  setColumnRemarks: "harmless",
};
const SPECIAL = new Set(["addColumn", "createIndex", "sql"]);
/** docs.liquibase.com, "Change types": those with an automatic rollback. */
const TURNED_AROUND = new Set(
  "createTable renameTable renameColumn renameView renameSequence addColumn addNotNullConstraint dropNotNullConstraint addDefaultValue createIndex addForeignKeyConstraint addPrimaryKey addUniqueConstraint addCheckConstraint createView createSequence tagDatabase output empty setTableRemarks setColumnRemarks".split(
    " ",
  ),
);
function isKnown(name: string): boolean {
  return CHANGES[name] !== undefined || SPECIAL.has(name);
}

function toOperations({ name, text }: Found): readonly (Operation | RawSql)[] {
  if (name === "sql") return [rawSql(text)];
  const table = nameOf(attribute(text, tableKey(name, text)));
  if (name === "addColumn")
    return [{ what: addColumn(text), table, column: nameOf(attribute(text, "name")), text: oneLine(text) }];
  if (name === "createIndex")
    return [{ what: attribute(text, "unique") === "true" ? "add-rule" : "add-index", table, text: oneLine(text) }];
  const column = nameOf(attribute(text, "oldColumnName") ?? attribute(text, "columnName"));
  return [{ what: CHANGES[name] ?? "unknown", table, column, text: oneLine(text) }];
}

/** The first attribute of that name, of XML, YAML or JSON. */
function attribute(text: string, key: string): string | undefined {
  return new RegExp(String.raw`["']?\b${key}["']?\s*[=:]\s*["']?([\w.$-]+)`).exec(text)?.[1];
}

function tableKey(name: string, text: string): string {
  if (name === "renameTable") return "oldTableName";
  return /\bbaseTableName\b/.test(text) ? "baseTableName" : "tableName";
}

function addColumn(text: string): What {
  const required = /\bnullable["']?\s*[=:]\s*["']?false/.test(text) || /\bprimaryKey["']?\s*[=:]\s*["']?true/.test(text);
  return required && !/\b(defaultValue|autoIncrement|valueComputed)/.test(text) ? "add-required-column" : "add-column";
}

function rawSql(text: string): Operation | RawSql {
  const inside = /^<sql[^>]*>\s*(?:<!\[CDATA\[)?([\s\S]*?)(?:\]\]>\s*)?<\/sql>/.exec(text)?.[1];
  const sql = inside ?? /^\W*sql\W*(?:[^\n]*\n)?[\s\S]*?\bsql\W*:\s*(?:[|>][-+]?\s*\n)?["']?([\s\S]*?)["']?\s*$/.exec(text)?.[1];
  return sql === undefined || /&\w+;/.test(sql) ? unknown(text, "Its SQL was not found") : { what: "sql", sql };
}
