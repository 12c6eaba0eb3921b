import { describe, expect, it } from "vitest";
import { effectsOf } from "./range.ts";

const rails = (body: string): string => `# frozen_string_literal: true

class Orders < ActiveRecord::Migration[7.1]
  disable_ddl_transaction!

${body
  .split("\n")
  .map((line) => `  ${line}`)
  .join("\n")}
end
`;

describe("Rails", () => {
  it("reads change, with its blocks", async () => {
    const text = rails(`def change
  create_table :concepts do |t|
    t.string :key, null: false
    t.timestamps
  end
  add_index :concepts, :key, unique: true
  add_column :users, :age, :integer, null: false, default: 0 # remove_column :users, :no
  add_column :users, :mail, :string,
             null: false
  add_reference :users, :team, null: false, foreign_key: true
  add_reference :users, :club, foreign_key: true
  rename_column :teams, :team_lead, :lead
  remove_column :teams, :old, :string
  change_column_null :teams, :name, false
  change_table :people, bulk: true do |t|
    t.string :nick
    t.rename :a, :b
    t.remove :c, type: :string
  end
end`);
    expect(await effectsOf("db/migrate/20260302120000_orders.rb", text)).toEqual([
      "Rails",
      "derived",
      "create-table concepts",
      "add-rule concepts.key",
      "add-column users.age",
      "add-required-column users.mail",
      "add-required-column users.team",
      "add-column users.club",
      "rename teams.team_lead",
      "drop-column teams.old",
      "set-not-null teams.name",
      "add-column people.nick",
      "rename people.a",
      "drop-column people.c",
    ]);
  });

  it.each([
    ["change_column :a, :b, :text", "none"],
    ["remove_column :a, :b", "none"],
    ["remove_column :a, :b, :string", "derived"],
    ["drop_table :a", "none"],
    ["execute 'DROP TABLE a'", "none"],
    ["drop_table 'a' if table_exists?('a')", "none"],
    ["change_column_default :a, :b, from: 1, to: 2", "derived"],
  ])("%s: its way back is %s", async (line, wayBack) => {
    expect((await effectsOf("db/migrate/1_a.rb", rails(`def change\n  ${line}\nend`)))[1]).toBe(wayBack);
  });

  it("reads up and down, heredocs, and both sides of reversible", async () => {
    const up = rails(`def up
  execute <<~SQL
    ALTER TABLE orders RENAME TO purchases;
  SQL
  safety_assured { execute "DROP VIEW sums" }
  User.update_all(x: 1)
end

def down
  raise ActiveRecord::IrreversibleMigration
end`);
    expect(await effectsOf("db/migrate/1_a.rb", up)).toEqual(["Rails", "none", "rename orders", "drop-object", "unknown"]);
    const both = rails(`def change
  reversible do |dir|
    dir.up do
      execute "DROP TABLE a"
    end
    dir.down do
      execute "CREATE TABLE a (id int)"
    end
  end
end`);
    expect(await effectsOf("db/migrate/1_a.rb", both)).toEqual(["Rails", "derived", "drop-table a"]);
  });
});

const django = (operations: string): string => `from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shop', '0041_before'),
    ]

    operations = [
${operations}
    ]
`;

describe("Django", () => {
  it("reads the operations; a default lives in Python only", async () => {
    const text = django(`        migrations.AddField(
            model_name='order',
            name='url',
            field=models.CharField(default='', max_length=200),
        ),
        migrations.AddField("order", "note", models.TextField(blank=True, null=True)),
        migrations.AddField(model_name='order', name='at', field=models.DateTimeField(db_default=Now())),
        # migrations.RemoveField('order', 'no'),
        migrations.AlterField(model_name='order', name='size', field=models.IntegerField()),
        migrations.RenameField(model_name='order', old_name='a', new_name='b'),
        migrations.RemoveField(model_name='order', name='gone'),
        migrations.AddIndex(model_name='order', index=models.Index(fields=['url'], name='i')),
        migrations.CreateModel(name='Bill', fields=[('id', models.AutoField(primary_key=True))]),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel('Old')],
            database_operations=[migrations.RunSQL("DROP VIEW v", reverse_sql="CREATE VIEW v AS SELECT 1")],
        ),`);
    expect(await effectsOf("shop/migrations/0042_orders.py", text)).toEqual([
      "Django",
      "derived",
      "add-required-column order.url",
      "add-column order.note",
      "add-column order.at",
      "type-change order.size",
      "rename order",
      "drop-column order.gone",
      "add-index order",
      "create-table Bill",
      "drop-object",
    ]);
  });

  it.each([
    ["migrations.RunPython(forward)", "none"],
    ["migrations.RunPython(forward, backward)", "derived"],
    ["migrations.RunPython(forward, elidable=True)", "none"],
    ["migrations.RunSQL('DROP TABLE a')", "none"],
    ["migrations.DeleteModel('A')", "derived"],
  ])("%s: its way back is %s", async (operation, wayBack) => {
    expect((await effectsOf("shop/migrations/0042_a.py", django(`        ${operation},`)))[1]).toBe(wayBack);
  });
});

const alembic = (up: string, down = "    pass"): string => `"""orders

Revision ID: 27c6a30d7c24
Revises: 4a8e2a1b
"""
from alembic import op
import sqlalchemy as sa

revision: str = "27c6a30d7c24"


def upgrade() -> None:
    """Upgrade schema."""
${up}


def downgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
${down}
    # ### end Alembic commands ###
`;

describe("Alembic", () => {
  it("reads op and batches", async () => {
    const text = alembic(
      `    op.create_table(
        "versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.add_column("groups", sa.Column("reserve", sa.Numeric(14, 2), nullable=False, server_default="0.00"))
    op.add_column("groups", sa.Column("family", sa.String(), nullable=False))
    op.add_column("groups", sa.Column("extra", sa.String()))
    op.alter_column("users", "name", new_column_name="given_name", existing_type=sa.String())
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.alter_column("title", existing_type=sa.String(), type_=sa.Text(), nullable=False)
        batch_op.drop_column("end_date")
        batch_op.create_index(batch_op.f("ix_events_a"), ["a"], unique=False)
    op.execute(sa.text("DELETE FROM groups"))
    if dialect == "sqlite":
        op.drop_table("old")
    users = op.get_bind().execute("SELECT id FROM users")`,
      '    op.drop_table("versions")',
    );
    expect(await effectsOf("alembic/versions/27c6a30d7c24_orders.py", text)).toEqual([
      "Alembic",
      "written",
      "create-table versions",
      "add-column groups.reserve",
      "add-required-column groups.family",
      "add-column groups.extra",
      "rename users.name",
      "type-change events.title",
      "set-not-null events.title",
      "drop-column events.end_date",
      "add-index events",
      "delete groups",
      "drop-table old",
      "unknown",
    ]);
  });

  it("sees a downgrade that does nothing, or gives up", async () => {
    expect((await effectsOf("alembic/versions/a_b.py", alembic("    pass")))[1]).toBe("none");
    expect((await effectsOf("alembic/versions/a_b.py", alembic("    pass", "    raise NotImplementedError()")))[1]).toBe("none");
  });
});

describe("Liquibase", () => {
  it("reads XML", async () => {
    const text = `<?xml version="1.1" encoding="UTF-8" standalone="no"?>
<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">
    <changeSet id="1" author="a">
        <preConditions onFail="MARK_RAN"><not><columnExists tableName="users" columnName="email"/></not></preConditions>
        <addColumn tableName="users">
            <column name="email" type="varchar(255)"/>
        </addColumn>
        <addColumn tableName="users"><column name="level" type="int"><constraints nullable="false"/></column></addColumn>
        <!-- <dropTable tableName="no"/> -->
        <renameColumn tableName="orders" oldColumnName="status" newColumnName="state"/>
        <modifyDataType tableName="orders" columnName="name" newDataType="varchar(80)"/>
        <dropColumn tableName="orders" columnName="owner"/>
        <createIndex indexName="i" tableName="orders" unique="true"><column name="state"/></createIndex>
        <sql>DROP VIEW sums</sql>
        <rollback><dropTable tableName="nothing"/></rollback>
        <somethingNew tableName="a"/>
    </changeSet>
</databaseChangeLog>
`;
    expect(await effectsOf("db/changelog/002.xml", text)).toEqual([
      "Liquibase",
      "none",
      "add-column users.email",
      "add-required-column users.level",
      "rename orders.status",
      "type-change orders.name",
      "drop-column orders.owner",
      "add-rule orders",
      "drop-object",
      "unknown",
    ]);
  });

  it("reads YAML and JSON", async () => {
    const yaml = `databaseChangeLog:
  - changeSet:
      id: 002
      author: gaja
      changes:
        - createTable:
            tableName: users
            columns:
              - column:
                  name: id
                  type: bigint
                  constraints:
                    primaryKey: true
                    nullable: false
        - addColumn:
            tableName: orders
            columns:
              - column:
                  name: note
                  type: text
        - dropTable:
            tableName: old
      rollback:
        - createTable:
            tableName: old
`;
    expect(await effectsOf("db/changelog/002.yaml", yaml)).toEqual([
      "Liquibase",
      "written",
      "create-table users",
      "add-column orders.note",
      "drop-table old",
    ]);
    const json = `{ "databaseChangeLog": [ { "changeSet": { "id": "1", "author": "a", "changes": [
      { "renameTable": { "oldTableName": "tags", "newTableName": "labels" } },
      { "addNotNullConstraint": { "tableName": "orders", "columnName": "at" } } ] } } ] }
`;
    expect(await effectsOf("db/changelog/003.json", json)).toEqual([
      "Liquibase",
      "derived",
      "rename tags",
      "set-not-null orders.at",
    ]);
  });

  it("reads formatted SQL: every changeset needs its rollback", async () => {
    const sql = `--liquibase formatted sql

--changeset peter:1
create table book (id int primary key);
--rollback DROP TABLE book;

--changeset peter:2
alter table author drop column age;
`;
    expect(await effectsOf("db/changelog/004.sql", sql)).toEqual([
      "Liquibase",
      "none",
      "create-table book",
      "drop-column author.age",
    ]);
  });
});
