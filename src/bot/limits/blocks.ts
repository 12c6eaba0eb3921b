import type { Rule } from "./rule.ts";
import {
  anything,
  exact,
  imageFields,
  inAccessory,
  inActions,
  inContext,
  inInput,
  oneSource,
  plainText,
  string,
  text,
} from "./elements.ts";
import { chartBlock } from "./chart.ts";

// https://docs.slack.dev/reference/block-kit/blocks
const base = { type: anything, block_id: exact(255) };

const known: Readonly<Record<string, Rule>> = {
  section: {
    kind: "object",
    fields: {
      ...base,
      text: text(3_000),
      fields: { kind: "list", of: text(2_000), min: 1, max: 10 },
      accessory: inAccessory,
      expand: anything,
    },
    also: (section) =>
      section["text"] === undefined && section["fields"] === undefined
        ? { fixed: undefined, problem: "needs text or fields" }
        : { fixed: section },
  },
  header: { kind: "object", fields: { ...base, text: { needed: plainText(150) }, level: anything } },
  divider: { kind: "object", fields: base },
  context: { kind: "object", fields: { ...base, elements: { needed: { kind: "list", of: inContext, min: 1, max: 10 } } } },
  actions: {
    kind: "object",
    fields: { ...base, elements: { needed: { kind: "list", of: inActions, min: 1, max: 25, unique: "action_id" } } },
  },
  image: { kind: "object", fields: { ...base, ...imageFields, title: plainText(2_000) }, also: oneSource },
  input: {
    kind: "object",
    fields: {
      ...base,
      label: { needed: plainText(2_000) },
      element: { needed: inInput },
      hint: plainText(2_000),
      optional: anything,
      dispatch_action: anything,
    },
  },
  rich_text: { kind: "object", fields: { ...base, elements: { needed: { kind: "list", of: anything, min: 1, max: 1_000 } } } },
};

/** Blocks that are new, or of which a message can do without: a workspace that does not take them gets the rest. We do not look into them. */
const extras = ["table", "data_table", "video", "file", "card", "carousel", "container", "context_actions"];
const extra: Readonly<Record<string, Rule>> = Object.fromEntries(extras.map((type) => [type, anything]));
const markdown: Rule = { kind: "object", fields: { ...base, text: { needed: string(12_000) } } };

/** The blocks of a message, of a modal, of the app's home. */
const listOf = (types: Readonly<Record<string, Rule>>, max: number): Rule => ({
  kind: "list",
  of: { kind: "typed", types },
  max,
  unique: "block_id",
});
export const messageBlocks = listOf({ ...extra, ...known, markdown, data_visualization: chartBlock }, 50);
export const modalBlocks = listOf({ ...known, video: anything, alert: anything }, 100);
export const homeBlocks = listOf({ ...known, video: anything }, 100);

const optionalId = "optional";
const optionalTypes = new Set(["image", "data_visualization", ...extras]);

/** A message makes sense without this block. Beside pictures and new kinds of blocks, those whose block id begins with `optional`. */
export function isOptional(block: { readonly type: string; readonly block_id?: string }): boolean {
  return optionalTypes.has(block.type) || block.block_id?.startsWith(optionalId) === true;
}
