import type { Draft, Operation, RawSql, What } from "./operation.ts";
import { type Code, closing, listOf, literal, named, slice, toCode } from "./code.ts";
import { isGiven, isTrue, on, sqlOf } from "./calls.ts";
import { type Link, chainOf } from "./chain.ts";
import { unknown } from "./operation.ts";

/** Django: the list `operations` (docs.djangoproject.com/en/stable/ref/migration-operations). It reverses all but SQL and code by itself. */
export function readDjango(text: string): Draft {
  const code = toCode(text, "python");
  const start = /^\s+operations\s*(?::[^=]+)?=\s*(?=\[)/m.exec(code.bare);
  const open = start ? start.index + start[0].length : -1;
  const close = open === -1 ? -1 : closing(code.bare, open);
  if (close === -1) return { operations: [unknown(text, "Its list of operations was not found")], wayBack: "unknown" };
  const calls = listOf(slice(code, open + 1, close));
  return {
    operations: calls.flatMap(readOperation),
    wayBack: calls.every(isReversible) ? "derived" : "none",
  };
}

const CALLS: Readonly<Record<string, What>> = {
  CreateModel: "create-table",
  DeleteModel: "drop-table",
  RenameModel: "rename",
  AlterModelTable: "rename",
  RenameField: "rename",
  RemoveField: "drop-column",
  // The migration says what the field becomes, not what it was: it may be type, length or null.
  AlterField: "type-change",
  AddIndex: "add-index",
  AddIndexConcurrently: "add-index",
  RemoveIndex: "drop-index",
  RemoveIndexConcurrently: "drop-index",
  RenameIndex: "harmless",
  AlterIndexTogether: "add-index",
  AlterUniqueTogether: "add-rule",
  AddConstraint: "add-rule",
  AddConstraintNotValid: "add-rule",
  ValidateConstraint: "harmless",
  RemoveConstraint: "drop-rule",
  AlterModelOptions: "harmless",
  AlterModelManagers: "harmless",
  AlterModelTableComment: "harmless",
};

type Read = (args: readonly Code[], code: Code) => readonly (Operation | RawSql)[];

const SPECIAL: Readonly<Record<string, Read>> = {
  AddField: (args, code) => [on(addField(args), code, modelOf(args), literal(named(args, "name") ?? args[1]))],
  RunSQL: (args, code) => runSql(named(args, "sql") ?? args[0], code),
  RunPython: (_args, code) => [unknown(code.raw, "It runs Python on the rows")],
  SeparateDatabaseAndState: separate,
};

function readOperation(code: Code): readonly (Operation | RawSql)[] {
  const call = callOf(code);
  if (!call) return [unknown(code.raw, "It is code")];
  const { name, args } = call;
  const special = SPECIAL[name];
  if (special) return special(args, code);
  const what = name.endsWith("Extension") ? "add-object" : CALLS[name];
  if (what === undefined) return [unknown(code.raw, "It is an operation that is not known")];
  return [on(what, code, modelOf(args), literal(named(args, "model_name")) && literal(named(args, "name")))];
}

function modelOf(args: readonly Code[]): string | undefined {
  return literal(named(args, "model_name") ?? named(args, "name") ?? named(args, "old_name") ?? args[0]);
}

/** Only what is done to the database counts, not what Django is told. */
function separate(args: readonly Code[], code: Code): readonly (Operation | RawSql)[] {
  const done = named(args, "database_operations");
  if (!done) return named(args, "state_operations") ? [] : [unknown(code.raw, "What it does to the database was not found")];
  return done.bare.startsWith("[") ? listOf(slice(done, 1, -1)).flatMap(readOperation) : [unknown(code.raw, "It is code")];
}

function runSql(sql: Code | undefined, code: Code): readonly (Operation | RawSql)[] {
  if (!sql?.bare.startsWith("[")) return [sqlOf(sql, code)];
  return listOf(slice(sql, 1, -1)).map((one) => sqlOf(one, code));
}

/** Django takes a `default` from the column again after adding it; only `db_default` stays (docs, "Field.db_default"). */
function addField(args: readonly Code[]): What {
  const field = named(args, "field") ?? args[2];
  const call = field && callOf(field);
  if (!call) return "unknown";
  if (call.name === "ManyToManyField") return "create-table";
  return isTrue(call.args, "null") || isGiven(call.args, "db_default") ? "add-column" : "add-required-column";
}

function isReversible(code: Code): boolean {
  const call = callOf(code);
  if (call?.name === "RunSQL") return hasReverse(call.args, "reverse_sql");
  if (call?.name === "RunPython") return hasReverse(call.args, "reverse_code");
  const inner = call?.name === "SeparateDatabaseAndState" ? named(call.args, "database_operations") : undefined;
  return inner?.bare.startsWith("[") ? listOf(slice(inner, 1, -1)).every(isReversible) : true;
}

/** By name, or in the second place. */
function hasReverse(args: readonly Code[], name: string): boolean {
  const second = args[1]?.bare ?? "=";
  return isGiven(args, name) || !/^\w*\s*=/.test(second);
}

function callOf(code: Code): Required<Link> | undefined {
  const call = chainOf(code)?.at(-1);
  return call?.args ? { name: call.name, args: call.args } : undefined;
}
