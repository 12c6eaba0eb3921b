import { createRequire } from "node:module";

interface OtherParser {
  astify(sql: string): unknown;
}

const require = createRequire(import.meta.url);
const others = new Map<string, OtherParser>();

/**
 * Postgres' grammar (libpg-query, WebAssembly, 16 MB), and node-sql-parser for other dialects: each is loaded at its first statement
 * and takes tens of MB. What a parser cannot read is undefined.
 */
export async function loadSqlParsers(): Promise<{
  postgres(sql: string): unknown;
  other(dialect: string, sql: string): unknown;
}> {
  const { loadModule, parseSync } = await import("libpg-query");
  await loadModule();
  return {
    postgres: (sql) => tolerant(() => parseSync(sql)),
    other: (dialect, sql) => tolerant(() => parserOf(dialect).astify(sql)),
  };
}

function tolerant(parse: () => unknown): unknown {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

/** As plain texts, so that tools see what is used. */
const modules: Readonly<Record<string, () => unknown>> = {
  mysql: () => require("node-sql-parser/build/mysql.js"),
  sqlite: () => require("node-sql-parser/build/sqlite.js"),
  transactsql: () => require("node-sql-parser/build/transactsql.js"),
};

function parserOf(dialect: string): OtherParser {
  const known = others.get(dialect);
  if (known) return known;
  const load = modules[dialect];
  if (!load) throw new Error(`Cannot read SQL of "${dialect}": expected one of ${Object.keys(modules).join(", ")}`);
  const { Parser } = load() as { Parser: new () => OtherParser };
  const parser = new Parser();
  others.set(dialect, parser);
  return parser;
}
