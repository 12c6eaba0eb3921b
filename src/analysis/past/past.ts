import type { Instant } from "#domain/workload.ts";
import type { Landing } from "#domain/change.ts";
import { type Tally, createTally } from "./tally.ts";
import { placeOf } from "./file-kinds.ts";
import { plainTitle, takenBack } from "./reverts.ts";

const DAY = 86_400_000;
/** How far back the past is looked at: three months tell as much as all years do (docs/accuracy.md). */
const PAST_MS = 90 * DAY;
/** A revert so long after its change was a change of mind, not a failure. */
const FAILURE_MS = 7 * DAY;
/** Less past than this says nothing about what is usual. */
const LEAST_MS = 14 * DAY;
const LEAST_LANDINGS = 50;
const PATHS_READ = 50;
const SWEEP_EVERY = 2_000;

/** What the repository's last 90 days say about a landing, as they stood when it landed. */
export interface PastFacts {
  /** Days of history that this rests on, at most 90. */
  readonly days: number;
  /** Landings of its author, those in the places it touches (the least known of them), and how many of theirs were reverted. */
  readonly byAuthor: number;
  readonly byAuthorHere: number;
  readonly revertedOfAuthor: number;
  /** Days since the author's last landing; at most 90. */
  readonly authorAwayDays: number;
  /** The place it touches with the largest share of reverted landings. */
  readonly place: string;
  readonly placeLandings: number;
  readonly placeReverted: number;
  /** Of the files it touches: the most reverted landings of one, and the largest share. */
  readonly fileReverted: number;
  readonly fileRevertedShare: number;
  readonly authorKnowsFiles: boolean;
  /** Share of all landings that were reverted. */
  readonly revertedShare: number;
}

/** Learns from landings in the order they come. */
export interface Past {
  add(landing: Landing): void;
  /** Undefined: not known, or too little was known when it landed. */
  factsOf(id: string): PastFacts | undefined;
  /** When a landing was reverted by another that was added. */
  revertedAt(id: string): Instant | undefined;
}

interface Known {
  readonly id: string;
  readonly at: Instant;
  readonly author: string;
  /** Places, paths and the title, each after its repository: two repositories may use the same names. */
  readonly places: readonly string[];
  readonly paths: readonly string[];
  readonly title: string;
}

interface Books {
  readonly all: Tally;
  readonly reverted: Tally;
  /** path -> author -> last touched */
  readonly hands: Map<string, Map<string, Instant>>;
  readonly bySha: Map<string, Known>;
  readonly byTitle: Map<string, Known>;
  first?: Instant;
  count: number;
}

/** Knows nothing yet. */
export function createPast(): Past {
  const books: Books = {
    all: createTally(),
    reverted: createTally(),
    hands: new Map(),
    bySha: new Map(),
    byTitle: new Map(),
    count: 0,
  };
  const facts = new Map<string, PastFacts & { readonly at: Instant }>();
  const reverted = new Map<string, Instant>();
  const seen = new Set<string>();
  return {
    add: (landing) => {
      if (seen.has(landing.id)) return;
      seen.add(landing.id);
      const known = knownOf(landing);
      books.first ??= landing.at;
      if (landing.at - books.first >= LEAST_MS && books.count >= LEAST_LANDINGS)
        facts.set(landing.id, { ...factsAt(books, known), at: landing.at });
      for (const target of targets(books, landing)) noteRevert(books, target, landing.at, reverted);
      note(books, landing, known);
      if (books.count % SWEEP_EVERY === 0) sweep(books, facts, seen, landing.at - PAST_MS);
    },
    factsOf: (id) => facts.get(id),
    revertedAt: (id) => reverted.get(id),
  };
}

function knownOf({ id, at, repository, author, files, message }: Landing): Known {
  const paths = files.slice(0, PATHS_READ).map((file) => `${repository} ${file.path}`);
  const places = [...new Set(files.slice(0, 1_000).map((file) => `${repository} ${placeOf(file.path)}`))];
  const title = plainTitle(message);
  return {
    id,
    at,
    author: author.login ?? author.email ?? author.name,
    places,
    paths,
    title: title === "" ? "" : `${repository} ${title}`,
  };
}

function targets({ bySha, byTitle }: Books, landing: Landing): Known[] {
  const taken = takenBack(landing.message);
  if (!taken) return [];
  const named = taken.shas.flatMap((sha) => bySha.get(sha) ?? []);
  if (named.length > 0) return named;
  const titled = taken.title === undefined ? undefined : byTitle.get(`${landing.repository} ${taken.title}`);
  return titled && landing.at - titled.at < 30 * DAY ? [titled] : [];
}

function noteRevert(books: Books, target: Known, at: Instant, reverted: Map<string, Instant>): void {
  if (reverted.has(target.id)) return;
  reverted.set(target.id, at);
  if (at - target.at >= FAILURE_MS) return;
  books.reverted.note("", at);
  books.reverted.note(`author ${target.author}`, at);
  for (const place of target.places) books.reverted.note(`place ${place}`, at);
  for (const path of target.paths) books.reverted.note(`file ${path}`, at);
}

function note(books: Books, landing: Landing, known: Known): void {
  const { all, hands, bySha, byTitle } = books;
  const { at, author } = known;
  books.count += 1;
  all.note("", at);
  all.note(`author ${author}`, at);
  for (const place of known.places) {
    all.note(`place ${place}`, at);
    all.note(`author ${author} ${place}`, at);
  }
  for (const path of known.paths) {
    all.note(`file ${path}`, at);
    const touched = hands.get(path) ?? new Map<string, Instant>();
    hands.set(path, touched.set(author, at));
  }
  bySha.set(landing.sha.slice(0, 7).toLowerCase(), known);
  if (known.title !== "") byTitle.set(known.title, known);
}

function factsAt(books: Books, known: Known): PastFacts {
  const { all, reverted } = books;
  const from = known.at - PAST_MS;
  const { author, places, paths } = known;
  const rates = places.map((place) => ({
    place,
    landings: all.since(`place ${place}`, from),
    reverted: reverted.since(`place ${place}`, from),
  }));
  const worst = rates.reduce((most, one) => (rateOf(one) > rateOf(most) ? one : most), rates[0] ?? noPlace);
  const ofFiles = paths.map((path) => ({
    landings: all.since(`file ${path}`, from),
    reverted: reverted.since(`file ${path}`, from),
  }));
  const landings = all.since("", from);
  return {
    days: Math.min(PAST_MS, known.at - (books.first ?? known.at)) / DAY,
    byAuthor: all.since(`author ${author}`, from),
    byAuthorHere: least(places.map((place) => all.since(`author ${author} ${place}`, from))),
    revertedOfAuthor: reverted.since(`author ${author}`, from),
    authorAwayDays: Math.min(PAST_MS, known.at - (all.last(`author ${author}`) ?? 0)) / DAY,
    place: worst.place.slice(worst.place.indexOf(" ") + 1),
    placeLandings: worst.landings,
    placeReverted: worst.reverted,
    fileReverted: most(ofFiles.map((file) => file.reverted)),
    fileRevertedShare: most(ofFiles.map((file) => file.reverted / (1 + file.landings))),
    authorKnowsFiles: paths.some((path) => (books.hands.get(path)?.get(author) ?? 0) >= from),
    revertedShare: reverted.since("", from) / (1 + landings),
  };
}

const noPlace = { place: "", landings: 0, reverted: 0 };

function rateOf({ landings, reverted }: { readonly landings: number; readonly reverted: number }): number {
  return (reverted + 0.02) / (landings + 1);
}

function sweep(books: Books, facts: Map<string, { readonly at: Instant }>, seen: Set<string>, before: Instant): void {
  books.all.forget(before);
  books.reverted.forget(before);
  for (const [path, touched] of books.hands) {
    dropOld(touched, (at) => at, before);
    if (touched.size === 0) books.hands.delete(path);
  }
  dropOld(books.bySha, ({ at }) => at, before);
  dropOld(books.byTitle, ({ at }) => at, before);
  for (const id of dropOld(facts, ({ at }) => at, before)) seen.delete(id);
}

/** Deletes what is older than a moment; returns the keys that went. */
function dropOld<V>(from: Map<string, V>, atOf: (value: V) => Instant, before: Instant): string[] {
  const gone = [...from].filter(([, value]) => atOf(value) < before).map(([key]) => key);
  for (const key of gone) from.delete(key);
  return gone;
}

function least(values: readonly number[]): number {
  return values.reduce((low, value) => Math.min(low, value), values[0] ?? 0);
}

function most(values: readonly number[]): number {
  return values.reduce((high, value) => Math.max(high, value), 0);
}
