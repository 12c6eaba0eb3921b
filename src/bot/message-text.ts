import { z } from "zod";

/** What of a message of Slack holds words that people see; everything else is left out. */
const shortcutMessage = z.object({
  text: z.unknown().optional(),
  attachments: z.unknown().optional(),
  blocks: z.unknown().optional(),
});

const mostCharacters = 20_000;
const mostDepth = 12;
const mostValues = 5_000;
/** Where words stand, in blocks, attachments, fields and rich text. */
const shown = new Set([
  "text",
  "title",
  "title_link",
  "fallback",
  "pretext",
  "value",
  "footer",
  "author_name",
  "alt_text",
  "url",
]);

/** All words of a message, its attachments, blocks and fields, cut at 20,000 characters; foreign text of any shape. */
export function textOfMessage(message: unknown): string {
  let text = "";
  let values = 0;
  for (const words of wordsIn(shortcutMessage.safeParse(message).data, "", 0)) {
    values += 1;
    if (values > mostValues || text.length > mostCharacters) break;
    if (words !== undefined) text += `${words}\n`;
  }
  return text.slice(0, mostCharacters);
}

/** Every value, outermost first; words that people see, or nothing. */
function* wordsIn(value: unknown, key: string, depth: number): Generator<string | undefined> {
  if (typeof value === "string") return yield shown.has(key) ? value : undefined;
  if (typeof value !== "object" || value === null || depth > mostDepth) return yield undefined;
  yield undefined;
  for (const [name, inner] of Object.entries(value)) yield* wordsIn(inner, Array.isArray(value) ? key : name, depth + 1);
}
