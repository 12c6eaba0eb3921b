import type { Landing } from "#domain/change.ts";

const NAMED = /\breverts? commit ([0-9a-f]{7,40})\b/gi;
const TITLE = /^\s*revert\b[:\s]*"(.+)"/i;
/** A message is read to here: foreign text. */
const READ = 20_000;

/** What a revert says it takes back: commits by their first seven digits, or else a title. */
export interface Taken {
  readonly shas: readonly string[];
  readonly title?: string;
}

/** What a landing reverts, if it is a revert: `This reverts commit ...`, as git, Gerrit and GitHub write it, or its title. */
export function takenBack(message: string): Taken | undefined {
  const text = message.slice(0, READ);
  const shas = [...text.matchAll(NAMED)].map((found) => (found[1] ?? "").slice(0, 7).toLowerCase());
  if (shas.length > 0) return { shas };
  const title = TITLE.exec(text)?.[1];
  return title === undefined ? undefined : { shas: [], title: plainTitle(title) };
}

/** Does a landing go back to code that ran before? A revert of a revert does not. */
export function isRevert({ message }: Pick<Landing, "message">): boolean {
  const title = message.slice(0, 300);
  return /^\s*revert\b/i.test(title) && !/^\s*revert\b[:\s]*"?\s*revert\b/i.test(title);
}

/** A title without the pull request's number, quotes, and the words that mark a repeat of an earlier change; lower case. */
export function plainTitle(message: string): string {
  let title = (message.slice(0, 500).split("\n", 1)[0] ?? "").trim().toLowerCase();
  title = title.replace(/\s*\(#\d+\)"?$/, "");
  return title.replace(/^(?:(?:revert|reland|re-?apply|roll forward)[:\s]*"?)+/, "").replace(/^["'\s]+|["'.\s]+$/g, "");
}
