import { asText, isJson } from "#sim/slack/json.ts";
import type { Json } from "#sim/slack/types.ts";
import type { Problems } from "./problems.ts";

/** A table: 100 rows of 20 cells. https://docs.slack.dev/reference/block-kit/blocks/table-block */
export function checkTable(block: Json, pointer: string, problems: Problems): void {
  for (const [index, row] of problems.checkList(block.rows, `${pointer}/rows`, { min: 1, max: 100 }).entries()) {
    const at = `${pointer}/rows/${index}`;
    for (const [column, cell] of problems.checkList(row, at, { min: 1, max: 20 }).entries())
      checkCell(cell, `${at}/${column}`, problems);
  }
  if (block.column_settings === undefined) return;
  const settings = problems.checkList(block.column_settings, `${pointer}/column_settings`, { max: 20 });
  for (const [index, setting] of settings.entries()) {
    const at = `${pointer}/column_settings/${index}`;
    if (!problems.checkObject(setting, at)) continue;
    problems.checkKnown(setting, ["align", "is_wrapped"], at);
    if (setting.align !== undefined && !["left", "center", "right"].includes(asText(setting.align)))
      problems.add(`${at}/align`, "must be one of left, center, right");
  }
}

function checkCell(cell: unknown, pointer: string, problems: Problems): void {
  if (!problems.checkObject(cell, pointer)) return;
  if (cell.type === "rich_text") return void problems.checkList(cell.elements, `${pointer}/elements`, { min: 1, max: 1000 });
  if (cell.type !== "raw_text") return problems.add(`${pointer}/type`, `unsupported type: ${asText(cell.type)}`);
  problems.checkKnown(cell, ["type", "text"], pointer);
  if (problems.requireField(cell, "text", pointer)) problems.checkLength(cell.text, `${pointer}/text`, { min: 1, max: 10_000 });
}

/** Slack takes one table a message. */
export function checkOneTable(blocks: readonly unknown[], pointer: string, problems: Problems): void {
  if (blocks.filter((block) => isJson(block) && block.type === "table").length > 1)
    problems.add(pointer, "only_one_table_allowed");
}
