import type { Draft, Operation, RawSql, What } from "./operation.ts";
import { nameOf, oneLine, unknown } from "./operation.ts";
import { readFormattedSql } from "./sql-script.ts";

/** Liquibase: changesets in XML, YAML, JSON or formatted SQL. Those but SQL it turns around by itself where it can. */
export function readLiquibase(text: string, path: string): Draft {
  if (/\.sql$/i.test(path)) return readFormattedSql(text);
  const changes = /\.xml$/i.test(path) ? fromXml(text) : fromKeys(text);
  const lost = changes.changes.filter(({ name }) => !TURNED_AROUND.has(name)).length;
  return {
    operations: [...changes.changes.flatMap(toOperations), ...changes.unread],
    wayBack: lost === 0 ? "derived" : changes.rollbacks >= lost ? "written" : "none",
  };
}

interface Found {
  readonly name: string;
  /** The change with all that stands in it. */
  readonly text: string;
}

interface Changes {
  readonly changes: readonly Found[];
  readonly unread: readonly Operation[];
  readonly rollbacks: number;
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
const AROUND =
  /^(databaseChangeLog|changeSet|changes|column|columns|constraints|comment|include|includeAll|property|where|rollback|preConditions|validCheckSum|logicalFilePath|param|whereParams)$/;

function toOperations({ name, text }: Found): readonly (Operation | RawSql)[] {
  const attribute = (key: string): string | undefined =>
    new RegExp(String.raw`["']?\b${key}["']?\s*[=:]\s*["']?([\w.$-]+)`).exec(text)?.[1];
  const table = nameOf(
    attribute(
      /^rename(?!Column)/.test(name)
        ? "oldTableName"
        : /Constraint|createIndex/.test(name) && attribute("baseTableName")
          ? "baseTableName"
          : "tableName",
    ),
  );
  const line = oneLine(text);
  if (name === "sql") return [rawSql(text)];
  if (name === "addColumn")
    return [{ what: addColumn(text), table, column: nameOf(/\bname["']?\s*[=:]\s*["']?(\w+)/.exec(text)?.[1]), text: line }];
  if (name === "createIndex") return [{ what: attribute("unique") === "true" ? "add-rule" : "add-index", table, text: line }];
  return [
    {
      what: CHANGES[name] ?? "unknown",
      table,
      column: nameOf(attribute("oldColumnName") ?? attribute("columnName")),
      text: line,
    },
  ];
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

/** Tags, with what rolls back and what only asks taken out. */
function fromXml(text: string): Changes {
  const rollbacks = text.match(/<rollback\b/g)?.length ?? 0;
  const clean = text.replace(
    /<!--[\s\S]*?(-->|$(?![\s\S]))|<(rollback|preConditions)\b(?:[^>]*\/>|[\s\S]*?<\/\2>)|<\?[^>]*\?>/g,
    " ",
  );
  const changes: Found[] = [];
  const unread: Operation[] = [];
  let at = 0;
  for (const { 1: tag = "", 2: end = "", 0: opening, index } of clean.matchAll(/<(?:\w+:)?(\w+)\b[^>]*?(\/?)>/g)) {
    if (index < at || AROUND.test(tag)) continue;
    const close = end === "/" ? index + opening.length : clean.indexOf(`</${tag}>`, index) + tag.length + 3;
    const whole = clean.slice(index, close > index + tag.length + 2 ? close : undefined);
    at = index + whole.length;
    if (CHANGES[tag] || SPECIAL.has(tag)) changes.push({ name: tag, text: whole });
    else unread.push(unknown(whole, "It is a change that is not known"));
  }
  if (/<[^>]*$/.test(clean)) unread.push(unknown(clean.slice(clean.lastIndexOf("<")), "It does not end"));
  return { changes, unread, rollbacks };
}

/** Keys of YAML or JSON: a change is a list's item of which a mapping begins. */
function fromKeys(text: string): Changes {
  const clean = text.replace(/^\s*#.*$/gm, "");
  const keys = [...clean.matchAll(/(?:^[ \t]*-[ \t]+|[{[,]\s*)["']?(\w+)["']?[ \t]*:[ \t]*(?=[\n{[]|$)/gm)];
  const changes: Found[] = [];
  const unread: Operation[] = [];
  const rollbacks = clean.match(/\brollback["']?\s*:/g)?.length ?? 0;
  const skipped = sections(clean);
  keys.forEach((match, index) => {
    const name = match[1] ?? "";
    if (AROUND.test(name) || skipped.some(([from, to]) => match.index >= from && match.index < to)) return;
    const next = keys.slice(index + 1).find((later) => !/^column$/.test(later[1] ?? ""))?.index;
    const whole = clean.slice(match.index, next).replace(/^[\s,[{-]+/, "");
    if (CHANGES[name] || SPECIAL.has(name)) changes.push({ name, text: whole });
    else unread.push(unknown(whole, "It is a change that is not known"));
  });
  return { changes, unread, rollbacks };
}

/** Where `rollback` and `preConditions` of YAML stand: as far as lines are indented deeper. */
function sections(text: string): [number, number][] {
  return [...text.matchAll(/^([ \t]*(?:- )?)(rollback|preConditions):[^\n]*(?:\n\1[ \t]+[^\n]*|\n\1-[^\n]*)*/gm)].map((match) => [
    match.index,
    match.index + match[0].length,
  ]);
}
