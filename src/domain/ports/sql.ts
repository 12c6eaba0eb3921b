/** Dialects that are tried where Postgres' own parser gives up. */
export type SqlDialect = "mysql" | "sqlite" | "transactsql";

/** Parsers of SQL. A tree is the vendor's own, not mapped; undefined: this is not that dialect. */
export interface SqlPort {
  postgres(sql: string): unknown;
  other(dialect: SqlDialect, sql: string): unknown;
}

/** Loads the parsers, once; not before there is SQL to read. */
export type LoadSql = () => Promise<SqlPort>;
