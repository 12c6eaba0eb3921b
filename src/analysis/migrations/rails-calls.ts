import type { Operation, RawSql, What } from "./operation.ts";
import { type Code, listOf, literal, named, slice } from "./code.ts";
import { isFalse, isGiven, isTrue, on, sqlOf } from "./calls.ts";
import { unknown } from "./operation.ts";

const CALLS: Readonly<Record<string, What>> = {
  create_table: "create-table",
  create_join_table: "create-table",
  drop_table: "drop-table",
  drop_join_table: "drop-table",
  rename_table: "rename",
  rename_column: "rename",
  rename_enum: "rename",
  rename_enum_value: "rename",
  rename_index: "harmless",
  remove_column: "drop-column",
  remove_columns: "drop-column",
  remove_reference: "drop-column",
  remove_belongs_to: "drop-column",
  remove_timestamps: "drop-column",
  change_column: "type-change",
  remove_index: "drop-index",
  add_foreign_key: "add-rule",
  add_check_constraint: "add-rule",
  add_unique_constraint: "add-rule",
  add_exclusion_constraint: "add-rule",
  remove_foreign_key: "drop-rule",
  remove_check_constraint: "drop-rule",
  remove_unique_constraint: "drop-rule",
  remove_exclusion_constraint: "drop-rule",
  validate_foreign_key: "harmless",
  validate_check_constraint: "harmless",
  validate_constraint: "harmless",
  change_column_comment: "harmless",
  change_table_comment: "harmless",
  enable_extension: "add-object",
  disable_extension: "drop-object",
  create_enum: "add-object",
  add_enum_value: "add-object",
  drop_enum: "drop-object",
  create_schema: "add-object",
  drop_schema: "drop-table",
};
/** In a `change_table` the same words without `_column`, `add_` and the table. */
const IN_TABLE: Readonly<Record<string, string>> = {
  column: "add_column",
  references: "add_reference",
  belongs_to: "add_reference",
  timestamps: "add_timestamps",
  index: "add_index",
  remove: "remove_column",
  rename: "rename_column",
  change: "change_column",
  change_default: "change_column_default",
  change_null: "change_column_null",
  foreign_key: "add_foreign_key",
  check_constraint: "add_check_constraint",
};
const TYPES =
  /^(string|text|integer|bigint|float|decimal|numeric|datetime|timestamp|timestamptz|time|date|binary|blob|boolean|json|jsonb|uuid|inet|citext|hstore|enum|virtual|primary_key)$/;

/** What one line of a migration does; `within` is the table of a `change_table` around it. */
export function readCall(line: Code, within?: { readonly table?: string | undefined }): readonly (Operation | RawSql)[] {
  const call = callOf(line, within !== undefined);
  if (!call) return [unknown(line.raw, "It is code")];
  const { args } = call;
  const table = within ? within.table : literal(args[0]);
  const rest = within ? args : args.slice(1);
  const name = within ? (IN_TABLE[call.name] ?? call.name) : call.name;
  if (name === "execute") return [sqlOf(args[0], line)];
  const what = within && TYPES.test(name) ? newColumn(rest) : whatOf(name, rest);
  return [what === undefined ? unknown(line.raw, "It is a call that is not known") : on(what, line, table, literal(rest[0]))];
}

type Read = (rest: readonly Code[]) => What;

const SPECIAL: Readonly<Record<string, Read>> = {
  add_column: newColumn,
  add_reference: newColumn,
  add_belongs_to: newColumn,
  // Both are `null: false` unless they say otherwise (since Rails 5).
  add_timestamps: (rest) => (isTrue(rest, "null") || isGiven(rest, "default") ? "add-column" : "add-required-column"),
  add_index: (rest) => (isTrue(rest, "unique") ? "add-rule" : "add-index"),
  change_column_null: (rest) => (rest[1]?.raw === "true" ? "drop-not-null" : "set-not-null"),
  change_column_default: (rest) =>
    /^(nil)?$/.test((named(rest, "to") ?? rest[1])?.raw.trim() ?? "") ? "drop-default" : "harmless",
};

function whatOf(name: string, rest: readonly Code[]): What | undefined {
  return SPECIAL[name]?.(rest) ?? CALLS[name];
}

function newColumn(rest: readonly Code[]): What {
  if (isFalse(rest, "null") && !isGiven(rest, "default") && !isGiven(rest, "as")) return "add-required-column";
  return rest.some((arg) => /^(\*\*|\w+$)/.test(arg.bare)) ? "unknown" : "add-column";
}

/** `name args`, `name(args)` or `t.name args`, without the block behind it. */
function callOf(line: Code, dotted: boolean): { readonly name: string; readonly args: readonly Code[] } | undefined {
  const head = (dotted ? /^\w+\.(\w+)[ \t]*/ : /^(\w+)[ \t]*/).exec(line.bare);
  if (!head) return undefined;
  const tail = /\s*(\bdo\s*(\|[^|]*\|)?|\{\s*(\|[^|]*\|)?[^}]*\})$/.exec(line.bare);
  const end = tail && head[0].length <= tail.index ? tail.index : line.bare.length;
  // `unless column_exists?(...)` behind a statement only says when it runs.
  const guard = /\s(if|unless)\s.*$/.exec(line.bare.slice(0, end));
  const inside = slice(line, head[0].length, guard ? guard.index : end);
  const wrapped = /^\((.*)\)$/s.test(inside.bare.trim());
  const args = listOf(wrapped ? slice(inside, inside.bare.indexOf("(") + 1, inside.bare.lastIndexOf(")")) : inside);
  return /[=;]/.test(line.bare.slice(0, head[0].length + 1)) || /;/.test(line.bare) ? undefined : { name: head[1] ?? "", args };
}

type IsLost = (args: readonly Code[], line: Code) => boolean;

const LOST: Readonly<Record<string, IsLost>> = {
  execute: () => true,
  change_column: () => true,
  remove_column: (args) => args.length <= 2,
  remove_columns: (args) => named(args, "type") === undefined,
  drop_table: (_args, { bare }) => !/\bdo\b|\{/.test(bare),
  remove_index: (args) => args.length < 2 || (args.length < 3 && !named(args, "column") && named(args, "name") !== undefined),
  change_column_default: (args) => named(args, "from") === undefined,
};

/** Lines of a `change` that raise ActiveRecord::IrreversibleMigration on the way back. */
export function isIrreversible(line: Code): boolean {
  const call = callOf(line, false);
  return call !== undefined && (LOST[call.name]?.(call.args, line) ?? false);
}
