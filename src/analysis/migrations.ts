/** Where the common tools keep schema migrations; each pattern is of a path inside the repository. */
const TOOLS: readonly { readonly tool: string; readonly path: RegExp; readonly dump?: true }[] = [
  { tool: "Rails", path: /(^|\/)db\/(\w+_)?(migrate|post_migrate)\/\d+_[^/]+\.rb$/ },
  { tool: "Rails", path: /(^|\/)db\/(\w+_)?(schema\.rb|structure\.sql)$/, dump: true },
  { tool: "Django", path: /(^|\/)migrations\/\d{4}_[^/]+\.py$/ },
  { tool: "Alembic", path: /(^|\/)(alembic|migrations)\/versions\/([^/]+\/)*[^/]+\.py$/ },
  { tool: "EF Core", path: /(^|\/)\d{14}_(?!.*\.Designer\.cs$)[^/]+\.cs$/i },
  { tool: "EF Core", path: /(^|\/)(\d{14}_[^/]+\.Designer|[^/]+ModelSnapshot)\.cs$/i, dump: true },
  { tool: "Flyway", path: /(^|\/)[VUR]\d*[\d._]*__[^/]+\.(sql|java|kt)$/ },
  { tool: "Liquibase", path: /(^|\/)(changelogs?|liquibase)\/.+\.(xml|ya?ml|json|sql)$/ },
  { tool: "Liquibase", path: /(^|\/)(db\.)?changelog[^/]*\.(xml|ya?ml|json|sql)$/ },
  { tool: "Prisma", path: /(^|\/)prisma\/migrations\/.+\/(migration|down)\.sql$/ },
  { tool: "Prisma", path: /(^|\/)prisma\/.*schema\.prisma$/, dump: true },
  { tool: "golang-migrate", path: /\.(up|down)\.sql$/ },
  { tool: "Knex", path: /(^|\/)migrations?\/([^/]+\/)*\d{8,}[^/]*\.(js|cjs|mjs|ts|cts|mts)$/ },
  { tool: "plain SQL", path: /(^|\/)(migrations?|migrate|ddl|schema_changes|changesets?)\/([^/]+\/)*[^/]+\.sql$/i },
  { tool: "plain SQL", path: /(^|\/)schema(\.[a-z]+)?\.sql$/i, dump: true },
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

function find(path: string): (typeof TOOLS)[number] | undefined {
  return TOOLS.find((tool) => tool.path.test(path));
}
