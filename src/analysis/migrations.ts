/** Where the common tools keep schema migrations; each pattern is of a path inside the repository. */
const TOOLS: readonly { readonly tool: string; readonly path: RegExp }[] = [
  { tool: "Rails", path: /(^|\/)db\/(migrate|post_migrate)\/\d+_[^/]+\.rb$/ },
  { tool: "Rails", path: /(^|\/)db\/(schema\.rb|structure\.sql)$/ },
  { tool: "Django", path: /(^|\/)migrations\/\d{4}_[^/]+\.py$/ },
  { tool: "Alembic", path: /(^|\/)(alembic|migrations)\/versions\/[^/]+\.py$/ },
  { tool: "Flyway", path: /(^|\/)[VUR]\d*[\d._]*__[^/]+\.(sql|java|kt)$/ },
  { tool: "Liquibase", path: /(^|\/)(changelogs?|liquibase)\/.+\.(xml|ya?ml|json|sql)$/ },
  { tool: "Liquibase", path: /(^|\/)(db\.)?changelog[^/]*\.(xml|ya?ml|json|sql)$/ },
  { tool: "Prisma", path: /(^|\/)prisma\/(migrations\/.+\/migration\.sql|.*schema\.prisma)$/ },
  { tool: "golang-migrate", path: /\.(up|down)\.sql$/ },
  { tool: "Knex", path: /(^|\/)migrations?\/\d{8,}[^/]*\.(js|cjs|mjs|ts)$/ },
  { tool: "plain SQL", path: /(^|\/)(migrations?|migrate|ddl|schema_changes|changesets?)\/([^/]+\/)*[^/]+\.sql$/i },
  { tool: "plain SQL", path: /(^|\/)schema(\.[a-z]+)?\.sql$/i },
];

/** The tool whose migration (or schema dump) a path is, or undefined. */
export function migrationTool(path: string): string | undefined {
  return TOOLS.find((tool) => tool.path.test(path))?.tool;
}
