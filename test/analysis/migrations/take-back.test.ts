import { aFile, aLanding } from "#test/builders.ts";
import { describe, expect, it } from "vitest";
import { judge } from "./range.ts";
import { toTakeBack } from "#analysis/take-back.ts";

describe("what a down-migration takes back", () => {
  it("is newest first by the number or timestamp that leads the name, wherever the file lies", () => {
    const paths = ["b/migrations/9_a.sql", "a/migrations/0010_b.sql", "z/migrations/2_c.sql"];
    expect(toTakeBack(paths, false)).toEqual({ files: [paths[1], paths[0], paths[2]], isCut: false });
    const prisma = ["prisma/migrations/20240101_a/migration.sql", "prisma/migrations/20240201_b/migration.sql"];
    expect(toTakeBack(prisma, false).files).toEqual(prisma.toReversed());
  });

  it("is no schema dump and no down file", () => {
    const paths = [
      "db/migrations/2_a.up.sql",
      "db/migrations/2_a.down.sql",
      "db/schema.rb",
      "prisma/migrations/1_a/down.sql",
      "sql/U3__undo.sql",
      "sql/V3__do.sql",
    ];
    expect(toTakeBack(paths, false).files).toEqual(["sql/V3__do.sql", "db/migrations/2_a.up.sql"]);
  });

  it("says where it is not all: too many, a landing whose files are not all known, a path of two lines", async () => {
    const many = Array.from({ length: 201 }, (_, index) => `db/migrations/${index}_a.up.sql`);
    expect(toTakeBack(many, false)).toMatchObject({ isCut: true, files: { length: 200, 0: "db/migrations/200_a.up.sql" } });
    expect(toTakeBack(["db/migrations/1_a\n../../x.up.sql"], false)).toEqual({ files: [], isCut: true });
    const files = many.slice(0, 30).map((path) => aFile(path));
    const whole = await judge([aLanding({ files, filesTotal: 30 })]);
    expect(whole.migrations).toHaveLength(20);
    expect(whole.takeBack).toMatchObject({ isCut: false, files: { length: 30, 0: "db/migrations/29_a.up.sql" } });
    expect((await judge([aLanding({ files, filesTotal: 31 })])).takeBack?.isCut).toBe(true);
  });
});
