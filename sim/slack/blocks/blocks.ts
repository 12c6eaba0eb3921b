import { asText, isJson } from "#sim/slack/json.ts";
import type { Json } from "#sim/slack/types.ts";
import { checkChartBlock } from "./chart.ts";
import { checkElement, checkSlackFile } from "./elements.ts";
import type { Problems } from "./problems.ts";
import { checkOneTable, checkTable } from "./table.ts";
import { checkPlain, checkText } from "./text.ts";

/** Most charts of a message. */
const MAX_CHARTS = 2;

/** Where blocks are shown. */
export type Surface = "message" | "modal" | "home";

type Check = (block: Json, pointer: string, problems: Problems) => void;

interface BlockRule {
  readonly surfaces: readonly Surface[];
  readonly fields: readonly string[];
  readonly check: Check;
}

function checkSection(block: Json, pointer: string, problems: Problems): void {
  if (block.text === undefined && block.fields === undefined) problems.add(pointer, "must define either `text` or `fields`");
  if (block.text !== undefined) checkText(block.text, `${pointer}/text`, { max: 3000 }, problems);
  if (block.fields !== undefined) {
    const fields = problems.checkList(block.fields, `${pointer}/fields`, { min: 1, max: 10 });
    for (const [index, field] of fields.entries()) checkText(field, `${pointer}/fields/${index}`, { max: 2000 }, problems);
  }
  if (block.accessory !== undefined) checkElement(block.accessory, "accessory", `${pointer}/accessory`, problems);
}

function checkActions(block: Json, pointer: string, problems: Problems): void {
  const elements = problems.checkList(block.elements, `${pointer}/elements`, { min: 1, max: 25 });
  const seen = new Set<unknown>();
  for (const [index, element] of elements.entries()) {
    checkElement(element, "actions", `${pointer}/elements/${index}`, problems);
    const actionId = isJson(element) ? element.action_id : undefined;
    if (actionId !== undefined && seen.has(actionId)) {
      problems.add(`${pointer}/elements/${index}/action_id`, "`action_id` must be unique in a block");
    }
    seen.add(actionId);
  }
}

function checkContext(block: Json, pointer: string, problems: Problems): void {
  const elements = problems.checkList(block.elements, `${pointer}/elements`, { min: 1, max: 10 });
  for (const [index, element] of elements.entries()) checkElement(element, "context", `${pointer}/elements/${index}`, problems);
}

function checkInput(block: Json, pointer: string, problems: Problems): void {
  if (problems.requireField(block, "label", pointer)) checkPlain(block.label, `${pointer}/label`, 2000, problems);
  if (block.hint !== undefined) checkPlain(block.hint, `${pointer}/hint`, 2000, problems);
  if (problems.requireField(block, "element", pointer)) checkElement(block.element, "input", `${pointer}/element`, problems);
}

function checkImage(block: Json, pointer: string, problems: Problems): void {
  if (problems.requireField(block, "alt_text", pointer))
    problems.checkLength(block.alt_text, `${pointer}/alt_text`, { max: 2000 });
  problems.checkLength(block.image_url, `${pointer}/image_url`, { max: 3000 });
  if ((block.image_url === undefined) === (block.slack_file === undefined)) {
    problems.add(pointer, "must define either `image_url` or `slack_file`");
  }
  checkSlackFile(block.slack_file, `${pointer}/slack_file`, problems);
  if (block.title !== undefined) checkPlain(block.title, `${pointer}/title`, 2000, problems);
}

const all: readonly Surface[] = ["message", "modal", "home"];

const RULES: Readonly<Record<string, BlockRule>> = {
  section: { surfaces: all, fields: ["text", "fields", "accessory", "expand"], check: checkSection },
  header: {
    surfaces: all,
    fields: ["text", "level"],
    check: (block, pointer, problems) => checkPlain(block.text, `${pointer}/text`, 150, problems),
  },
  divider: { surfaces: all, fields: [], check: () => undefined },
  context: { surfaces: all, fields: ["elements"], check: checkContext },
  actions: { surfaces: all, fields: ["elements"], check: checkActions },
  image: { surfaces: all, fields: ["image_url", "slack_file", "alt_text", "title"], check: checkImage },
  input: { surfaces: all, fields: ["label", "element", "hint", "optional", "dispatch_action"], check: checkInput },
  rich_text: {
    surfaces: all,
    fields: ["elements"],
    check: (block, pointer, problems) => void problems.checkList(block.elements, `${pointer}/elements`, { min: 1, max: 1000 }),
  },
  data_visualization: { surfaces: ["message"], fields: ["title", "chart"], check: checkChartBlock },
  table: { surfaces: ["message"], fields: ["rows", "column_settings"], check: checkTable },
  markdown: {
    surfaces: ["message"],
    fields: ["text"],
    check: (block, pointer, problems) => problems.checkLength(block.text, `${pointer}/text`, { min: 1, max: 12_000 }),
  },
};

/** One block on a surface: https://docs.slack.dev/reference/block-kit/blocks */
function checkBlock(value: unknown, surface: Surface, pointer: string, problems: Problems): void {
  if (!problems.checkObject(value, pointer)) return;
  if (!problems.requireField(value, "type", pointer)) return;
  const rule = RULES[asText(value.type)];
  if (!rule?.surfaces.includes(surface)) return problems.add(`${pointer}/type`, `unsupported type: ${asText(value.type)}`);
  problems.checkKnown(value, ["type", "block_id", ...rule.fields], pointer);
  problems.checkLength(value.block_id, `${pointer}/block_id`, { max: 255 });
  rule.check(value, pointer, problems);
}

/** All blocks of a surface: how many, each by itself, and no block id twice. */
export function checkBlocks(value: unknown, surface: Surface, pointer: string, problems: Problems): void {
  const blocks = problems.checkList(value, pointer, { max: surface === "message" ? 50 : 100 });
  const seen = new Set<unknown>();
  checkOneTable(blocks, pointer, problems);
  for (const [index, block] of blocks.entries()) {
    checkBlock(block, surface, `${pointer}/${index}`, problems);
    const id = isJson(block) ? block.block_id : undefined;
    if (id && seen.has(id)) problems.add(`${pointer}/${index}/block_id`, `\`block_id\` "${asText(id)}" already exists`);
    seen.add(id);
  }
  const charts = blocks.filter((block) => isJson(block) && block.type === "data_visualization").length;
  if (charts > MAX_CHARTS) problems.add(pointer, `no more than ${MAX_CHARTS} data_visualization blocks allowed`);
}
