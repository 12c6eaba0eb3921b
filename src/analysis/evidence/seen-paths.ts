import type { Landing } from "#domain/change.ts";
import { type FileKinds, fileKinds } from "#analysis/past/file-kinds.ts";

/** What is known of a path among the candidates. Landings share it: a path is looked up once for each, and read once for all. */
export interface SeenPath {
  readonly path: string;
  readonly kinds: FileKinds;
  /** The service's own, or only in the same uppermost directory. */
  readonly whose: "own" | "near" | "other";
  /** The said words that it holds, once somebody asked. */
  words: readonly string[] | undefined;
  /** Who touched it later: one author, or several. */
  hands: string | Set<string> | undefined;
  /** A later landing that touches it is called a fix. */
  fixed: boolean;
}

/** What looks a landing's paths up; `own` are the service's directories. */
export function createSeenPaths(own: readonly string[]): (landing: Landing) => readonly SeenPath[] {
  const places = placesOf(own);
  const byRepository = new Map<string, Map<string, SeenPath>>();
  return ({ repository, files }) => {
    const known = byRepository.get(repository) ?? new Map<string, SeenPath>();
    byRepository.set(repository, known);
    return files.map(({ path }) => {
      let seen = known.get(path);
      if (!seen) known.set(path, (seen = look(path, places)));
      return seen;
    });
  };
}

function look(path: string, { own, tops }: Places): SeenPath {
  const whose = isUnder(path, own) ? "own" : isUnder(path, tops) ? "near" : "other";
  return { path, kinds: fileKinds(path), whose, words: undefined, hands: undefined, fixed: false };
}

/** The service's directories, and the uppermost ones that hold them; each ends in a slash. */
interface Places {
  readonly own: readonly string[];
  readonly tops: readonly string[];
}

function placesOf(own: readonly string[]): Places {
  const closed = (path: string) => (path.endsWith("/") ? path : `${path}/`);
  return { own: own.map(closed), tops: own.map((path) => closed(path.split("/", 1)[0] ?? "")) };
}

/** Is a path one of these, or in one of these directories? */
function isUnder(path: string, directories: readonly string[]): boolean {
  for (const one of directories)
    if (path.startsWith(one) || (path.length === one.length - 1 && one.startsWith(path))) return true;
  return false;
}
