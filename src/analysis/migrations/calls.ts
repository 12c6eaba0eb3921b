import type { Operation, RawSql, What } from "./operation.ts";
import { type Code, literal, named } from "./code.ts";
import { nameOf, oneLine, unknown } from "./operation.ts";

/** An operation on the table and column that the arguments name. */
export function on(what: What, statement: Code, table?: string, column?: string): Operation {
  return { what, text: oneLine(statement.raw), table: nameOf(table), column: nameOf(column) };
}

/** SQL given as a literal; unknown where it has to be computed. */
export function sqlOf(argument: Code | undefined, statement: Code): Operation | RawSql {
  const sql = literal(argument);
  return sql === undefined ? unknown(statement.raw, "Its SQL is put together at run time") : { what: "sql", sql };
}

/** Is `name` given as a truth? */
export function isTrue(args: readonly Code[], name: string): boolean {
  return /^(true|True)$/.test(named(args, name)?.raw.trim() ?? "");
}

/** Is `name` given as a falsehood? */
export function isFalse(args: readonly Code[], name: string): boolean {
  return /^(false|False)$/.test(named(args, name)?.raw.trim() ?? "");
}

/** Is one of the names given, and not as nothing? */
export function isGiven(args: readonly Code[], ...names: readonly string[]): boolean {
  return names.some((name) => !/^(nil|None|null|undefined)?$/.test(named(args, name)?.raw.trim() ?? ""));
}
