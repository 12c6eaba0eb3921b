import type { Tools } from "#bot/listeners/tools.ts";
import type { WorkloadKey } from "#domain/workload.ts";
import { context } from "#bot/blocks.ts";
import { code } from "#bot/escape.ts";
import { mostChoices, renderChoices } from "#bot/cards/choices.ts";
import { shortKey } from "#bot/words.ts";
import { type Answer, saying } from "./command.ts";

/**
 * Answers about the workload that a person means. Where several fit or none does it asks which: `ask` is what would be typed for one of
 * them.
 */
export async function aboutWorkload(
  { look }: Tools,
  asked: string,
  ask: (key: WorkloadKey) => string,
  answer: (key: WorkloadKey) => Promise<Answer>,
): Promise<Answer> {
  const name = toName(asked);
  if (name === "") return saying("Which workload? Say its name, such as `web` or `shop/web`; a part of it is enough.");
  const named = await look.findNamed(name);
  if (named.kind !== "found")
    return {
      card: renderChoices(name, named),
      choices: named.keys.slice(0, mostChoices).map((key) => ({ label: shortKey(key), ask: ask(key) })),
      isPersonal: true,
    };
  const found = await answer(named.key);
  if (!named.guessed) return found;
  const note = context(`You wrote ${code(name, 100)}; this is about ${code(named.key, 200)}.`);
  return { ...found, card: { ...found.card, blocks: [note, ...found.card.blocks] } };
}

/** Without what Slack, or who copies from elsewhere, puts around a name: quotes, a link, marks at its end. */
export function toName(asked: string): string {
  const [, label] = /^<[^<>|]*\|([^<>|]*)>$/.exec(asked) ?? [];
  return (label ?? asked).replace(/^[\s"'`*_~(]+|[\s"'`*_~),.:;!?]+$/g, "");
}
