import { stemsIn } from "#analysis/past/tokens.ts";
import type { SeenPath } from "./seen-paths.ts";

const MESSAGE_READ = 10_000;
const PATHS_READ = 100;

/** Which of the symptom's words a landing holds, and where; in the symptom's order. */
export interface LandingWords {
  readonly title: readonly string[];
  readonly body: readonly string[];
  readonly paths: readonly string[];
}

const none: readonly string[] = [];
/** None of them. */
export const noWords: LandingWords = { title: none, body: none, paths: none };

/** The said words that a landing holds. */
export function readWords(message: string, paths: readonly SeenPath[], said: ReadonlySet<string>): LandingWords {
  const text = message.slice(0, MESSAGE_READ);
  const end = text.indexOf("\n");
  return {
    title: stemsIn(end < 0 ? text : text.slice(0, end), said),
    body: end < 0 ? none : inBody(text.slice(end + 1), said),
    paths: inPaths(paths, said),
  };
}

/** Without the lines that tools add a body holds no more than with them. */
function inBody(body: string, said: ReadonlySet<string>): readonly string[] {
  const found = stemsIn(body, said);
  return found.length > 0 && TRAILER.test(body) ? stemsIn(body.replace(TRAILERS, ""), said) : found;
}

function inPaths(paths: readonly SeenPath[], said: ReadonlySet<string>): readonly string[] {
  let found: Set<string> | undefined;
  for (const seen of paths.slice(0, PATHS_READ)) {
    seen.words ??= stemsIn(seen.path, said);
    if (seen.words.length > 0) for (const word of seen.words) (found ??= new Set()).add(word);
  }
  return found ? [...said].filter((word) => found.has(word)) : none;
}

/** Lines that tools add to a message. Blanks do not span lines: ten thousand empty ones would be looked through ten thousand times. */
const TRAILER = /^[ \t]*(?:change-id|reviewed|signed|co-authored|cr-|commit-queue|tested-by|auto-submit|bot-)/im;
const TRAILERS = /^[ \t]*(?:change-id|reviewed|signed|co-authored|cr-|commit-queue|tested-by|auto-submit|bot-).*$/gim;

/** The words that it holds anywhere. */
export function heldWords({ title, body, paths }: LandingWords): ReadonlySet<string> {
  return new Set([...title, ...body, ...paths]);
}

/** How many landings hold each said word. */
export function countHolders(landings: Iterable<{ readonly words: LandingWords }>): Map<string, number> {
  const holders = new Map<string, number>();
  for (const { words } of landings) {
    // Most hold none, or some in their title only.
    const held = words.body.length + words.paths.length === 0 ? words.title : heldWords(words);
    for (const word of held) holders.set(word, (holders.get(word) ?? 0) + 1);
  }
  return holders;
}
