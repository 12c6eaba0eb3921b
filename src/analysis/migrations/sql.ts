import type { SqlDialect, SqlPort } from "#domain/ports/sql.ts";
import { type Node, children, toNode } from "./ast.ts";
import type { Operation } from "./operation.ts";
import { bare, splitSql } from "./split-sql.ts";
import { fromOther } from "./other-sql.ts";
import { fromPostgres } from "./postgres.ts";
import { oneLine, unknown } from "./operation.ts";

/** Characters of a script; the door cuts a diff at 20,000. */
const MOST = 200_000;
const MOST_STATEMENTS = 2_000;
/** The second parser tries alternatives one in another: long and deep text would take it long. */
const MOST_OTHER = 10_000;
const DEEPEST_OTHER = 12;

/** Reads SQL of any of the common databases. What no parser reads is `unknown`. */
export function readSql(script: string, parsers: SqlPort): Operation[] {
  if (script.length > MOST) return [unknown(script, "The script is too long to be read")];
  const sql = script.replace(/\0/g, "").replace(/\$\{[\w.:-]{1,60}\}/g, "placeholder");
  return [...ambiguities(sql), ...(whole(sql, parsers) ?? piecewise(sql, parsers))];
}

/** What databases read in different ways: nobody knows which one runs it. */
function ambiguities(sql: string): Operation[] {
  const found: Operation[] = [];
  const hint = /\/\*!\d*(?!\d|\s*SET\b)[^*]*/i.exec(sql);
  if (hint) found.push(unknown(hint[0], "MySQL carries out this comment"));
  if (/\\['"]/.test(sql))
    found.push(
      unknown(
        sql.slice(Math.max(0, sql.search(/\\['"]/) - 40)),
        "A backslash before a quote means different things to different databases",
      ),
    );
  return found;
}

function whole(sql: string, parsers: SqlPort): Operation[] | undefined {
  const parsed = postgres(sql, parsers);
  if (!parsed) return undefined;
  // Postgres counts bytes.
  const bytes = Buffer.from(sql);
  return children(parsed, "stmts")
    .slice(0, MOST_STATEMENTS)
    .flatMap((one) => {
      const from = Number(one["stmt_location"] ?? 0);
      const length = Number(one["stmt_len"] ?? bytes.length - from);
      return fromPostgres(one["stmt"], bare(bytes.subarray(from, from + Math.min(length, 4_000)).toString()));
    })
    .concat(tooMany(children(parsed, "stmts").length));
}

function piecewise(sql: string, parsers: SqlPort): Operation[] {
  const pieces = splitSql(sql);
  return [...pieces.slice(0, MOST_STATEMENTS).flatMap(({ text }) => one(bare(text), parsers)), ...tooMany(pieces.length)];
}

function tooMany(statements: number): Operation[] {
  return statements > MOST_STATEMENTS ? [unknown("", `It has ${statements} statements`)] : [];
}

function one(sql: string, parsers: SqlPort): Operation[] {
  const parsed = postgres(sql, parsers);
  if (parsed) return children(parsed, "stmts").flatMap((each) => fromPostgres(each["stmt"], sql));
  const text = oneLine(sql);
  if (/^pragma\s+(defer_)?foreign_keys\b/i.test(sql)) return [{ what: "harmless", text }];
  if (/^exec(ute)?\s+(sys\.)?sp_rename\b/i.test(sql)) return [{ what: "rename", text }];
  return other(sql, parsers) ?? [unknown(sql, "No parser reads it")];
}

function postgres(sql: string, parsers: SqlPort): Node | undefined {
  const tree = parsers.postgres(sql);
  return tree === undefined ? undefined : toNode(tree);
}

const DIALECTS: readonly SqlDialect[] = ["mysql", "sqlite", "transactsql"];

function other(sql: string, parsers: SqlPort): Operation[] | undefined {
  if (sql.length > MOST_OTHER || depthOf(sql) > DEEPEST_OTHER) return undefined;
  for (const dialect of /\[\w+\]/.test(sql) ? DIALECTS.slice(2) : DIALECTS) {
    const tree = parsers.other(dialect, sql);
    const read = tree === undefined ? [] : fromOther(tree, sql);
    if (read.length > 0 && read.every(({ what }) => what !== "unknown")) return read;
  }
  return undefined;
}

function depthOf(sql: string): number {
  let [depth, most] = [0, 0];
  for (const char of sql) {
    if (char === "(") most = Math.max(most, ++depth);
    if (char === ")") depth--;
  }
  return most;
}
