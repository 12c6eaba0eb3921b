import { stemsIn } from "#analysis/past/tokens.ts";
import type { SeenPath } from "./seen-paths.ts";

const MESSAGE_READ = 10_000;
const PATHS_READ = 100;

/** Which of the symptom's words a landing holds, and where. */
export interface LandingWords {
  readonly title: ReadonlySet<string>;
  readonly body: ReadonlySet<string>;
  readonly paths: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();
/** None of them. */
export const noWords: LandingWords = { title: none, body: none, paths: none };

/** The said words that a landing holds. */
export function readWords(message: string, paths: readonly SeenPath[], said: ReadonlySet<string>): LandingWords {
  const text = message.slice(0, MESSAGE_READ);
  const end = text.indexOf("\n");
  const body = end < 0 ? "" : text.slice(end + 1);
  return {
    title: stemsIn(end < 0 ? text : text.slice(0, end), said),
    body: stemsIn(TRAILER.test(body) ? body.replace(TRAILERS, "") : body, said),
    paths: inPaths(paths, said),
  };
}

function inPaths(paths: readonly SeenPath[], said: ReadonlySet<string>): ReadonlySet<string> {
  let found: Set<string> | undefined;
  for (const seen of paths.slice(0, PATHS_READ)) {
    seen.words ??= stemsIn(seen.path, said);
    if (seen.words.size > 0) for (const word of seen.words) (found ??= new Set()).add(word);
  }
  return found ?? none;
}

/** Lines that tools add to a message. Blanks do not span lines: ten thousand empty ones would be looked through ten thousand times. */
const TRAILER = /^[ \t]*(?:change-id|reviewed|signed|co-authored|cr-|commit-queue|tested-by|auto-submit|bot-)/im;
const TRAILERS = /^[ \t]*(?:change-id|reviewed|signed|co-authored|cr-|commit-queue|tested-by|auto-submit|bot-).*$/gim;

/** How many landings hold each said word. */
export function countHolders(landings: Iterable<{ readonly words: LandingWords }>, said: Iterable<string>): Map<string, number> {
  const holders = new Map<string, number>();
  for (const { words } of landings) {
    const { title, body, paths } = words;
    if (title.size + body.size + paths.size === 0) continue;
    for (const word of said)
      if (title.has(word) || body.has(word) || paths.has(word)) holders.set(word, (holders.get(word) ?? 0) + 1);
  }
  return holders;
}
