import type { Draft, WayBack } from "./operation.ts";

/** Files of SQL that only take something back: no part of the way forward. */
export function isWayBack(path: string): boolean {
  return /(\.|_|\/)(down|undo|rollback|revert)\.sql$|(^|\/)(down|undo|rollback|revert)s?\/[^/]+\.sql$|(^|\/)U\d[^/]*__[^/]+\.sql$/i.test(
    path,
  );
}

/** Both ways in one file: goose, dbmate, sql-migrate, rambler. */
const UP = /^[ \t]*--[ \t]*(?:\+goose|migrate:|\+migrate|rambler)\s*up\b[^\n]*$/im;
const DOWN = /^[ \t]*--[ \t]*(?:\+goose|migrate:|\+migrate|rambler)\s*down\b[^\n]*$/im;

/** A file of plain SQL; `hasWayBack` says whether another file of the range takes it back. */
export function readSqlScript(text: string, hasWayBack: boolean): Draft {
  const up = UP.exec(text);
  const down = DOWN.exec(text);
  const from = up && (!down || up.index < down.index) ? up.index + up[0].length : 0;
  const forward = down ? text.slice(from, down.index > from ? down.index : undefined) : text.slice(from);
  const isWritten = hasWayBack || (down !== null && isStatement(text.slice(down.index + down[0].length)));
  return { operations: [{ what: "sql", sql: forward }], wayBack: isWritten ? "written" : "none" };
}

/** Is there more than comments? */
export function isStatement(sql: string): boolean {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, "").replace(/[\s;]/g, "") !== "";
}

/** Files that would take a migration back, by the habits of the tools. */
export function waysBack(path: string): readonly string[] {
  const base = path.replace(/(\.up)?\.sql$/i, "");
  const [folder, name] = [path.slice(0, path.lastIndexOf("/") + 1), path.slice(path.lastIndexOf("/") + 1)];
  const flyway = /^V(\d[\d._]*)__/.exec(name)?.[1];
  return [
    ...["down", "undo", "rollback", "revert"].flatMap((word) => [
      `${base}.${word}.sql`,
      `${base}_${word}.sql`,
      `${folder}${word}/${name}`,
      `${folder.replace(/(up|deploy)\/$/, `${word}/`)}${name}`,
    ]),
    ...(/(^|\/)(migration|up)\.sql$/.test(path) ? [`${folder}down.sql`] : []),
    ...(flyway === undefined ? [] : [`${folder}U${flyway}__`]),
  ].filter((candidate) => candidate !== path);
}

/** Liquibase's formatted SQL: each changeset needs its `--rollback` (docs.liquibase.com, "Automatic and custom rollbacks"). */
export function readFormattedSql(text: string): Draft {
  const changesets = text.match(/^[ \t]*--[ \t]*changeset\b/gim)?.length ?? 0;
  const rollbacks = text.match(/^[ \t]*(--|\/\*)\s*(liquibase\s+)?rollback\b/gim)?.length ?? 0;
  const wayBack: WayBack = rollbacks > 0 && rollbacks >= changesets ? "written" : "none";
  return { operations: [{ what: "sql", sql: text }], wayBack };
}
