/** Where the common tools keep schema migrations: a pattern of a path's directories, each with its slash, and one of its last part. */
interface Tool {
  readonly tool: string;
  readonly in?: RegExp;
  readonly name: RegExp;
  readonly dump?: true;
}

/** Foreign text of 4,096 characters, three thousand times a landing: no pattern may look at the same characters from every beginning. */
const TOOLS: readonly Tool[] = [
  { tool: "Rails", in: /(^|\/)db\/(\w+_)?(migrate|post_migrate)\/$/, name: /^\d+_[^/]+\.rb$/ },
  { tool: "Rails", in: /(^|\/)db\/$/, name: /^(\w+_)?(schema\.rb|structure\.sql)$/, dump: true },
  { tool: "Django", in: /(^|\/)migrations\/$/, name: /^\d{4}_[^/]+\.py$/ },
  { tool: "Alembic", in: /(^|\/)(alembic|migrations)\/versions\//, name: /[^/]\.py$/ },
  { tool: "EF Core", name: /^\d{14}_(?!.*\.Designer\.cs$)[^/]+\.cs$/i },
  { tool: "EF Core", name: /^(\d{14}_[^/]+\.Designer|[^/]+ModelSnapshot)\.cs$/i, dump: true },
  { tool: "Flyway", name: /^[VUR](?:[\d.]|_(?!_))*__[^/]+\.(sql|java|kt)$/ },
  { tool: "Liquibase", in: /(^|\/)(changelogs?|liquibase)\//, name: /\.(xml|ya?ml|json|sql)$/ },
  { tool: "Liquibase", name: /^(db\.)?changelog[^/]*\.(xml|ya?ml|json|sql)$/ },
  { tool: "Prisma", in: /(^|\/)prisma\/migrations\/./, name: /^(migration|down)\.sql$/ },
  { tool: "Prisma", in: /(^|\/)prisma\//, name: /schema\.prisma$/, dump: true },
  { tool: "golang-migrate", name: /\.(up|down)\.sql$/ },
  { tool: "Knex", in: /(^|\/)migrations?\//, name: /^\d{8}[^/]*\.(js|cjs|mjs|ts|cts|mts)$/ },
  { tool: "plain SQL", in: /(^|\/)(migrations?|migrate|ddl|schema_changes|changesets?)\//i, name: /[^/]\.sql$/i },
  { tool: "plain SQL", name: /^schema(\.[a-z]+)?\.sql$/i, dump: true },
];

/**
 * The tool whose migration (or schema dump) a path is, or undefined. `Knex` stands for all that keep numbered scripts in a folder of
 * migrations, TypeORM and Sequelize too: only the text tells them apart.
 */
export function migrationTool(path: string): string | undefined {
  return find(path)?.tool;
}

/** Is it the whole schema as it is now, which tools write next to the migrations? */
export function isSchemaDump(path: string): boolean {
  return find(path)?.dump === true;
}

function find(path: string): Tool | undefined {
  const end = path.lastIndexOf("/") + 1;
  const [directory, name] = [path.slice(0, end), path.slice(end)];
  return TOOLS.find((tool) => tool.name.test(name) && (tool.in?.test(directory) ?? true));
}
