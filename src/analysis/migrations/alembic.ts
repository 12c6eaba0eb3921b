import type { Draft, Operation, RawSql, What } from "./operation.ts";
import { type Code, listOf, literal, named, slice, split, toCode } from "./code.ts";
import { isFalse, isGiven, isTrue, on, sqlOf } from "./calls.ts";
import { chainOf } from "./chain.ts";
import { unknown } from "./operation.ts";

/** Alembic: `upgrade()` and `downgrade()` with `op.` calls (alembic.sqlalchemy.org/en/latest/ops.html). */
export function readAlembic(text: string): Draft {
  const code = toCode(text, "python");
  const up = bodyOf(code, "upgrade");
  const down = bodyOf(code, "downgrade");
  return {
    operations: up ? readBody(up) : [unknown(text, "Its upgrade was not found")],
    wayBack: down === undefined ? "unknown" : isEmpty(down) ? "none" : "written",
  };
}

/** Lines under a `def`, as far as they are indented. */
function bodyOf(code: Code, name: string): Code | undefined {
  const head = new RegExp(String.raw`^def ${name}\([^)]*\)[^:\n]*:`, "m").exec(code.bare);
  if (!head) return undefined;
  const from = head.index + head[0].length;
  const end = /\n(?=[^\s)\]}_])/.exec(code.bare.slice(from))?.index;
  return slice(code, from, end === undefined ? undefined : from + end);
}

function isEmpty({ bare }: Code): boolean {
  return bare.replace(/\b(pass|return)\b|_+|\s/g, "") === "" || /\braise\b/.test(bare);
}

function readBody(body: Code): (Operation | RawSql)[] {
  let batch: string | undefined;
  return split(body, (bare, at) => bare[at] === "\n").flatMap((line): readonly (Operation | RawSql)[] => {
    if (/^(pass|return|_+|(if|else|elif|for|try)\b[^\n]*:)$/.test(line.bare)) return [];
    const table = /^with\s+(?:op|context|self)\.batch_alter_table\(([\s\S]*)\)\s*as\s+\w+\s*:$/.exec(line.raw);
    if (table) {
      batch = literal(listOf(toCode(table[1] ?? "", "python"))[0]);
      return [];
    }
    if (
      /^(with\s+op\.get_context\(\)\.autocommit_block\(\)\s*:|bind\s*=\s*op\.get_bind\(\)|conn(ection)?\s*=\s*op\.get_bind\(\))$/.test(
        line.bare,
      )
    )
      return [];
    return readCall(line, batch);
  });
}

const CALLS: Readonly<Record<string, What>> = {
  create_table: "create-table",
  drop_table: "drop-table",
  rename_table: "rename",
  drop_index: "drop-index",
  drop_constraint: "drop-rule",
  create_unique_constraint: "add-rule",
  create_foreign_key: "add-rule",
  create_check_constraint: "add-rule",
  create_primary_key: "add-rule",
  create_exclude_constraint: "add-rule",
  create_table_comment: "harmless",
  drop_table_comment: "harmless",
  bulk_insert: "insert",
};

/** Calls whose first argument names the index or constraint, and the second the table. */
const NAMED_SECOND = /_(index|constraint|foreign_key|primary_key)$/;

interface Call {
  readonly args: readonly Code[];
  /** The arguments behind the table's name. */
  readonly rest: readonly Code[];
  readonly line: Code;
  readonly table: string | undefined;
}

const SPECIAL: Readonly<Record<string, (call: Call) => readonly (Operation | RawSql)[]>> = {
  execute: ({ args, line }) => [sqlOf(args[0], line)],
  add_column: ({ rest, line, table }) => [on(addColumn(rest[0]), line, table, literal(listOf(insideOf(rest[0]))[0]))],
  alter_column: ({ rest, line, table }) => alterColumn(rest.slice(1)).map((what) => on(what, line, table, literal(rest[0]))),
  create_index: ({ args, line, table }) => [on(isTrue(args, "unique") ? "add-rule" : "add-index", line, table)],
  drop_column: ({ rest, line, table }) => [on("drop-column", line, table, literal(rest[0]))],
};

function readCall(line: Code, batch: string | undefined): readonly (Operation | RawSql)[] {
  const links = chainOf(line) ?? [];
  const [root, call] = links;
  if (links.length !== 2 || !root || !call?.args) return [unknown(line.raw, "It is code")];
  const told = toldOf(root.name === "op", call.name, call.args, line, batch);
  const what = CALLS[call.name];
  return SPECIAL[call.name]?.(told) ?? [what ? on(what, line, told.table) : unknown(line.raw, "It is a call that is not known")];
}

/** In a batch the table is named once, around the calls. */
function toldOf(isOp: boolean, name: string, args: readonly Code[], line: Code, batch: string | undefined): Call {
  return isOp ? { args, rest: args.slice(1), line, table: tableOf(name, args) } : { args, rest: args, line, table: batch };
}

function tableOf(name: string, args: readonly Code[]): string | undefined {
  return literal(args[NAMED_SECOND.test(name) ? 1 : 0] ?? named(args, "table_name"));
}

/** What stands in the brackets of `sa.Column(...)`. */
function insideOf(code: Code | undefined): Code {
  const open = code?.bare.indexOf("(") ?? -1;
  return code && open !== -1 ? slice(code, open + 1, code.bare.lastIndexOf(")")) : { raw: "", bare: "" };
}

/** A column of SQLAlchemy may be null unless it says otherwise; only `server_default` is known to the database. */
function addColumn(column: Code | undefined): What {
  const args = listOf(insideOf(column));
  if (args.length === 0) return "unknown";
  const required = isFalse(args, "nullable") || isTrue(args, "primary_key");
  return required && !isGiven(args, "server_default") ? "add-required-column" : "add-column";
}

function alterColumn(args: readonly Code[]): What[] {
  const found: What[] = [];
  if (isGiven(args, "new_column_name")) found.push("rename");
  if (isGiven(args, "type_")) found.push("type-change");
  if (isFalse(args, "nullable")) found.push("set-not-null");
  if (isTrue(args, "nullable")) found.push("drop-not-null");
  const preset = named(args, "server_default");
  if (preset) found.push(preset.raw.trim() === "None" ? "drop-default" : "harmless");
  if (found.length === 0) found.push(named(args, "comment") ? "harmless" : "unknown");
  return found;
}
