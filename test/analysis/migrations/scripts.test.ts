import { describe, expect, it } from "vitest";
import { effectsOf } from "./range.ts";

describe("Sequelize", () => {
  it("reads the query interface, in a transaction and without", async () => {
    const text = `'use strict';

/** @type {import('sequelize-cli').Migration} */
module.exports = {
  async up (queryInterface, Sequelize) {
    const transaction = await queryInterface.sequelize.transaction();
    try {
      // The old size goes: removeColumn('variants', 'nothing')
      await queryInterface.addColumn('variants', 'sizeId', { type: Sequelize.INTEGER, references: { model: 'sizes', key: 'id' } }, { transaction });
      await queryInterface.addColumn('variants', 'kind', {
        type: Sequelize.STRING,
        allowNull: false,
      });
      await queryInterface.removeColumn('variants', 'size');
      await queryInterface.sequelize.query('ALTER TABLE variants RENAME COLUMN color TO paint', { transaction });
      await transaction.commit();
    } catch (err) {
      await transaction.rollback();
      throw err;
    }
  },

  async down (queryInterface, Sequelize) {
    await queryInterface.addColumn('variants', 'size', Sequelize.STRING);
  }
};
`;
    expect(await effectsOf("migrations/20260302120000-variants.js", text)).toEqual([
      "Sequelize",
      "written",
      "add-column variants.sizeId",
      "add-required-column variants.kind",
      "drop-column variants.size",
      "rename variants.color",
    ]);
  });

  it("reads promises and wrapped transactions, and sees a down that does nothing", async () => {
    const text = `module.exports = {
  up: (queryInterface, Sequelize) => queryInterface.sequelize.transaction((t) =>
    Promise.all([
      queryInterface.renameTable('a', 'b', { transaction: t }),
      queryInterface.addIndex('b', ['name'], { unique: true }),
      queryInterface.bulkDelete('c', null, {}),
    ])
  ),
  down: async () => {
    // nothing
  },
};
`;
    expect(await effectsOf("db/migrations/20260302120000-b.js", text)).toEqual([
      "Sequelize",
      "none",
      "rename a",
      "add-rule b",
      "delete c",
    ]);
  });
});

describe("Knex", () => {
  it("reads the schema builder", async () => {
    const text = `import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {
  const has = await knex.schema.hasColumn("projects", "name");
  if (!has) {
    await knex.schema.alterTable("projects", (table) => {
      table.boolean("repeat").notNullable().defaultTo(false);
      table.integer("level").notNullable();
      table
        .uuid("owner")
        .references("id")
        .inTable("users");
      table.decimal("price", 18, 2).alter({ alterType: true });
      table.renameColumn("a", "b");
      table.dropColumn("c");
      table.unique(["b"]);
      table.dropNullable("d");
    });
  }
  await knex.schema.createTable("things", (t) => { t.increments("id"); t.string("name").notNullable(); });
  await knex("projects").del();
  await knex.raw("drop index i");
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable("things");
}
`;
    expect(await effectsOf("migrations/20260302120000_projects.ts", text)).toEqual([
      "Knex",
      "written",
      "add-column projects.repeat",
      "add-required-column projects.level",
      "add-column projects.owner",
      "type-change projects.price",
      "rename projects.a",
      "drop-column projects.c",
      "add-rule projects",
      "set-not-null projects.d",
      "create-table things",
      "delete projects",
      "drop-index",
    ]);
  });

  it("reads chains, and an expression without a semicolon", async () => {
    const text = `exports.up = (knex) => knex.schema
  .createTable('a', function (table) { table.increments() })
  .dropTableIfExists('b')

exports.down = (knex) => knex.schema.dropTable('a')
`;
    expect(await effectsOf("migrations/20260302_ab.js", text)).toEqual(["Knex", "written", "create-table a", "drop-table b"]);
  });
});

describe("TypeORM", () => {
  it("reads SQL and the query runner", async () => {
    const text = `import { MigrationInterface, QueryRunner, Table, TableColumn } from "typeorm";

export class Orders1608099052268 implements MigrationInterface {
    name = 'Orders1608099052268'

    public async up(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.query(\`
            CREATE TABLE "orders" ("id" SERIAL NOT NULL, CONSTRAINT "PK_1" PRIMARY KEY ("id"))
        \`);
        await queryRunner.query("ALTER TABLE \\"users\\" DROP COLUMN \\"age\\"");
        await queryRunner.addColumn("users", new TableColumn({ name: "mail", type: "varchar" }));
        await queryRunner.addColumn("users", new TableColumn({ name: "note", type: "varchar", isNullable: true }));
        await queryRunner.createTable(new Table({ name: "bills", columns: [{ name: "id", type: "uuid", isPrimary: true }] }), true);
        await queryRunner.changeColumn("users", "name", new TableColumn({ name: "name", type: "text" }));
    }

    public async down(queryRunner: QueryRunner): Promise<void> {
        throw new Error("cannot go back");
    }
}
`;
    expect(await effectsOf("src/migrations/1608099052268-Orders.ts", text)).toEqual([
      "TypeORM",
      "none",
      "create-table orders",
      "drop-column users.age",
      "add-required-column users.mail",
      "add-column users.note",
      "create-table bills",
      "type-change users.name",
    ]);
  });

  it("does not guess what SQL will be put together", async () => {
    const text = `export class A1608099052268 implements MigrationInterface {
  async up(queryRunner) {
    await queryRunner.query(\`ALTER TABLE \${table} ADD COLUMN a int\`);
    await queryRunner.query("SELECT 1; " + more);
    for (const name of names) { await drop(name); }
  }
  async down(queryRunner) {}
}
`;
    expect(await effectsOf("migrations/1608099052268-A.ts", text)).toEqual(["TypeORM", "none", "unknown", "unknown", "unknown"]);
  });
});

describe("EF Core", () => {
  it("reads the migration builder", async () => {
    const text = `using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Shop.Migrations
{
    /// <inheritdoc />
    public partial class Orders : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_Items_Lookups",
                table: "Items");

            migrationBuilder.AddColumn<string>(
                name: "Mode",
                table: "Exercises",
                type: "character varying(16)",
                nullable: false,
                defaultValue: "reps");

            migrationBuilder.AddColumn<Guid>(name: "Owner", table: "Exercises", type: "uuid", nullable: false);

            migrationBuilder.RenameColumn(name: "DataSourceId", table: "Items", newName: "BiPlatformId");

            migrationBuilder.CreateTable(
                name: "Tags",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Tags", x => x.Id);
                });

            migrationBuilder.CreateIndex(name: "IX_Tags_Slug", table: "Tags", column: "Slug", unique: true);
            migrationBuilder.DropColumn(name: "ContactId", table: "Customer");
            migrationBuilder.Sql(@"UPDATE ""Items"" SET ""A"" = 1");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "Tags");
        }
    }
}
`;
    expect(await effectsOf("src/Shop/Migrations/20260302120000_Orders.cs", text)).toEqual([
      "EF Core",
      "written",
      "drop-rule Items",
      "add-column Exercises.Mode",
      "add-required-column Exercises.Owner",
      "rename Items.DataSourceId",
      "create-table Tags",
      "add-rule Tags",
      "drop-column Customer.ContactId",
      "update Items.A",
    ]);
  });
});
