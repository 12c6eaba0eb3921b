import type { Block, Card } from "#bot/blocks.ts";
import { isOptional, messageBlocks } from "./blocks.ts";
import { type Json, fitted } from "./rule.ts";
import { cutMrkdwn } from "./cut.ts";

/** Characters over all blocks of a message: undocumented, measured (slackapi/bolt-js#2509). */
const mostCharacters = 13_200;
/** `chat.update` takes no more. */
const mostText = 4_000;
const leastText = 200;

/** A card as Slack takes it, and what was wrong with it: sentences with JSON pointers. */
export interface Fit {
  readonly card: Card;
  readonly problems: readonly string[];
}

/** Cuts rather than fails: texts are cut, what Slack would refuse is left out, optional blocks first. A card without problems stays as it is. */
export function fitCard(card: Card): Fit {
  const problems: string[] = [];
  const note = (pointer: string, problem: string) => void problems.push(`${pointer} ${problem}`);
  if (card.text.length > mostText) note("/text", `must have at most ${mostText} characters, has ${card.text.length}`);
  if (card.text.trim() === "" && card.blocks.length === 0) note("/text", "must not be empty where there are no blocks");
  const blocks = fitted(fewer(rarer(card.blocks, note), note), messageBlocks, "/blocks", note) as Block[];
  if (countCharacters(blocks) > mostCharacters) note("/blocks", `must have at most ${mostCharacters} characters over all`);
  if (problems.length === 0) return { card, problems };
  return { card: { text: cutMrkdwn(card.text, mostText).trim() || "(nothing to say)", blocks: [...shorter(blocks)] }, problems };
}

const mostBlocks = 50;
/** https://docs.slack.dev/reference/block-kit/blocks: how many of a kind a message may have. */
const mostOfKind: Readonly<Record<string, number>> = { table: 1, data_visualization: 2 };

function rarer(blocks: readonly Block[], note: (pointer: string, problem: string) => void): readonly Block[] {
  const counts = new Map<string, number>();
  return blocks.filter(({ type }, index) => {
    const count = (counts.get(type) ?? 0) + 1;
    counts.set(type, count);
    const isTooMany = count > (mostOfKind[type] ?? Number.POSITIVE_INFINITY);
    if (isTooMany) note(`/blocks/${index}`, `must be one of at most ${mostOfKind[type]} of its type`);
    return !isTooMany;
  });
}

/** Where there are too many blocks, those go that a message can do without. */
function fewer(blocks: readonly Block[], note: (pointer: string, problem: string) => void): readonly Block[] {
  if (blocks.length <= mostBlocks) return blocks;
  note("/blocks", `must have at most ${mostBlocks} items, has ${blocks.length}`);
  return blocks.filter((block) => !isOptional(block) && block.type !== "divider").slice(0, mostBlocks);
}

/** Without what is optional, then with its longest texts halved, until it fits. */
function shorter(blocks: readonly Block[]): readonly Block[] {
  if (countCharacters(blocks) <= mostCharacters) return blocks;
  const last = blocks.findLastIndex(isOptional);
  if (last >= 0) return shorter(blocks.toSpliced(last, 1));
  const longest = longestText(blocks);
  if (longest.length <= leastText) return shorter(blocks.slice(0, -1));
  return shorter(replaced(blocks, longest, cutMrkdwn(longest, Math.ceil(longest.length / 2))) as Block[]);
}

function longestText(value: unknown): string {
  const texts = Array.isArray(value)
    ? value.map(longestText)
    : Object.entries(isJson(value) ? value : {}).map(([name, inner]) =>
        name === "text" && typeof inner === "string" ? inner : longestText(inner),
      );
  return texts.reduce((longest, text) => (text.length > longest.length ? text : longest), "");
}

function replaced(value: unknown, before: string, after: string): unknown {
  if (value === before) return after;
  if (Array.isArray(value)) return value.map((inner) => replaced(inner, before, after));
  return isJson(value)
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replaced(inner, before, after)]))
    : value;
}

/** What counts: all strings but types and ids. */
function countCharacters(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, inner) => sum + countCharacters(inner), 0);
  if (!isJson(value)) return 0;
  const counted = Object.entries(value).filter(([name]) => name !== "type" && !name.endsWith("_id"));
  return counted.reduce((sum, [, inner]) => sum + countCharacters(inner), 0);
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null;
}
