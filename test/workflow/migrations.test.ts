import { HOUR, MINUTE, NOON, aFile, aSpike, aState, anIncident, anOwnership } from "#test/builders.ts";
import { chained, dearer, olderParts, shipped } from "#test/analysis/stories.ts";
import { expect, test } from "vitest";
import type { ChangedFile } from "#domain/change.ts";
import type { RollbackSafety } from "#domain/diagnosis.ts";
import { added } from "#test/analysis/migrations/range.ts";
import { createInvestigate } from "#workflow/investigate.ts";
import { createMemo } from "#workflow/memo.ts";
import { loadSqlParsers } from "#clients/sql/parsers.ts";
import { silentLog } from "#lib/log.ts";

const path = "services/web/db/migrations/0042_orders.up.sql";
const back = added("services/web/db/migrations/0042_orders.down.sql", "alter table orders rename column b to a;");

/** What an investigation says of a rollback over a landing with a migration that GitHub tells so. */
async function safetyOf(files: readonly ChangedFile[] | Error): Promise<RollbackSafety> {
  const guilty = shipped("Keep orders in another form", NOON - 30 * MINUTE, NOON - 10 * MINUTE, 7, {
    files: [aFile("services/web/src/orders.ts"), { path }, { path: back.path }],
    filesTotal: 3,
  });
  const investigate = createInvestigate({
    verbs: {
      changesBetween: async () => chained([...olderParts(), guilty]),
      alertsBetween: async () => [],
      signals: async () => dearer(NOON - 9 * MINUTE, 6),
      files: async () => {
        if (files instanceof Error) throw files;
        return files;
      },
      commitsBetween: async () => undefined,
      ownershipOf: async () => anOwnership(),
      loadSql: loadSqlParsers,
      withCommits: async (_key, _repository, changes) => changes,
    },
    windowMs: 72 * HOUR,
    ranges: createMemo(10),
    files: createMemo(10),
    log: silentLog,
  });
  const incident = anIncident({ spike: aSpike({ startedAt: NOON - 3 * MINUTE, detectedAt: NOON }) });
  const { diagnosis } = await investigate(incident, aState({ desired: 75 }), NOON);
  return diagnosis.rollbackSafety;
}

test("an investigation reads the migrations that a rollback would undo", async () => {
  const rename = added(path, "alter table orders rename column a to b;");
  expect(await safetyOf([rename, back])).toMatchObject({ verdict: "needs-down-migration", migrations: [path, back.path] });
  expect(await safetyOf([added(path, "drop table orders;"), back])).toMatchObject({ verdict: "fix-forward" });
  expect(await safetyOf([added(path, "create table bills (id int);"), back])).toMatchObject({ verdict: "safe" });
});

test("where GitHub does not answer the verdict is open", async () => {
  expect(await safetyOf(new Error("not now"))).toMatchObject({ verdict: "unknown", migrations: [back.path, path] });
});
