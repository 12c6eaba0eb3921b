import { createBlockId } from "#sim/slack/ids.ts";
import { asText, isJson, jsonList } from "#sim/slack/json.ts";
import type { Json } from "#sim/slack/types.ts";
import { checkBlocks } from "./blocks.ts";
import { Problems } from "./problems.ts";
import { checkPlain } from "./text.ts";

/** Characters over all blocks of a message; undocumented, measured in slackapi/bolt-js#2509. */
const MAX_BLOCKS_CHARACTERS = 13_200;

/** Why Slack would refuse blocks: the name of the error, and sentences with JSON pointers. */
export interface Refusal {
  readonly error: "invalid_blocks" | "msg_blocks_too_long" | "invalid_arguments" | "view_too_large";
  readonly messages: readonly string[];
}

/** Judges the blocks of a message as Slack does; undefined when they are fine. `unsupported`: types that this workspace does not know yet. */
export function refuseBlocks(blocks: unknown, unsupported: readonly string[] = []): Refusal | undefined {
  const problems = new Problems();
  for (const [index, { type }] of jsonList(blocks).entries())
    if (unsupported.includes(asText(type))) problems.add(`/blocks/${index}/type`, `unsupported type: ${asText(type)}`);
  checkBlocks(blocks, "message", "/blocks", problems);
  if (problems.messages.length > 0) return { error: "invalid_blocks", messages: problems.messages };
  if (countCharacters(blocks) > MAX_BLOCKS_CHARACTERS) return { error: "msg_blocks_too_long", messages: [] };
  return undefined;
}

/** Judges a modal, or a view of the app's page, as Slack does; undefined when it is fine. */
export function refuseView(view: unknown, type: "modal" | "home" = "modal"): Refusal | undefined {
  const problems = new Problems();
  if (problems.checkObject(view, "/view")) {
    if (view.type !== type) problems.add("/view/type", `unsupported type: ${String(view.type)}`);
    if (type === "modal") checkModal(view, problems);
    else problems.checkKnown(view, HOME_FIELDS, "/view");
    checkView(view, type, problems);
  }
  if (problems.messages.length > 0) return { error: "invalid_arguments", messages: problems.messages };
  if (JSON.stringify(view).length > 250_000) return { error: "view_too_large", messages: [] };
  return undefined;
}

const HOME_FIELDS = ["type", "blocks", "private_metadata", "callback_id", "external_id"];
const FIELDS = [
  "type",
  "title",
  "blocks",
  "close",
  "submit",
  "private_metadata",
  "callback_id",
  "clear_on_close",
  "notify_on_close",
  "external_id",
  "submit_disabled",
];

function checkModal(view: Json, problems: Problems): void {
  problems.checkKnown(view, FIELDS, "/view");
  if (problems.requireField(view, "title", "/view")) checkPlain(view.title, "/view/title", 24, problems);
  if (view.submit !== undefined) checkPlain(view.submit, "/view/submit", 24, problems);
  if (view.close !== undefined) checkPlain(view.close, "/view/close", 24, problems);
  const hasInput = jsonList(view.blocks).some((block) => block.type === "input");
  if (hasInput && view.submit === undefined) problems.add("/view", "missing required field: submit");
}

function checkView(view: Json, surface: "modal" | "home", problems: Problems): void {
  problems.checkLength(view.private_metadata, "/view/private_metadata", { max: 3000 });
  problems.checkLength(view.callback_id, "/view/callback_id", { max: 255 });
  problems.checkLength(view.external_id, "/view/external_id", { max: 255 });
  if (problems.requireField(view, "blocks", "/view")) checkBlocks(view.blocks, surface, "/view/blocks", problems);
}

function countCharacters(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + countCharacters(each), 0);
  if (!isJson(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, each]) => sum + (key === "type" || key.endsWith("_id") ? 0 : countCharacters(each)),
    0,
  );
}

/** Gives every block that has none an id, and every interactive element an action id, as Slack does on receipt. */
export function fillIds(blocks: readonly Json[]): Json[] {
  return blocks.map((block) => {
    const filled: Record<string, unknown> = { ...block, block_id: block.block_id ?? createBlockId() };
    if (block.type === "actions") filled.elements = jsonList(block.elements).map(fillActionId);
    if (isJson(block.accessory) && block.accessory.type !== "image") filled.accessory = fillActionId(block.accessory);
    if (isJson(block.element)) filled.element = fillActionId(block.element);
    return filled;
  });
}

function fillActionId(element: Json): Json {
  return { ...element, action_id: element.action_id ?? createBlockId() };
}
