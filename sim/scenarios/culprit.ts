import { added, modified, type Hunk } from "./diff.ts";
import { testChange, typescriptFiles } from "./snippets.ts";
import type { Draft } from "./landing.ts";
import type { FileChange } from "#sim/github/types.ts";
import type { Random } from "./random.ts";

/** A change that makes every request slower the more data there is. */
interface Mistake {
  readonly file: string;
  readonly hunks: readonly Hunk[];
  readonly table: string;
}

// A map by key became a list that is searched for every item: quadratic, and the list grows.
const listForMap: Mistake = {
  file: "line-items",
  table: "line_items",
  hunks: [
    {
      at: 4,
      lines: [
        " export interface Order {",
        "   readonly id: string;",
        "-  readonly items: ReadonlyMap<string, LineItem>;",
        "+  readonly items: readonly LineItem[];",
        "+  readonly revisions: readonly LineItem[];",
        " }",
      ],
    },
    {
      at: 31,
      within: "export function totalOf(order: Order, catalogue: Catalogue): Money {",
      lines: [
        "   let total = zero(order.currency);",
        "-  for (const [sku, item] of order.items) {",
        "-    total = add(total, multiply(catalogue.priceOf(sku), item.quantity));",
        "+  for (const item of order.items) {",
        "+    const history = order.revisions.filter((revision) => revision.sku === item.sku);",
        "+    const latest = history.sort((a, b) => a.version - b.version).at(-1) ?? item;",
        "+    total = add(total, multiply(catalogue.priceOf(latest.sku), latest.quantity));",
        "   }",
        "   return total;",
      ],
    },
  ],
};

// A running sum became a loop over every event ever recorded.
const replayForSum: Mistake = {
  file: "ledger",
  table: "ledger_entries",
  hunks: [
    {
      at: 12,
      lines: [" export interface Account {", "-  readonly balance: Money;", "+  readonly entries: readonly Entry[];", " }"],
    },
    {
      at: 40,
      within: "export async function balanceOf(id: string): Promise<Money> {",
      lines: [
        "   const account = await accounts.find(id);",
        "-  return account.balance;",
        '+  const entries = await database.all<Entry>("select * from ledger_entries");',
        "+  let balance = zero();",
        "+  for (const entry of entries) {",
        "+    if (entry.account === account.id) balance = add(balance, entry.amount);",
        "+  }",
        "+  return balance;",
      ],
    },
  ],
};

// A row became a document that is parsed and copied for every line.
const documentForRow: Mistake = {
  file: "document",
  table: "documents",
  hunks: [
    {
      at: 22,
      within: "export function renderLines(rows: readonly Row[]): Line[] {",
      lines: [
        "-  return rows.map((row) => ({ name: row.name, price: row.price }));",
        "+  const lines: Line[] = [];",
        "+  for (const row of rows) {",
        "+    const document = structuredClone(JSON.parse(row.document) as Document);",
        "+    for (const line of document.lines) lines.push({ ...line, siblings: JSON.parse(row.document) as Document });",
        "+  }",
        "+  return lines;",
        " }",
      ],
    },
  ],
};

const titles = [
  "feat: change data structure for the new feature|requires migrations",
  "feat: store $ with their whole history|requires migrations",
  "refactor: new data structure for $ (requires migrations)",
  "feat: $ as documents|requires migrations",
];
const quietTitles = [
  "feat: keep every version of $",
  "refactor: new data structure for $",
  "feat: $ with history for the new feature",
];

/** The bad landing. With `migrates`, it brings schema files; seed 1 has the title of the original. */
export function draftCulprit(random: Random, service: string, seed: number, migrates: boolean): Draft {
  const { file, hunks, table } = random.pick([listForMap, replayForSum, documentForRow]);
  const directory = `services/${service}`;
  const path = typescriptFiles.file(directory, file);
  const title = migrates ? (seed === 1 ? titles[0] : random.pick(titles)) : random.pick(quietTitles);
  const number = String(random.int(20, 90)).padStart(4, "0");
  return {
    title: (title ?? "").replace("$", file.replace("-", " ")),
    body: migrates
      ? "The new feature reads all versions. Run the migration before the rollout; it is not compatible with the old code."
      : "The new feature reads all versions.",
    files: [
      modified(path, hunks),
      testChange(random, typescriptFiles.test(directory, file), file),
      ...(migrates ? migrationFiles(`${directory}/db/migrations/${number}_${table}`, table) : []),
    ],
  };
}

function migrationFiles(path: string, table: string): FileChange[] {
  return [
    added(
      `${path}_versions.up.sql`,
      `alter table ${table} add column version integer not null default 1;\nalter table ${table} rename column summary to latest;\ncreate table ${table}_history (like ${table} including all);\n`,
    ),
    added(
      `${path}_versions.down.sql`,
      `drop table ${table}_history;\nalter table ${table} rename column latest to summary;\nalter table ${table} drop column version;\n`,
    ),
  ];
}
