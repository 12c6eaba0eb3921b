import type { Landing } from "#domain/change.ts";
import type { Instant } from "#domain/workload.ts";
import type { Candidate } from "#analysis/correlate.ts";
import { fileKinds } from "#analysis/past/file-kinds.ts";
import { tokensOf } from "#analysis/past/tokens.ts";
import { type LandingWords, countHolders, noWords, readPaths, readWords } from "./said-words.ts";

const PATHS_READ = 200;
const SYMPTOM_READ = 10_000;
const FIX = /\b(fix|fixes|fixed|bug|hotfix)\b/i;

/** What a landing's files and message come to, and what landed after it and before the onset. */
export interface Seen {
  readonly later: number;
  /** Later landings that touch one of its files: any, by the same author, or called a fix. */
  readonly touchedAgain: boolean;
  readonly touchedAgainByAuthor: boolean;
  readonly fixedAgain: boolean;
  readonly authorWentOn: boolean;
  /** Files of the service: all, and those that are neither tests nor documentation. */
  readonly own: number;
  readonly ownLive: number;
  readonly sameTop: boolean;
  readonly files: FileCount;
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
  /** It touched more than is listed here. */
  readonly cut: boolean;
}

/** The candidates seen together. */
export interface Survey {
  of(candidate: Candidate): Seen | undefined;
  /** Landings among them, and those that touch the service. */
  readonly landings: number;
  readonly ofService: number;
  /** Words of the symptom; undefined where nobody said what was seen. */
  readonly symptom?: ReadonlySet<string>;
  /** How rare a word is among the candidates: the logarithm of one over the share that holds it. */
  rarity(word: string): number;
  wordsOf(landing: Landing): LandingWords;
}

/**
 * Looks at all candidates once: later ones first, so that each sees what came after it. `names` are of the service itself: that
 * a change speaks of it, its paths tell better.
 */
export function surveyOf(
  candidates: readonly Candidate[],
  own: readonly string[],
  symptom: string | undefined,
  names: readonly string[] = [],
): Survey {
  const landings = candidates.filter((candidate) => candidate.landing !== undefined);
  const seen = seeAll(landings, own);
  const words = new Map<string, LandingWords>();
  const said = symptom === undefined ? undefined : new Set(tokensOf(symptom.slice(0, SYMPTOM_READ)));
  for (const word of tokensOf(names.join(" "))) said?.delete(word);
  const inPaths = readPaths(said ?? new Set());
  const wordsOf = (landing: Landing): LandingWords => {
    const known = words.get(landing.id) ?? (said ? readWords(landing, said, inPaths) : noWords);
    words.set(landing.id, known);
    return known;
  };
  const holders = said && said.size > 0 ? countHolders(landings, said, wordsOf) : new Map<string, number>();
  const rarityOf = (held: number) => Math.log((landings.length + 1) / (held + 0.5));
  const rarities = new Map([...holders].map(([word, held]) => [word, rarityOf(held)]));
  return {
    of: (candidate) => seen.get(candidate.id),
    landings: landings.length,
    ofService: [...seen.values()].filter((one) => one.own > 0).length,
    ...(said ? { symptom: said } : {}),
    rarity: (word) => rarities.get(word) ?? rarityOf(0),
    wordsOf,
  };
}

/** Who touched a path: one author, or several. */
type Hands = string | Set<string>;

interface Touches {
  /** repository -> path -> authors */
  readonly paths: Map<string, Map<string, Hands>>;
  /** repository -> paths that a fix touched */
  readonly fixed: Map<string, Set<string>>;
  readonly authors: Set<string>;
}

function seeAll(landings: readonly Candidate[], own: readonly string[]): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  const touches: Touches = { paths: new Map(), fixed: new Map(), authors: new Set() };
  const newestFirst = landings.toSorted((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
  const places = placesOf(own);
  let group: Landing[] = [];
  let later = 0;
  let at: Instant | undefined;
  const settle = () => {
    for (const landing of group) remember(touches, landing);
    later += group.length;
    group = [];
  };
  for (const { landing } of newestFirst) {
    if (!landing) continue;
    // Those of the same moment are not later than each other.
    if (landing.at !== at) settle();
    at = landing.at;
    seen.set(landing.id, { later, ...again(touches, landing), ...ofFiles(landing, places) });
    group.push(landing);
  }
  return seen;
}

function remember({ paths, fixed, authors }: Touches, landing: Landing): void {
  const author = authorOf(landing);
  authors.add(author);
  const touched = paths.get(landing.repository) ?? new Map<string, Hands>();
  paths.set(landing.repository, touched);
  const repaired = FIX.test(titleOf(landing)) ? (fixed.get(landing.repository) ?? new Set<string>()) : undefined;
  if (repaired) fixed.set(landing.repository, repaired);
  for (const { path } of landing.files.slice(0, PATHS_READ)) {
    const hands = touched.get(path);
    if (hands === undefined) touched.set(path, author);
    else if (typeof hands !== "string") hands.add(author);
    else if (hands !== author) touched.set(path, new Set([hands, author]));
    repaired?.add(path);
  }
}

function again(
  { paths, fixed, authors }: Touches,
  landing: Landing,
): Pick<Seen, "touchedAgain" | "touchedAgainByAuthor" | "fixedAgain" | "authorWentOn"> {
  const author = authorOf(landing);
  const touched = paths.get(landing.repository);
  const repaired = fixed.get(landing.repository);
  const seen = { touchedAgain: false, touchedAgainByAuthor: false, fixedAgain: false, authorWentOn: authors.has(author) };
  for (const { path } of landing.files.slice(0, PATHS_READ)) {
    const hands = touched?.get(path);
    if (hands === undefined) continue;
    seen.touchedAgain = true;
    seen.touchedAgainByAuthor ||= typeof hands === "string" ? hands === author : hands.has(author);
    seen.fixedAgain ||= repaired?.has(path) === true;
  }
  return seen;
}

function ofFiles(landing: Landing, { own, tops }: Places): Pick<Seen, "own" | "ownLive" | "sameTop" | "files"> {
  const count = { live: 0, test: 0, docs: 0, tooling: 0, generated: 0, dependency: 0, settings: 0, schema: 0, asset: 0 };
  let [ours, ownLive, near] = [0, 0, 0];
  for (const file of landing.files) {
    const kind = fileKinds(file.path);
    const live = kind.test || kind.docs ? 0 : 1;
    count.live += live;
    for (const name of kind.names) count[name] += 1;
    if (isUnder(file.path, own)) {
      ours += 1;
      ownLive += live;
    } else if (isUnder(file.path, tops)) near += 1;
  }
  const files = { all: landing.files.length, ...count, cut: landing.filesTotal > landing.files.length };
  return { own: ours, ownLive, sameTop: near > 0 && ours === 0, files };
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

function authorOf({ author }: Landing): string {
  return author.login ?? author.email ?? author.name;
}

function titleOf({ message }: Landing): string {
  return message.slice(0, 500).split("\n", 1)[0] ?? "";
}
