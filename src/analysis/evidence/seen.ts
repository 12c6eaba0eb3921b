import type { Landing } from "#domain/change.ts";
import type { Instant } from "#domain/workload.ts";
import { type LandingWords, noWords, readWords } from "./said-words.ts";
import { type SeenPath, createSeenPaths } from "./seen-paths.ts";

const PATHS_READ = 200;
const FIX = /\b(fix|fixes|fixed|bug|hotfix)\b/i;

/** What a landing's files and message come to, and what landed after it and before the onset. */
export interface Seen {
  readonly later: number;
  readonly again: SeenAgain;
  readonly files: FileCount;
  /** The symptom's words that it holds. */
  readonly words: LandingWords;
}

/** Later landings that touch one of its files: any, by the same author, or called a fix; and whether its author landed more. */
export interface SeenAgain {
  readonly touched: boolean;
  readonly touchedByAuthor: boolean;
  readonly fixed: boolean;
  readonly authorWentOn: boolean;
}

/** How many of its files are what. */
export interface FileCount {
  readonly all: number;
  readonly live: number;
  readonly test: number;
  readonly docs: number;
  readonly tooling: number;
  readonly generated: number;
  readonly dependency: number;
  readonly settings: number;
  readonly schema: number;
  readonly asset: number;
  /** Of the service; those of them that are neither tests nor documentation; and others in the same uppermost directory. */
  readonly own: number;
  readonly ownLive: number;
  readonly near: number;
  /** It touched more than is listed here. */
  readonly cut: boolean;
}

const NONE_COUNTED: FileCount = {
  all: 0,
  live: 0,
  test: 0,
  docs: 0,
  tooling: 0,
  generated: 0,
  dependency: 0,
  settings: 0,
  schema: 0,
  asset: 0,
  own: 0,
  ownLive: 0,
  near: 0,
  cut: false,
};

/** A landing with what is known of its paths. */
interface Landed {
  readonly landing: Landing;
  readonly author: string;
  readonly paths: readonly SeenPath[];
  /** The first of them: who touches more of them again is not asked. */
  readonly first: readonly SeenPath[];
}

/** Sees every landing, later ones first, by id; `own` are the service's directories, `said` the symptom's words. */
export function seeAll(landings: readonly Landing[], own: readonly string[], said: ReadonlySet<string>): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  const authors = new Set<string>();
  const pathsOf = createSeenPaths(own);
  const newestFirst = landings.toSorted((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
  let group: Landed[] = [];
  let later = 0;
  let at: Instant | undefined;
  for (const landing of newestFirst) {
    // Those of the same moment are not later than each other.
    if (landing.at !== at) {
      for (const one of group) remember(one, authors);
      later += group.length;
      group = [];
    }
    at = landing.at;
    const paths = pathsOf(landing);
    const landed = { landing, author: authorOf(landing), paths, first: paths.slice(0, PATHS_READ) };
    const words = said.size > 0 ? readWords(landing.message, landed.first, said) : noWords;
    seen.set(landing.id, { later, again: again(landed, authors), files: countFiles(landed), words });
    group.push(landed);
  }
  return seen;
}

function remember({ landing, author, first }: Landed, authors: Set<string>): void {
  authors.add(author);
  const isFix = FIX.test(titleOf(landing));
  for (const seen of first) {
    const { hands } = seen;
    if (hands === undefined) seen.hands = author;
    else if (typeof hands !== "string") hands.add(author);
    else if (hands !== author) seen.hands = new Set([hands, author]);
    seen.fixed ||= isFix;
  }
}

function again({ author, first }: Landed, authors: ReadonlySet<string>): SeenAgain {
  const seen = { touched: false, touchedByAuthor: false, fixed: false, authorWentOn: authors.has(author) };
  for (const { hands, fixed } of first) {
    if (hands === undefined) continue;
    seen.touched = true;
    seen.touchedByAuthor ||= typeof hands === "string" ? hands === author : hands.has(author);
    seen.fixed ||= fixed;
  }
  return seen;
}

function countFiles({ landing, paths }: Landed): FileCount {
  const count = { ...NONE_COUNTED, all: paths.length, cut: landing.filesTotal > paths.length };
  for (const { kinds, whose } of paths) {
    const live = kinds.test || kinds.docs ? 0 : 1;
    count.live += live;
    for (const name of kinds.names) count[name] += 1;
    if (whose === "own") {
      count.own += 1;
      count.ownLive += live;
    } else if (whose === "near") count.near += 1;
  }
  return count;
}

function authorOf({ author }: Landing): string {
  return author.login ?? author.email ?? author.name;
}

function titleOf({ message }: Landing): string {
  return message.slice(0, 500).split("\n", 1)[0] ?? "";
}
