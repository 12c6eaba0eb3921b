import type { Usage } from "#sim/page/state.ts";

/** What a slash command may go on with, and what the one that stands there takes. */
export interface Completion {
  readonly options: readonly Usage[];
  readonly hint?: Usage;
}

const NOTHING: Completion = { options: [] };

/** What to offer for a text: usages that begin so, else the one that the text has begun to fill in. */
export function complete(text: string, usages: readonly Usage[]): Completion {
  if (!text.startsWith("/") || text.includes("\n")) return NOTHING;
  const typed = text.toLowerCase();
  const options = usages.filter(({ type }) => type.toLowerCase().startsWith(typed) && type !== text);
  if (options.length > 0) return { options };
  const begun = usages.filter(({ type }) => typed.startsWith(`${fixedPart(type).toLowerCase()} `) && type !== fixedPart(type));
  const [hint] = begun.sort((a, b) => fixedPart(b.type).length - fixedPart(a.type).length);
  return hint ? { options: [], hint } : NOTHING;
}

/** The text after a usage was picked: up to where a person must fill something in. */
export function filledIn({ type }: Usage): string {
  const fixed = fixedPart(type);
  return fixed === type ? type : `${fixed} `;
}

function fixedPart(type: string): string {
  return type.replace(/\s*[<[].*$/su, "");
}
