/** What one statement of a migration does, in words that all tools share. */
export type What =
  | "create-table"
  | "add-column"
  | "add-required-column"
  | "add-index"
  /** Unique, check, foreign key, trigger, policy: writes that were fine may be refused. */
  | "add-rule"
  | "add-object"
  | "replace-object"
  | "drop-table"
  | "drop-column"
  | "drop-index"
  | "drop-rule"
  | "drop-object"
  | "rename"
  | "set-not-null"
  | "drop-not-null"
  | "drop-default"
  | "type-change"
  | "insert"
  | "update"
  | "delete"
  /** Sessions, transactions, comments, grants, defaults: nothing that old code could miss. */
  | "harmless"
  | "unknown";

/** One statement of a migration. Names are as written, without quotes. */
export interface Operation {
  readonly what: What;
  readonly table?: string;
  readonly column?: string;
  /** The statement as one line, at most 200 characters: foreign text. */
  readonly text: string;
  /** With `unknown`: why it could not be read. */
  readonly why?: string;
  /** `if not exists`: it may have been there. */
  readonly perhaps?: boolean;
}

/** SQL inside a migration of another tool, not read yet. */
export interface RawSql {
  readonly what: "sql";
  readonly sql: string;
}

/**
 * How the schema goes back: `written` by hand, `derived` by the tool, or `none`. `unknown` where the text that would say it was not seen.
 */
export type WayBack = "written" | "derived" | "none" | "unknown";

/** What a tool's reader makes of one file. */
export interface Draft {
  readonly operations: readonly (Operation | RawSql)[];
  readonly wayBack: WayBack;
}

/** One migration file of the range, read. */
export interface ReadMigration {
  /** The landing that brought it. */
  readonly landing: string;
  readonly path: string;
  readonly tool: string;
  readonly operations: readonly Operation[];
  readonly wayBack: WayBack;
}

/** A statement as one line of at most 200 characters. */
export function oneLine(text: string): string {
  const line = text.slice(0, 1_000).replace(/\s+/g, " ").trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

/** An operation that nobody could read; never safe. */
export function unknown(text: string, why: string): Operation {
  return { what: "unknown", text: oneLine(text), why };
}

/** A name as it is compared: without quotes. */
export function nameOf(text: string | undefined): string | undefined {
  const name = text?.replace(/[`"'[\]:]/g, "").trim();
  return name === undefined || name === "" ? undefined : name;
}
