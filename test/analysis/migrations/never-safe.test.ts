import { describe, expect, it } from "vitest";
import { added, verdictOn } from "./range.ts";
import { aLanding } from "#test/builders.ts";
import { loadSqlParsers } from "#clients/sql/parsers.ts";
import { readMigrations } from "#analysis/migrations/read.ts";

interface Tool {
  readonly name: string;
  readonly path: string;
  readonly wrap: (lines: readonly string[]) => string;
  readonly additive: readonly string[];
  readonly destructive: readonly string[];
}

const script = (head: string, foot: string) => (lines: readonly string[]) => `${head}\n${lines.join("\n")}\n${foot}\n`;
const sql = {
  additive: [
    "create table t1 (id int);",
    "alter table t2 add column c int;",
    "create index on t3 (a);",
    "-- drop table no;",
    "insert into t4 values (1);",
  ],
  destructive: [
    "drop table a;",
    "ALTER TABLE a\n  DROP COLUMN b;",
    "alter table a rename column b to c;",
    "alter table a alter b set not null;",
    "alter table a alter b type text;",
    "alter table a add b int not null;",
    "ALTER TABLE `a` MODIFY b BIGINT;",
    "/* why */ delete from a;",
    "do $x$ begin drop table a; end $x$;",
    "PREPARE p FROM 'drop table a';",
  ],
};
const TOOLS: readonly Tool[] = [
  { name: "golang-migrate", path: "db/1_a.up.sql", wrap: (lines) => lines.join("\n"), ...sql },
  { name: "Flyway", path: "db/V1__a.sql", wrap: (lines) => lines.join("\n"), ...sql },
  { name: "Prisma", path: "prisma/migrations/1_a/migration.sql", wrap: (lines) => lines.join("\n\n"), ...sql },
  {
    name: "formatted SQL",
    path: "db/changelog/1.sql",
    wrap: script("--liquibase formatted sql\n--changeset a:1", "--rollback drop table t1;"),
    ...sql,
  },
  {
    name: "Rails",
    path: "db/migrate/1_a.rb",
    wrap: (lines) => `class A < ActiveRecord::Migration[7.1]\n  def change\n    ${lines.join("\n    ")}\n  end\nend`,
    additive: [
      "add_column :t, :a, :string",
      "create_table :u do |t|\n      t.string :a\n    end",
      "# drop_table :no",
      "add_index :t, :a",
    ],
    destructive: [
      "drop_table :a",
      "drop_table(:a) if true",
      "remove_column :a, :b, :string",
      "remove_column(\n      :a,\n      :b\n    )",
      "rename_column :a, :b, :c",
      "change_column_null :a, :b, false",
      "change_column :a, :b, :text",
      "change_table :a do |t|\n      t.remove :b\n    end",
      "execute 'drop table a'",
      "execute <<~SQL\n      drop table a\n    SQL",
      "connection.execute('drop table a')",
      "A.delete_all",
      "if true\n      drop_table :a\n    end",
    ],
  },
  {
    name: "Django",
    path: "shop/migrations/0001_a.py",
    wrap: (lines) => `class Migration(migrations.Migration):\n    operations = [\n        ${lines.join("\n        ")}\n    ]`,
    additive: [
      "migrations.CreateModel(name='T', fields=[]),",
      "migrations.AddField('t', 'a', models.TextField(null=True)),",
      "# migrations.DeleteModel('No'),",
    ],
    destructive: [
      "migrations.DeleteModel('A'),",
      "migrations.RemoveField('a', 'b'),",
      "migrations.RenameField('a', 'b', 'c'),",
      "migrations.AlterField('a', 'b', models.TextField()),",
      "migrations.AddField('a', 'b', models.IntegerField(default=0)),",
      "migrations.RunSQL('drop table a'),",
      "migrations.RunSQL(['select 1', 'drop table a']),",
      "migrations.RunPython(f),",
      "*more(),",
    ],
  },
  {
    name: "Alembic",
    path: "alembic/versions/a_b.py",
    wrap: (lines) => `def upgrade():\n    ${lines.join("\n    ")}\n\n\ndef downgrade():\n    pass`,
    additive: [
      "op.create_table('t', sa.Column('id', sa.Integer()))",
      "op.add_column('t', sa.Column('a', sa.Text()))",
      "# op.drop_table('no')",
    ],
    destructive: [
      "op.drop_table('a')",
      "op.drop_column('a', 'b')",
      "op.alter_column('a', 'b', new_column_name='c')",
      "op.alter_column('a', 'b', nullable=False)",
      "op.add_column('a', sa.Column('b', sa.Text(), nullable=False))",
      "op.execute('drop ' 'table a')",
      "op.execute(f'drop table {a}')",
      "with op.batch_alter_table('a') as b:\n        b.drop_column('c')",
      "for t in ['a']:\n        op.drop_table(t)",
      "drop_all(op)",
    ],
  },
  {
    name: "Sequelize",
    path: "migrations/20260302120000-a.js",
    wrap: (lines) =>
      `module.exports = {\n  async up(queryInterface, Sequelize) {\n    ${lines.join("\n    ")}\n  },\n  async down(queryInterface) {},\n};`,
    additive: [
      "await queryInterface.addColumn('t', 'a', { type: Sequelize.TEXT });",
      "// await queryInterface.dropTable('no');",
      "await queryInterface.createTable('u', {});",
    ],
    destructive: [
      "await queryInterface.dropTable('a');",
      "await queryInterface.removeColumn('a', 'b')",
      "await queryInterface.renameColumn('a', 'b', 'c');",
      "await queryInterface.addColumn('a', 'b', { type: Sequelize.TEXT, allowNull: false });",
      "await queryInterface.sequelize.query('drop table a');",
      "await queryInterface.sequelize.query(`drop table ${a}`);",
      "const [rows] = await queryInterface.sequelize.query('drop table a');",
      "if (true) { await queryInterface.dropTable('a'); }",
      "for (const t of tables) await queryInterface.dropTable(t);",
      "tables.forEach((t) => queryInterface.dropTable(t));",
      "return queryInterface.sequelize.transaction((t) => { return queryInterface.dropTable('a'); });",
      "await Promise.all([queryInterface.dropTable('a')]);",
      "await Promise.all(tables.map((t) => queryInterface.dropTable(t)));",
      "await queryInterface['dropTable']('a');",
      "await queryInterface.createTable('v', {}).then(() => queryInterface.dropTable('a'));",
    ],
  },
  {
    name: "Knex",
    path: "migrations/20260302120000_a.js",
    wrap: (lines) =>
      `exports.up = async function (knex) {\n  ${lines.join("\n  ")}\n};\n\nexports.down = async function (knex) {};`,
    additive: [
      "await knex.schema.createTable('t', (t) => { t.increments(); });",
      "await knex.schema.table('u', (t) => { t.text('a'); });",
      "/* knex.schema.dropTable('no') */",
    ],
    destructive: [
      "await knex.schema.dropTable('a');",
      "await knex.schema.table('a', (t) => { t.text('c'); t.dropColumn('b'); });",
      "await knex.schema.table('a', (t) => t.dropColumn('b'));",
      "await knex.schema.table('a', function (t) { t.text('b').alter() });",
      "await knex.schema.createTable('v', () => {}).dropTable('a');",
      "await knex.raw('drop table a');",
      "await knex('a').where('b', 1).del();",
      "await knex.schema.createTable('v', () => {}).then(() => knex.schema.dropTable('a'));",
      "await knex.schema.table('a', change);",
    ],
  },
  {
    name: "TypeORM",
    path: "src/migrations/1608099052268-A.ts",
    wrap: (lines) =>
      `export class A1608099052268 implements MigrationInterface {\n  public async up(queryRunner: QueryRunner): Promise<void> {\n    ${lines.join("\n    ")}\n  }\n\n  public async down(queryRunner: QueryRunner): Promise<void> {}\n}`,
    additive: [
      "await queryRunner.query(`create table t (id int)`);",
      "await queryRunner.addColumn('t', new TableColumn({ name: 'a', type: 'text', isNullable: true }));",
    ],
    destructive: [
      "await queryRunner.query('drop table a');",
      'await queryRunner.query("ALTER TABLE \\"a\\" DROP COLUMN \\"b\\"");',
      "await queryRunner.query('drop' + ' table a');",
      "await queryRunner.dropColumn('a', 'b');",
      "await queryRunner.addColumn('a', new TableColumn({ name: 'b', type: 'text' }));",
      "await queryRunner.manager.getRepository(A).clear();",
    ],
  },
  {
    name: "EF Core",
    path: "Migrations/20260302120000_A.cs",
    wrap: (lines) =>
      `public partial class A : Migration\n{\n    protected override void Up(MigrationBuilder migrationBuilder)\n    {\n        ${lines.join("\n        ")}\n    }\n\n    protected override void Down(MigrationBuilder migrationBuilder)\n    {\n    }\n}`,
    additive: [
      'migrationBuilder.AddColumn<string>(name: "A", table: "T", nullable: true);',
      '// migrationBuilder.DropTable(name: "No");',
      'migrationBuilder.CreateTable(name: "U", columns: table => new { });',
    ],
    destructive: [
      'migrationBuilder.DropTable(name: "A");',
      'migrationBuilder.DropColumn(\n            name: "B",\n            table: "A");',
      'migrationBuilder.RenameColumn(name: "B", table: "A", newName: "C");',
      'migrationBuilder.AlterColumn<string>(name: "B", table: "A", nullable: false);',
      'migrationBuilder.AddColumn<int>(name: "B", table: "A", nullable: false);',
      'migrationBuilder.Sql("drop table a");',
      'migrationBuilder.Sql(@"drop table ""a""");',
      'migrationBuilder.Sql($"drop table {a}");',
      "Helper.DropAll(migrationBuilder);",
    ],
  },
  {
    name: "Liquibase XML",
    path: "db/changelog/1.xml",
    wrap: script('<databaseChangeLog><changeSet id="1" author="a">', "</changeSet></databaseChangeLog>"),
    additive: [
      '<addColumn tableName="t"><column name="a" type="int"/></addColumn>',
      '<createTable tableName="u"><column name="a" type="int"/></createTable>',
      '<!-- <dropTable tableName="no"/> -->',
    ],
    destructive: [
      '<dropTable tableName="a"/>',
      "<dropColumn\n  tableName='a'>\n  <column name='b'/>\n</dropColumn>",
      '<renameColumn tableName="a" oldColumnName="b" newColumnName="c"/>',
      "<sql>drop table a</sql>",
      "<sql><![CDATA[ drop table a ]]></sql>",
      '<sql splitStatements="false">drop &#116;able a</sql>',
      '<sqlFile path="a.sql"/>',
      '<customChange class="a.B"/>',
      "<executeCommand executable='x'/>",
    ],
  },
  {
    name: "Liquibase YAML",
    path: "db/changelog/1.yaml",
    wrap: script("databaseChangeLog:\n  - changeSet:\n      id: 1\n      author: a\n      changes:", ""),
    additive: [
      "        - createTable:\n            tableName: t\n            columns:\n              - column:\n                  name: a",
      "        # - dropTable:",
    ],
    destructive: [
      "        - dropTable:\n            tableName: a",
      "        - dropColumn:\n            tableName: a\n            columnName: b",
      "        - sql:\n            sql: drop table a",
      "        - sql: drop table a",
      "        - sql:\n            sql: |\n              drop table a",
      "        - sqlFile:\n            path: a.sql",
      "        - customChange: {class: a.B}",
      "        - dropTable: {tableName: a}",
    ],
  },
];

/** The same numbers each time (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function some(tool: Tool, random: () => number, most = 4): string[] {
  return Array.from(
    { length: Math.floor(random() * (most + 1)) },
    () => tool.additive[Math.floor(random() * tool.additive.length)] ?? "",
  );
}

describe.each(TOOLS)("$name", (tool) => {
  it("is safe with what only adds", async () => {
    expect((await verdictOn(added(tool.path, tool.wrap(tool.additive)))).verdict).toBe("safe");
  });

  it.each(tool.destructive)("is never safe with %s", async (statement) => {
    for (let seed = 1; seed <= 8; seed++) {
      const random = numbers(seed);
      const text = tool.wrap([...some(tool, random), statement, ...some(tool, random)]);
      const safety = await verdictOn(added(tool.path, text));
      expect(safety.verdict).not.toBe("safe");
      expect(safety.reason).not.toBe("");
    }
  });

  it("is never safe when the diff was cut, wherever", async () => {
    const file = added(tool.path, tool.wrap(tool.additive));
    const patch = file.patch ?? "";
    // The door cuts at the end of a line.
    for (let at = patch.lastIndexOf("\n"); at > 0; at = patch.lastIndexOf("\n", at - 1)) {
      const cut = { ...file, patch: patch.slice(0, at) };
      const { additions: _none, ...uncounted } = cut;
      expect((await verdictOn(cut)).verdict).not.toBe("safe");
      expect((await verdictOn(uncounted)).verdict).not.toBe("safe");
    }
  });

  it("is never safe when a letter of a destructive statement is lost", async () => {
    const [statement = ""] = tool.destructive;
    for (let at = 0; at < statement.length; at++) {
      if (statement[at] === "\n") continue;
      const text = tool.wrap([statement.slice(0, at) + statement.slice(at + 1)]);
      expect((await verdictOn(added(tool.path, text))).verdict).not.toBe("safe");
    }
  });

  it("bears whatever stands in it", async () => {
    const random = numbers(7);
    const pieces = [
      "'",
      '"',
      "`",
      "(",
      ")",
      "{",
      "}",
      "[",
      "]",
      "\n",
      "--",
      "/*",
      "*/",
      "$$",
      ";",
      "\0",
      "\\",
      "<",
      ">",
      "do |t|",
      "end",
      "def up",
      "<<~SQL",
      "'''",
      "😀",
      "\ud800",
      ...tool.additive,
    ];
    for (let round = 0; round < 40; round++) {
      const text = Array.from({ length: 60 }, () => pieces[Math.floor(random() * pieces.length)]).join(random() < 0.5 ? " " : "");
      await expect(verdictOn(added(tool.path, tool.wrap([text])))).resolves.toMatchObject({ reason: expect.any(String) });
      await expect(verdictOn(added(tool.path, text))).resolves.toMatchObject({ reason: expect.any(String) });
    }
  });
});

describe("much of it", () => {
  const hostile: readonly [string, string][] = [
    ["brackets", "(".repeat(19_000)],
    ["quotes", "'".repeat(19_000)],
    ["dollars", "$a".repeat(9_500)],
    ["comments", "/*".repeat(9_500)],
    ["deep SQL", `select ${"(".repeat(900)}1${")".repeat(900)}`],
    ["deep MySQL", `alter table \`a\` add c int default ${"(".repeat(300)}1${")".repeat(300)}`],
    ["dots", `${"a.".repeat(9_000)}b()`],
    ["spaces", `x${" ".repeat(19_000)}y`],
    ["lines", "\n".repeat(19_000)],
    ["tags", "<a ".repeat(6_000)],
    ["heredocs", "<<~SQL\n".repeat(2_500)],
    ["statements", "select 1;".repeat(2_100)],
  ];

  it.each(hostile)("%s are read or refused at once", async (_name, text) => {
    for (const { path, wrap } of TOOLS) {
      const began = performance.now();
      await verdictOn(added(path, wrap([text])));
      // A hang, not a figure: the slowest takes a tenth of it.
      expect(performance.now() - began).toBeLessThan(5_000);
    }
  });

  it("reads every file of a range only once", async () => {
    const files = Array.from({ length: 200 }, (_, at) =>
      added(`db/${1_000 + at}_a.up.sql`, `create table t${at} (id int);\nalter table t${at} add c int;\n`),
    );
    expect(await readMigrations([aLanding({ files, filesTotal: 200 })], loadSqlParsers)).toHaveLength(200);
  });
});
