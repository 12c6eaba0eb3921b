import type { Operation, What } from "./operation.ts";
import { type Node, child, children, findAll, toNode, word } from "./ast.ts";
import { nameOf, oneLine, unknown } from "./operation.ts";
import { alterTable } from "./postgres-alter.ts";

type Make = (node: Node, text: string) => Operation[];

/** What a statement of Postgres' own tree does. */
export function fromPostgres(stmt: unknown, sql: string): Operation[] {
  const [kind, value] = Object.entries(toNode(stmt))[0] ?? ["", undefined];
  const node = toNode(value);
  const text = oneLine(sql);
  const make = MAKERS[kind];
  const own = make ? make(node, text) : HARMLESS.has(kind) ? [harmless(text)] : undefined;
  return [...(own ?? [unknown(sql, `It is a ${kind.replace(/Stmt$/, "")}`)]), ...hidden(node, text)];
}

const HARMLESS = new Set([
  "VariableSetStmt",
  "TransactionStmt",
  "CommentStmt",
  "LockStmt",
  "AlterSeqStmt",
  "AlterOwnerStmt",
  "VacuumStmt",
  "ReindexStmt",
  "ClusterStmt",
  "CreateStatsStmt",
  "RefreshMatViewStmt",
  "DiscardStmt",
  "NotifyStmt",
  "AlterDefaultPrivilegesStmt",
]);

/** Functions of a bare `select` that leave the schema and the rows alone. */
const QUIET = new Set([
  "setval",
  "set_config",
  "currval",
  "nextval",
  "now",
  "pg_sleep",
  "pg_advisory_lock",
  "pg_advisory_unlock",
  "pg_advisory_xact_lock",
  "count",
  "max",
  "coalesce",
]);

const MAKERS: Readonly<Record<string, Make>> = {
  CreateStmt: (node, text) => [create(rangeName(child(node, "relation")), text, node["if_not_exists"] === true)],
  CreateTableAsStmt: (node, text) => [create(rangeName(child(node, "into", "rel")), text, node["if_not_exists"] === true)],
  AlterTableStmt: alterTable,
  RenameStmt: rename,
  AlterObjectSchemaStmt: (node, text) => [{ what: "rename", table: rangeName(child(node, "relation")), text }],
  DropStmt: drop,
  DropdbStmt: (_node, text) => [{ what: "drop-table", text }],
  IndexStmt: (node, text) => [
    { what: node["unique"] === true ? "add-rule" : "add-index", table: rangeName(child(node, "relation")), text },
  ],
  CreateEnumStmt: added,
  CompositeTypeStmt: added,
  CreateDomainStmt: added,
  CreateExtensionStmt: added,
  CreateSeqStmt: added,
  CreateSchemaStmt: (node, text) =>
    children(node, "schemaElts").length > 0 ? [unknown(text, "It does several things at once")] : added(node, text),
  CreateRoleStmt: added,
  CreatePLangStmt: added,
  ViewStmt: replaceable,
  CreateFunctionStmt: replaceable,
  CreateTrigStmt: (node, text) => [{ what: "add-rule", table: rangeName(child(node, "relation")), text }],
  CreatePolicyStmt: (node, text) => [{ what: "add-rule", table: rangeName(child(node, "table")), text }],
  RuleStmt: (node, text) => [{ what: "add-rule", table: rangeName(child(node, "relation")), text }],
  AlterEnumStmt: (node, text) => [{ what: node["oldVal"] === undefined ? "add-object" : "rename", text }],
  GrantStmt: (node, text) => [{ what: node["is_grant"] === true ? "harmless" : "add-rule", text }],
  InsertStmt: (node, text) => [
    {
      what: word(child(node, "onConflictClause"), "action") === "ONCONFLICT_UPDATE" ? "update" : "insert",
      table: rangeName(child(node, "relation")),
      text,
    },
  ],
  UpdateStmt: updates,
  DeleteStmt: (node, text) => [{ what: "delete", table: rangeName(child(node, "relation")), text }],
  TruncateStmt: (node, text) =>
    children(node, "relations").map((one) => ({ what: "delete", table: rangeName(child(one, "RangeVar")), text })),
  CopyStmt: (node, text) =>
    node["is_from"] === true ? [{ what: "insert", table: rangeName(child(node, "relation")), text }] : [harmless(text)],
  SelectStmt: select,
};

function select(node: Node, text: string): Operation[] {
  const called = findAll(node, "FuncCall").map((call) => word(child(children(call, "funcname").at(-1) ?? {}, "String"), "sval"));
  const loud = called.find((name) => !QUIET.has(name));
  return [loud === undefined ? harmless(text) : unknown(text, `What the function ${loud} does is not known`)];
}

/** Statements that write, inside of another: `with gone as (delete from ...) insert ...`. */
function hidden(node: Node, text: string): Operation[] {
  return [
    ...findAll(node, "DeleteStmt").map((one): Operation => ({ what: "delete", table: rangeName(child(one, "relation")), text })),
    ...findAll(node, "UpdateStmt").flatMap((one) => updates(one, text)),
    ...findAll(node, "MergeStmt").map(() => unknown(text, "It merges rows")),
  ];
}

function updates(node: Node, text: string): Operation[] {
  const table = rangeName(child(node, "relation"));
  return children(node, "targetList").map((one) => ({
    what: "update",
    table,
    column: nameOf(word(child(one, "ResTarget"), "name")),
    text,
  }));
}

function rename(node: Node, text: string): Operation[] {
  const kind = word(node, "renameType");
  if (kind === "OBJECT_INDEX" || kind === "OBJECT_TABCONSTRAINT") return [harmless(text)];
  return [{ what: "rename", table: rangeName(child(node, "relation")), column: nameOf(word(node, "subname")), text }];
}

const DROPPED: Readonly<Record<string, What>> = {
  OBJECT_TABLE: "drop-table",
  OBJECT_FOREIGN_TABLE: "drop-table",
  OBJECT_SCHEMA: "drop-table",
  OBJECT_INDEX: "drop-index",
  OBJECT_TRIGGER: "drop-rule",
  OBJECT_POLICY: "drop-rule",
  OBJECT_RULE: "drop-rule",
};

/** A type or an extension takes the columns with it that use it, if told to cascade. */
function drop(node: Node, text: string): Operation[] {
  const kind = word(node, "removeType");
  const cascades = word(node, "behavior") === "DROP_CASCADE" && /TYPE|DOMAIN|EXTENSION/.test(kind);
  const what = cascades ? "drop-column" : (DROPPED[kind] ?? "drop-object");
  const names = children(node, "objects").map((one) => {
    const parts = children(child(one, "List"), "items").map((item) => word(child(item, "String"), "sval"));
    return what === "drop-table" && parts.length > 0 ? nameOf(parts.join(".")) : undefined;
  });
  return (names.length > 0 ? names : [undefined]).map((table) => ({ what, table, text }));
}

function added(_node: Node, text: string): Operation[] {
  return [{ what: "add-object", text }];
}

function replaceable(node: Node, text: string): Operation[] {
  return [{ what: node["replace"] === true ? "replace-object" : "add-object", text }];
}

function create(table: string | undefined, text: string, perhaps: boolean): Operation {
  return { what: "create-table", table, text, perhaps };
}

function harmless(text: string): Operation {
  return { what: "harmless", text };
}

/** `schema.table` of a RangeVar. */
function rangeName(range: Node): string | undefined {
  return nameOf([word(range, "schemaname"), word(range, "relname")].filter((part) => part !== "").join("."));
}
