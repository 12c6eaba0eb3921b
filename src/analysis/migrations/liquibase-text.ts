import type { Operation } from "./operation.ts";
import { unknown } from "./operation.ts";

/** One change of a changeset. */
export interface Found {
  readonly name: string;
  /** The change with all that stands in it. */
  readonly text: string;
}

/** What stands in a changelog. */
export interface Changes {
  readonly changes: readonly Found[];
  readonly unread: readonly Operation[];
  readonly rollbacks: number;
}

const AROUND =
  /^(databaseChangeLog|changeSet|changes|column|columns|constraints|comment|include|includeAll|property|where|validCheckSum|param|whereParams|tagDatabase)$/;
const OUTSIDE =
  /<!--[\s\S]*?(-->|(?![\s\S]))|<(rollback|preConditions|comment|validCheckSum)\b(?:[^>]*\/>|[\s\S]*?<\/\2>)|<\?[^>]*\?>/g;

/** Changes of XML: tags, with what rolls back and what only asks taken out. Nothing may stand beside them. */
export function fromXml(text: string, isKnown: (name: string) => boolean): Changes {
  const clean = text.replace(OUTSIDE, " ");
  const found: Found[] = [];
  let beside = "";
  let at = 0;
  for (const { 0: opening, 1: tag = "", 2: end = "", index } of clean.matchAll(/<(?:\w+:)?(\w+)\b[^<>]*?(\/?)>/g)) {
    if (index < at) continue;
    beside += clean.slice(at, index);
    const isAround = AROUND.test(tag);
    const whole = isAround ? opening : elementAt(clean, index, opening, tag, end === "/");
    at = index + whole.length;
    if (!isAround) found.push({ name: tag, text: whole });
  }
  const rest = (beside + clean.slice(at)).replace(/<\/(?:\w+:)?\w+>/g, "").trim();
  return {
    changes: found.filter(({ name }) => isKnown(name)),
    unread: [...notKnown(found, isKnown), ...(rest === "" ? [] : [unknown(rest, "It is not a change")])],
    rollbacks: text.match(/<rollback\b/g)?.length ?? 0,
  };
}

function notKnown(found: readonly Found[], isKnown: (name: string) => boolean): Operation[] {
  return found.filter(({ name }) => !isKnown(name)).map((one) => unknown(one.text, "It is a change that is not known"));
}

/** An element with all that stands in it; as far as the text goes where it does not end. */
function elementAt(text: string, index: number, opening: string, tag: string, isEmpty: boolean): string {
  if (isEmpty) return opening;
  const close = text.indexOf(`</${tag}>`, index);
  return text.slice(index, close === -1 ? undefined : close + tag.length + 3);
}

const ATTRIBUTES = new Set(
  "id author name type value file path relativeToChangelogFile logicalFilePath runOnChange runAlways failOnError context contextFilter labels dbms ignore objectQuotingStrategy runInTransaction created tableName columnName columnDataType columnNames oldTableName newTableName oldColumnName newColumnName oldViewName newViewName newDataType indexName unique clustered tablespace remarks schemaName catalogName defaultValue defaultValueNumeric defaultValueBoolean defaultValueDate defaultValueComputed defaultValueSequenceNext autoIncrement startWith incrementBy generationType valueNumeric valueBoolean valueDate valueComputed primaryKey primaryKeyName primaryKeyTablespace nullable foreignKeyName references referencedTableName referencedColumnNames referencedTableCatalogName referencedTableSchemaName uniqueConstraintName checkConstraint deleteCascade initiallyDeferred deferrable validateNullable validateUnique validatePrimaryKey validateForeignKey validate baseTableName baseColumnNames baseTableSchemaName constraintName onDelete onUpdate sequenceName splitStatements stripComments endDelimiter sql tag descending afterColumn beforeColumn position defaultNullValue cascadeConstraints".split(
    " ",
  ),
);

/** Changes of YAML or JSON: a list's item of which a mapping begins. Every other line must be an attribute that is known. */
export function fromKeys(text: string, isKnown: (name: string) => boolean): Changes {
  const clean = text.replace(/^[ \t]*#.*$/gm, "").replace(SECTIONS, (section) => section.replace(/[^\n]/g, " "));
  const keys = [...clean.matchAll(/(?:^[ \t]*-[ \t]+|[{[,]\s*)["']?(\w+)["']?[ \t]*:[ \t]*(?=[\n{[]|$)/gm)].filter(
    (match) => !AROUND.test(match[1] ?? ""),
  );
  const found = keys.map((match, index) => ({
    name: match[1] ?? "",
    text: clean.slice(match.index, keys[index + 1]?.index).replace(/^[\s,[{-]+/, ""),
  }));
  const lost = strayLines(clean, isKnown);
  return {
    changes: found.filter(({ name }) => isKnown(name)),
    unread: [...notKnown(found, isKnown), ...lost.map((line) => unknown(line, "It is not a change"))],
    rollbacks: text.match(/\brollback["']?\s*:/g)?.length ?? 0,
  };
}

/** `rollback` and `preConditions` of YAML, as far as lines are indented deeper. */
const SECTIONS = /^([ \t]*(?:- )?)(rollback|preConditions):[^\n]*(?:\n\1[ \t]+[^\n]*|\n\1-[^\n]*)*/gm;

/** Lines that are neither a change, nor what stands around one, nor an attribute. */
function strayLines(text: string, isKnown: (name: string) => boolean): string[] {
  let block = -1;
  return text.split("\n").filter((line) => {
    const indent = line.search(/\S/);
    // What is indented below `sql: |` is its text.
    if (indent === -1 || (block !== -1 && indent > block)) return false;
    block = /:\s*[|>][-+]?\s*$/.test(line) ? indent : -1;
    return !isPlain(line, isKnown) && !isJson(line, isKnown) && !/^[\s[\]{},]*$/.test(line);
  });
}

function isPlain(line: string, isKnown: (name: string) => boolean): boolean {
  const [, dash = "", key = "", value = ""] = /^\s*((?:-\s+)*)["']?(\w+)["']?\s*:(.*)$/.exec(line) ?? [];
  if (key === "") return false;
  if (dash !== "" && isKnown(key)) return /^\s*([[{].*)?$/.test(value);
  return AROUND.test(key) || ATTRIBUTES.has(key);
}

/** A line of JSON: every key in it is known. */
function isJson(line: string, isKnown: (name: string) => boolean): boolean {
  if (!/^\s*[[\]{},"]/.test(line)) return false;
  const keys = [...line.matchAll(/"(\w+)"\s*:/g)].map((match) => match[1] ?? "");
  const rest = line.replace(/"(?:[^"\\]|\\.)*"|\b(true|false|null|-?[\d.]+)\b|[\s[\]{},:]/g, "");
  return (
    rest === "" &&
    keys.length > 0 &&
    keys.every((key) => isKnown(key) || AROUND.test(key) || ATTRIBUTES.has(key) || key === "rollback")
  );
}
