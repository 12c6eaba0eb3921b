import { describe, expect, test } from "vitest";
import { NOON, aDiagnosis, aStep, anIncident } from "#test/builders.ts";
import type { RollbackSafety } from "#domain/diagnosis.ts";
import { renderHeadline } from "#bot/cards/headline.ts";
import { renderRollbackSafety } from "#bot/cards/rollback-safety.ts";
import { textsOf } from "./safe.ts";

const safety = (over: Partial<RollbackSafety>): RollbackSafety => ({
  verdict: "needs-down-migration",
  migrations: ["db/2_a.up.sql", "db/1_a.up.sql"],
  reason: '"alter table a rename to b" in 2_a.up.sql renames what the old code knows by its old name.',
  statements: [
    { path: "db/2_a.up.sql", text: "alter table a rename to b", destructive: true },
    { path: "db/1_a.up.sql", text: "create table <!channel> (`id` int)", destructive: false },
  ],
  ...over,
});
const textOf = (over: Partial<RollbackSafety>, most = 6) => textsOf(renderRollbackSafety(safety(over), most)).join("\n");

describe("the card says", () => {
  test.each<[RollbackSafety["verdict"], string]>([
    ["needs-down-migration", ":warning: *Code and schema must go back together.*"],
    ["fix-forward", ":no_entry: *Rolling back does not help: fix forward.*"],
    ["unknown", ":grey_question: *Is it safe to roll back?* Not known:"],
  ])("%s, with the statement and the files", (verdict, title) => {
    expect(textOf({ verdict })).toBe(
      [
        `${title} "alter table a rename to b" in 2_a.up.sql renames what the old code knows by its old name.`,
        "Statement: `alter table a rename to b`",
        "• `db/2_a.up.sql`",
        "• `db/1_a.up.sql`",
      ].join("\n"),
    );
  });

  test("nothing when it is safe", () => {
    expect(renderRollbackSafety(safety({ verdict: "safe" }), 6)).toEqual([]);
    expect(renderRollbackSafety(undefined, 6)).toEqual([]);
  });

  test("foreign text as text", () => {
    const text = textOf({ statements: [{ path: "a", text: "drop table `<!channel>`; -- *@here*", destructive: true }] });
    expect(text).toContain("Statement: `drop table '&lt;!channel&gt;'; -- ∗＠here∗`");
  });

  test("a sentence where no file is known", () => {
    expect(textOf({ verdict: "unknown", migrations: [], statements: [], reason: "Not read." })).toBe(
      ":grey_question: *Is it safe to roll back?* Not known: Not read.",
    );
  });
});

test("a step that must not go back has no button", () => {
  const incident = anIncident({
    status: "open",
    diagnosis: aDiagnosis({ rollbackSafety: safety({ verdict: "fix-forward" }) }),
    plan: [aStep({ kind: "rollback", state: "waiting", waitingFor: "a fix forward" })],
  });
  const { blocks } = renderHeadline(incident, NOON);
  expect(blocks.filter(({ type }) => type === "actions")).toEqual([]);
  expect(textsOf(blocks).join("\n")).toMatch(/fix forward\.\*[\s\S]*_Waits for_ a fix forward/);
});
