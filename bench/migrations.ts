import type { Landing } from "#domain/change.ts";
import { loadSqlParsers } from "#clients/sql/parsers.ts";
import { percentile } from "./percentile.ts";
import { readMigrations } from "#analysis/migrations/read.ts";

const FILES = 200;
const ROUNDS = 20;

const kinds: readonly (readonly [name: string, path: (at: number) => string, text: (at: number) => string])[] = [
  [
    "Postgres SQL",
    (at) => `db/${1_000 + at}_a.up.sql`,
    (at) =>
      `create table bills_${at} (id bigint generated always as identity primary key, note text not null, at timestamptz default now());\ncreate index concurrently bills_${at}_note on bills_${at} (note);\nalter table orders add column bill_${at} bigint, alter column total type numeric(12, 2);\nupdate orders set bill_${at} = null;\n`,
  ],
  [
    "MySQL",
    (at) => `db/V${1_000 + at}__a.sql`,
    (at) =>
      `CREATE TABLE \`bills_${at}\` (\`id\` int(11) NOT NULL AUTO_INCREMENT, \`n\` varchar(255) DEFAULT NULL, PRIMARY KEY (\`id\`)) ENGINE=InnoDB;\nALTER TABLE \`orders\` ADD COLUMN \`c_${at}\` INT UNSIGNED NOT NULL DEFAULT 0, MODIFY COLUMN \`total\` BIGINT NOT NULL;\n`,
  ],
  [
    "Rails",
    (at) => `db/migrate/${20_260_000_000_000 + at}_a.rb`,
    (at) =>
      `class A${at} < ActiveRecord::Migration[7.1]\n  def change\n    create_table :bills_${at} do |t|\n      t.string :note, null: false\n      t.timestamps\n    end\n    add_column :orders, :bill_${at}, :bigint\n    change_column_null :orders, :total, false\n  end\nend\n`,
  ],
];

/** Reads a range of 200 migration files, each kind on its own. Times include nothing but the reading; the parsers' loading is told apart. */
export async function benchMigrations(): Promise<string> {
  const rows = ["| kind | first range, ms | p50, ms | p99, ms | RSS after, MB |", "|---|---|---|---|---|"];
  for (const [name, path, text] of kinds) {
    const landings = [aLanding(path, text)];
    const times: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const began = performance.now();
      await readMigrations(landings, loadSqlParsers);
      times.push(performance.now() - began);
    }
    const [first = 0, ...rest] = times;
    rows.push(
      `| ${name} | ${first.toFixed(0)} | ${percentile(rest, 0.5).toFixed(0)} | ${percentile(rest, 0.99).toFixed(0)} | ${(process.memoryUsage().rss / 1e6).toFixed(0)} |`,
    );
  }
  return `${FILES} files a range, ${ROUNDS} ranges; the first range loads its parsers.\n\n${rows.join("\n")}`;
}

function aLanding(path: (at: number) => string, text: (at: number) => string): Landing {
  const files = Array.from({ length: FILES }, (_, at) => {
    const lines = text(at).trimEnd().split("\n");
    const patch = [`@@ -0,0 +1,${lines.length} @@`, ...lines.map((line) => `+${line}`)].join("\n");
    return { path: path(at), status: "added" as const, additions: lines.length, patch };
  });
  return {
    id: "landing/acme/shop/1",
    kind: "landing",
    at: 0,
    repository: "acme/shop",
    branch: "main",
    sha: "1".repeat(40),
    author: { name: "A" },
    message: "migrations",
    files,
    filesTotal: FILES,
    url: "https://github.com/acme/shop/commit/1",
  };
}
