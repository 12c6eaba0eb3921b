import { HOUR, MINUTE, NOON, aFile, aLanding, aSha, aSpike, aState, anIncident, anOwnership } from "#test/builders.ts";
import { chained, dearer, olderParts, shipped } from "#test/analysis/stories.ts";
import { expect, test } from "vitest";
import type { ChangedFile, Landing } from "#domain/change.ts";
import type { RollbackSafety } from "#domain/diagnosis.ts";
import { added } from "#test/analysis/migrations/range.ts";
import { createInvestigate } from "#workflow/investigate.ts";
import { createMemo } from "#workflow/memo.ts";
import { loadSqlParsers } from "#clients/sql/parsers.ts";
import { silentLog } from "#lib/log.ts";

const path = "services/web/db/migrations/0042_orders.up.sql";
const back = added("services/web/db/migrations/0042_orders.down.sql", "alter table orders rename column b to a;");

/** What an investigation says of a rollback over a landing with a migration that GitHub tells so. */
async function safetyOf(files: readonly ChangedFile[] | Error, others: readonly Landing[] = []): Promise<RollbackSafety> {
  const guilty = shipped("Keep orders in another form", NOON - 30 * MINUTE, NOON - 10 * MINUTE, 7, {
    files: [aFile("services/web/src/orders.ts"), { path }, { path: back.path }],
    filesTotal: 3,
  });
  const investigate = createInvestigate({
    verbs: {
      changesBetween: async () => [...chained([...olderParts(), guilty]), ...others.map(withoutPatches)],
      alertsBetween: async () => [],
      signals: async () => dearer(NOON - 9 * MINUTE, 6),
      files: async (_repository, sha) => {
        if (files instanceof Error) throw files;
        return others.find((landing) => landing.sha === sha)?.files ?? files;
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

test("also those of landings that nobody suspects", async () => {
  const crowd = Array.from({ length: 12 }, (_, index) =>
    aLanding({
      sha: aSha(`crowd ${index}`),
      at: NOON - 40 * MINUTE - index * MINUTE,
      files: [aFile("services/web/src/orders.ts")],
    }),
  );
  const files = [{ path: "docs/a.md" }, added("lib/db/migrations/1.sql", "drop table bills;")];
  const quiet = aLanding({ sha: aSha("quiet"), at: NOON - 18 * HOUR, message: "docs: a word", files, filesTotal: 2 });
  expect(await safetyOf([aFile("services/web/src/orders.ts")], [...crowd, quiet])).toMatchObject({
    verdict: "fix-forward",
    reason: expect.stringContaining("drop table bills"),
  });
});

test("where GitHub does not answer the verdict is open", async () => {
  expect(await safetyOf(new Error("not now"))).toMatchObject({ verdict: "unknown", migrations: [back.path, path] });
});

/** As the ledger keeps it. */
function withoutPatches(landing: Landing): Landing {
  return { ...landing, files: landing.files.map(({ path: at }) => ({ path: at })) };
}
