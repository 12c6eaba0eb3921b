import type { Card } from "#bot/blocks.ts";
import { section } from "#bot/blocks.ts";
import { escape } from "#bot/escape.ts";
import { fitLines } from "#bot/fit.ts";

/** A title and a list of sentences, which are foreign text. */
export function renderSentences(title: string, sentences: readonly string[]): Card {
  const lines = sentences.map((sentence) => `• ${escape(sentence, 500)}`);
  return { text: title, blocks: [section(`*${title}*\n${fitLines(lines, 2_700)}`)] };
}
