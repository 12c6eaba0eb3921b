import type { Landing } from "#domain/change.ts";
import type { Candidate } from "#analysis/correlate.ts";
import { stemsIn } from "#analysis/past/tokens.ts";

const MESSAGE_READ = 10_000;

/** Which of the symptom's words a landing holds, and where. */
export interface LandingWords {
  readonly title: ReadonlySet<string>;
  readonly body: ReadonlySet<string>;
  readonly paths: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();
/** None of them. */
export const noWords: LandingWords = { title: none, body: none, paths: none };

/** The said words that paths hold; paths come again and again. */
type InPaths = (files: Landing["files"]) => ReadonlySet<string>;

/** What looks the said words up in paths. */
export function readPaths(said: ReadonlySet<string>): InPaths {
  const known = new Map<string, ReadonlySet<string>>();
  return (files) => {
    let found: Set<string> | undefined;
    for (let index = 0; index < Math.min(files.length, 100); index += 1) {
      const path = files[index]?.path ?? "";
      let words = known.get(path);
      if (words === undefined) known.set(path, (words = stemsIn(path, said)));
      if (words.size > 0) for (const word of words) (found ??= new Set()).add(word);
    }
    return found ?? none;
  };
}

/** The said words that it holds. */
export function readWords({ message, files }: Landing, said: ReadonlySet<string>, inPaths: InPaths): LandingWords {
  const text = message.slice(0, MESSAGE_READ);
  const end = text.indexOf("\n");
  const body = end < 0 ? "" : text.slice(end + 1);
  return {
    title: stemsIn(end < 0 ? text : text.slice(0, end), said),
    body: stemsIn(TRAILER.test(body) ? body.replace(TRAILERS, "") : body, said),
    paths: inPaths(files),
  };
}

/** Lines that tools add to a message. Blanks do not span lines: ten thousand empty ones would be looked through ten thousand times. */
const TRAILER = /^[ \t]*(?:change-id|reviewed|signed|co-authored|cr-|commit-queue|tested-by|auto-submit|bot-)/im;
const TRAILERS = /^[ \t]*(?:change-id|reviewed|signed|co-authored|cr-|commit-queue|tested-by|auto-submit|bot-).*$/gim;

/** How many candidates hold each said word. */
export function countHolders(
  landings: readonly Candidate[],
  said: ReadonlySet<string>,
  wordsOf: (landing: Landing) => LandingWords,
): Map<string, number> {
  const holders = new Map<string, number>();
  for (const { landing } of landings) {
    if (!landing) continue;
    const { title, body, paths } = wordsOf(landing);
    if (title.size + body.size + paths.size === 0) continue;
    for (const word of said)
      if (title.has(word) || body.has(word) || paths.has(word)) holders.set(word, (holders.get(word) ?? 0) + 1);
  }
  return holders;
}
