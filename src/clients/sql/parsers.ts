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

function parserOf(dialect: string): OtherParser {
  const known = others.get(dialect);
  if (known) return known;
  const { Parser } = require(`node-sql-parser/build/${dialect}.js`) as { Parser: new () => OtherParser };
  const parser = new Parser();
  others.set(dialect, parser);
  return parser;
}
