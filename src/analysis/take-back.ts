import type { RollbackSafety } from "#domain/diagnosis.ts";
import { isSchemaDump } from "./migrations.ts";

/** More are not kept with an incident. */
const most = 200;

/** Files that take a migration back, of tools that keep them beside the one that goes forward. */
const downs = [/\.down\.sql$/i, /(^|\/)prisma\/migrations\/.+\/down\.sql$/, /(^|\/)U[\d._]+__[^/]+\.(sql|java|kt)$/];
/** A number or timestamp leads the name, and it may be written with zeros before it or without. */
const byNumber = new Intl.Collator("en", { numeric: true });

/** What a down-migration is told of the migration files of a range: those that went forward, newest first by their names; `isCut`: there are more. */
export function toTakeBack(paths: readonly string[], isCut: boolean): NonNullable<RollbackSafety["takeBack"]> {
  const forward = [...new Set(paths)].filter((path) => !isSchemaDump(path) && !downs.some((down) => down.test(path)));
  // One path a line: a path with a line break in it cannot be told.
  const told = forward.filter((path) => !/\p{Cc}/u.test(path));
  const files = told.toSorted((one, other) => byNumber.compare(nameOf(other), nameOf(one)) || byNumber.compare(other, one));
  return { files: files.slice(0, most), isCut: isCut || files.length > most || told.length < forward.length };
}

/** Prisma's files all have one name: the folder's says which it is. */
function nameOf(path: string): string {
  const [name = "", folder = ""] = path.split("/").toReversed();
  return name === "migration.sql" ? folder : name;
}
