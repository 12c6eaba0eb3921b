import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { MINUTE, NOON } from "#test/builders.ts";
import { createHistory } from "#analysis/history.ts";
import { rankFiles } from "#cli/rank-files.ts";
import { aFolder } from "./why.ts";

interface Prediction {
  readonly suspects: readonly { readonly id: string; readonly probability: number }[];
  readonly none: number;
}

const paths = ["services/cart/cart.ts", "services/web/index.ts", "docs/readme.md", "package.json", "db/migrate/1_a.sql"];
const aChange = fc.record({
  minutes: fc.integer({ min: -5_000, max: 2_000 }),
  kind: fc.constantFrom("push", "push", "push", "rollout", "config", "flag", "scaling"),
  path: fc.constantFrom(...paths),
  message: fc.constantFrom("Show prices", 'Revert "Show prices"', "Retry thrice", "ADD COLUMN tax", "\u202Ehostile\u0000"),
  author: fc.constantFrom("ada", "bob"),
});

function toRow(
  { minutes, kind, path, message, author }: typeof aChange extends fc.Arbitrary<infer T> ? T : never,
  index: number,
) {
  const id = index.toString(16).padStart(12, "0");
  const base = { kind, id, at: new Date(NOON + minutes * MINUTE).toISOString() };
  switch (kind) {
    case "push":
      return { ...base, repository: "shop", author, message, files: [{ path, additions: 3, deletions: 1 }] };
    case "config":
      return { ...base, name: path };
    case "flag":
      return { ...base, title: message };
    case "rollout":
      return { ...base, workload: "shop/cart", images: [path] };
    default:
      return { ...base, workload: "shop/cart", from: 3, to: 5 };
  }
}

async function ranked(rows: readonly object[], onset: number): Promise<Prediction> {
  using folder = aFolder();
  const changes = folder.rows("changes.ndjson", rows);
  const startedAt = new Date(NOON + onset * MINUTE).toISOString();
  const incidents = folder.rows("incidents.ndjson", [
    { id: "1", startedAt, serviceDirectory: "services/cart", symptom: "prices are wrong", workload: "shop/cart" },
  ]);
  const out = join(folder.path, "out");
  const fields = { service: "serviceDirectory", symptom: "symptom" };
  const code = await rankFiles(
    { changes, incidents, ...fields, windowMs: 4_320 * MINUTE, skipBad: false, out, say: () => {} },
    createHistory(),
  );
  expect(code).toBe(0);
  return JSON.parse(readFileSync(out, "utf8")) as Prediction;
}

function chances({ suspects, none }: Prediction, nameOf: (id: string) => string): Record<string, number> {
  return Object.fromEntries([...suspects.map(({ id, probability }) => [nameOf(id), probability] as const), ["none", none]]);
}

test("another time and other ids change no chance", async () => {
  const drawn = fc.uniqueArray(aChange, { maxLength: 30, selector: ({ minutes }) => minutes });
  await fc.assert(
    fc.asyncProperty(drawn, fc.integer({ min: 1, max: 5_000_000 }), async (drawn, shift) => {
      const rows = drawn.toSorted((a, b) => a.minutes - b.minutes);
      const shifted = rows.map((row, index) => ({
        ...toRow({ ...row, minutes: row.minutes + shift }, index),
        id: renamed(index),
      }));
      const names = new Map(rows.map((row, index) => [renamed(index), toRow(row, index).id]));
      const before = chances(await ranked(rows.map(toRow), 0), (id) => id);
      const after = chances(await ranked(shifted, shift), (id) => names.get(id) ?? id);
      expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
      // Of two that are equal, which of them the last millionth goes to is settled by the id.
      for (const [id, chance] of Object.entries(before)) expect(Math.abs((after[id] ?? 0) - chance)).toBeLessThan(2.5e-6);
    }),
    { numRuns: 30 },
  );
});

function renamed(index: number): string {
  return `${(0xffff - index).toString(16)}beef`;
}

test("rows after the onset change nothing, and every answer adds up to 1", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aChange, { maxLength: 40 }), fc.integer({ min: -1_000, max: 1_000 }), async (drawn, onset) => {
      const rows = drawn.toSorted((a, b) => a.minutes - b.minutes);
      const before = rows.filter(({ minutes }) => minutes <= onset);
      const all = await ranked(rows.map(toRow), onset);
      expect(await ranked(before.map(toRow), onset)).toEqual(all);
      const sum = all.suspects.reduce((total, { probability }) => total + probability, all.none);
      expect(Math.abs(sum - 1)).toBeLessThan(1e-9);
      expect(all.suspects.length).toBeLessThanOrEqual(before.length);
    }),
    { numRuns: 40 },
  );
});
