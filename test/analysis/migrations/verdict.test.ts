import { describe, expect, it } from "vitest";
import { added, effectsOf, judge, verdictOn } from "./range.ts";
import { aLanding } from "#test/builders.ts";

const up = (sql: string) => added("db/000012_orders.up.sql", sql);
const down = added("db/000012_orders.down.sql", "alter table orders rename column b to a;");

describe("a range of SQL", () => {
  it("is safe while it only adds", async () => {
    const sql = `-- every one of these is tolerated
create table bills (id bigint primary key, note text not null);
alter table bills add constraint bills_order foreign key (id) references orders (id);
create unique index on bills (note);
alter table orders add column bill_id bigint;
alter table orders add constraint orders_bill foreign key (bill_id) references bills (id);
alter table orders add column note text, add column level int not null default 0;
create index concurrently orders_note on orders (note);
update orders set note = '';
insert into settings values ('a', 'b');
comment on table bills is 'drop table orders';
set lock_timeout = '5s';
`;
    expect(await verdictOn(up(sql))).toEqual({
      verdict: "safe",
      migrations: ["db/000012_orders.up.sql"],
      takeBack: { files: ["db/000012_orders.up.sql"], isCut: false },
      reason: "1 migration file only adds to the schema: the old code runs with it.",
      statements: expect.arrayContaining([
        { path: "db/000012_orders.up.sql", text: "create index concurrently orders_note on orders (note)", destructive: false },
      ]),
    });
  });

  it.each([
    ["alter table orders rename column a to b", "needs-down-migration"],
    ["alter table orders rename to purchases", "needs-down-migration"],
    ["alter table orders alter column a set not null", "needs-down-migration"],
    ["alter table orders alter column a type bigint", "needs-down-migration"],
    ["alter table orders add column a int not null", "needs-down-migration"],
    ["alter table orders alter column a drop default", "needs-down-migration"],
    ["create unique index on orders (a)", "needs-down-migration"],
    ["drop index orders_a", "needs-down-migration"],
    ["drop view sums", "needs-down-migration"],
    ["alter table `orders` change `a` `b` int", "needs-down-migration"],
    ["alter table `orders` modify `a` bigint not null", "needs-down-migration"],
    ["EXEC sp_rename 'dbo.orders', 'purchases'", "needs-down-migration"],
    ["alter table orders drop column a", "fix-forward"],
    ["ALTER TABLE [dbo].[Orders] DROP COLUMN [A]", "fix-forward"],
    ["alter table orders drop a", "fix-forward"],
    ["drop table orders", "fix-forward"],
    ["drop schema shop cascade", "fix-forward"],
    ["drop type mood cascade", "fix-forward"],
    ["truncate orders", "fix-forward"],
    ["delete from orders where a = 1", "fix-forward"],
    ["with gone as (delete from orders returning *) insert into old select * from gone", "fix-forward"],
    ["update orders set a = 1", "unknown"],
    ["do $$ begin alter table orders drop column a; end $$", "unknown"],
    ["select drop_everything()", "unknown"],
    ["call drop_everything()", "unknown"],
    ["alter table orders frobnicate", "unknown"],
    ["/*!50003 drop table orders */", "unknown"],
    ["insert into a values ('\\', '); drop table orders; -- ')", "unknown"],
  ])("%s: %s", async (sql, verdict) => {
    const safety = await verdictOn(up(`create table bills (id int);\n${sql};\n`), down);
    expect(safety.verdict).toBe(verdict);
    expect(safety.reason).toContain("000012_orders.up.sql");
    expect(safety.statements?.[0]?.destructive).toBe(verdict !== "unknown");
  });

  it("names the statement, the file and what to do", async () => {
    const rename = "alter table orders rename column a to b";
    expect((await verdictOn(up(`${rename};\n`), down)).reason).toBe(
      `"${rename}" in 000012_orders.up.sql renames what the old code knows by its old name. Its way back is written: run it with the rollback.`,
    );
    expect((await verdictOn(up(`${rename};\n`))).reason).toBe(
      `"${rename}" in 000012_orders.up.sql renames what the old code knows by its old name. It has no way back: fix forward.`,
    );
    expect((await verdictOn(up("drop table orders;\ndrop index i;\nselect x();\n"), down)).reason).toBe(
      '"drop table orders" in 000012_orders.up.sql removes rows that the old code reads. Going back does not bring it back: fix forward, or restore it first. 1 more statement of the range matters too. 1 more statement could not be read.',
    );
  });

  it("does not mind what is done to a table that the range itself made", async () => {
    const first = aLanding({
      at: 1,
      files: [added("m/migrations/1.sql", "create table a (id int); alter table a add column b int;")],
    });
    const later = (sql: string) => aLanding({ at: 2, files: [added("m/migrations/2.sql", sql)] });
    const verdict = async (sql: string) => (await judge([later(sql), first])).verdict;
    expect(await verdict("alter table a drop column id; drop table a;")).toBe("safe");
    expect(await verdict("drop table a; drop table a;")).toBe("fix-forward");
    expect(await verdict("alter table orders drop column b;")).toBe("fix-forward");
  });

  it("does not trust that a table was made where it may have been there", async () => {
    expect((await verdictOn(up("create table if not exists a (id int); create unique index on a (id);"))).verdict).toBe("safe");
    expect((await verdictOn(up("create table if not exists a (id int); drop table a;"))).verdict).toBe("fix-forward");
    expect((await verdictOn(up("drop table if exists a; create table a (id int);"))).verdict).toBe("fix-forward");
  });

  it("sees a column that is added, filled and made required", async () => {
    const sql = "alter table a add column b int;\nupdate a set b = 1;\nalter table a alter column b set not null;\n";
    expect((await verdictOn(up(sql), down)).verdict).toBe("needs-down-migration");
  });
});

describe("the way back", () => {
  const rename = "alter table a rename to b;\n";
  it.each([
    ["goose", "db/migrations/001_a.sql", `-- +goose Up\n${rename}-- +goose Down\nalter table b rename to a;\n`, "written"],
    ["goose without", "db/migrations/001_a.sql", `-- +goose Up\n${rename}-- +goose Down\n-- nothing\n`, "none"],
    ["dbmate", "db/migrations/1_a.sql", `-- migrate:up\n${rename}\n-- migrate:down\nalter table b rename to a;\n`, "written"],
    ["Prisma", "prisma/migrations/20260302_a/migration.sql", rename, "none"],
    ["Flyway", "sql/V1__a.sql", rename, "none"],
    ["plain", "db/migrations/001_a.sql", rename, "none"],
  ])("%s", async (_name, path, text, wayBack) => {
    expect(await effectsOf(path, text)).toEqual([expect.any(String), wayBack, "rename a"]);
  });

  it.each([
    ["sql/V1.2__a.sql", "sql/U1.2__a.sql"],
    ["prisma/migrations/1_a/migration.sql", "prisma/migrations/1_a/down.sql"],
    ["db/migrations/1_a.sql", "db/migrations/1_a.down.sql"],
    ["db/migrations/1_a.sql", "db/migrations/down/1_a.sql"],
    ["db/migrations/up/1_a.sql", "db/migrations/down/1_a.sql"],
    ["db/1_a.up.sql", "db/1_a.down.sql"],
  ])("of %s is %s", async (forward, back) => {
    const text = "alter table b rename to a;\n";
    expect((await verdictOn(added(forward, rename), added(back, text))).verdict).toBe("needs-down-migration");
    expect((await verdictOn(added(forward, rename), added(back, "-- not written yet\n"))).verdict).toBe("fix-forward");
    expect((await verdictOn(added(forward, rename), added("db/other.down.sql", text))).verdict).toBe("fix-forward");
  });
});

describe("what the diff leaves open", () => {
  const sql = "create table a (id int);\ncreate table b (id int);\ncreate table c (id int);\n";
  const whole = up(sql);

  it.each([
    ["absent", { ...whole, patch: undefined }],
    ["cut in its middle", { ...whole, patch: (whole.patch ?? "").slice(0, 60) }],
    ["cut at a line", { ...whole, patch: (whole.patch ?? "").split("\n").slice(0, 3).join("\n") }],
    ["shorter than its count of lines", { ...whole, additions: 9 }],
    ["no diff", { ...whole, patch: "Binary files differ" }],
    ["empty", { ...whole, patch: "" }],
    ["of an edited file", { ...whole, status: "modified" as const }],
    ["of a renamed file", { ...whole, status: "renamed" as const, patch: undefined }],
    ["a dump of the schema", { ...whole, path: "db/structure.sql" }],
  ])("a diff that is %s is never safe", async (_name, file) => {
    const safety = await verdictOn(file);
    expect(safety.verdict).toBe("unknown");
    expect(safety.migrations).toEqual([file.path]);
    expect(safety.reason).toMatch(/look at|look for/);
  });

  it("asks for the landings whose migrations were not read", async () => {
    const landing = aLanding({ files: [{ path: "db/1_a.up.sql" }] });
    expect(await judge([landing])).toMatchObject({ verdict: "unknown", unread: [landing.id] });
  });

  it("a deleted migration has no way back", async () => {
    const safety = await verdictOn({ path: "db/migrate/1_a.rb", status: "removed" });
    expect(safety).toMatchObject({
      verdict: "fix-forward",
      reason: "1_a.rb was deleted: nothing takes it back. It has no way back: fix forward.",
    });
  });

  it("a dump beside its migrations repeats them", async () => {
    const dump = {
      path: "db/structure.sql",
      status: "modified" as const,
      patch: "@@ -1,1 +1,1 @@\n-drop table a;\n+drop table b;",
    };
    expect((await verdictOn(whole, dump)).verdict).toBe("safe");
  });

  it("a changelog grows at its end", async () => {
    const patch = [
      "@@ -3,2 +3,6 @@",
      "   <changeSet id='1'>",
      "   </changeSet>",
      "+  <changeSet id='2'>",
      "+    <createTable tableName='a'/>",
      "+    <dropTable tableName='b'/>",
      "+  </changeSet>",
    ].join("\n");
    const safety = await verdictOn({ path: "db/changelog/db.changelog-master.xml", status: "modified", patch });
    expect(safety).toMatchObject({ verdict: "fix-forward", statements: [{ text: "<dropTable tableName='b'/>" }, {}] });
  });
});
