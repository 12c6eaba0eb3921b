import type { Named } from "#domain/named.ts";
import type { WorkloadKey } from "#domain/workload.ts";
import { editsBetween } from "./edits.ts";

/** Longer than any key: a cluster, a namespace of 63 and a name of 253 characters. */
const MOST_CHARACTERS = 400;
const SUGGESTED = 5;
/** What is mistyped more than that is another name. */
const MOST_EDITS = 4;
/** As kubectl takes them before a name. */
const KINDS = /^(deploy(ment)?s?|deployment\.apps|statefulsets?|sts|daemonsets?|ds|workload)$/;

interface Name {
  readonly key: WorkloadKey;
  readonly name: string;
  /** What may stand before it, outermost first. */
  readonly places: readonly string[];
}

type Fit = (whole: string, asked: string) => boolean;

const equal: Fit = (whole, asked) => whole === asked;
const begins: Fit = (whole, asked) => whole.startsWith(asked);
const holds: Fit = (whole, asked) => asked.length > 1 && whole.includes(asked);
const resembles: Fit = (whole, asked) => editsBetween(whole, asked, allowed(asked)) < Infinity;

/** From the strictest on; the first that fits anything decides. */
const tiers: readonly { readonly name: Fit; readonly place: Fit }[] = [
  { name: equal, place: equal },
  { name: equal, place: begins },
  { name: begins, place: begins },
  { name: holds, place: begins },
  { name: resembles, place: resembles },
];

/**
 * Which workload a person means: `name`, `namespace/name`, `cluster/namespace/name` or `cluster/name`, whatever the case; then by its
 * beginning, by a part, and by a typo. More than one is never guessed between.
 */
export function readName(keys: readonly WorkloadKey[], asked: string): Named {
  const names = keys.map(toName);
  const wanted = toWanted(asked);
  if (wanted.name === "") return { kind: "unknown", keys: [] };
  for (const [index, fits] of tiers.entries()) {
    const found = nearest(
      names.filter((one) => fits.name(one.name, wanted.name) && placed(one.places, wanted.places, fits.place)),
      wanted.name,
      fits.name,
    );
    const [first] = found;
    if (first && found.length === 1) return { kind: "found", key: first.key, guessed: index > 0 };
    if (first) return { kind: "several", keys: found.map(({ key }) => key).toSorted() };
  }
  return { kind: "unknown", keys: similarTo(names, wanted.name) };
}

function toName(key: WorkloadKey): Name {
  const [cluster = "", namespace = "", ...rest] = key.toLowerCase().split("/");
  return { key, name: rest.join("/"), places: [cluster, namespace] };
}

function toWanted(asked: string): Omit<Name, "key"> {
  const parts = asked
    .slice(0, MOST_CHARACTERS)
    .toLowerCase()
    .split("/")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const places = parts.slice(0, -1).filter((part, index) => index > 0 || !KINDS.test(part));
  return { name: parts.at(-1) ?? "", places };
}

/** In their order, and any of them left out. */
function placed(places: readonly string[], wanted: readonly string[], fits: Fit): boolean {
  let from = 0;
  for (const one of wanted) {
    const found = places.findIndex((place, index) => index >= from && fits(place, one));
    if (found < 0) return false;
    from = found + 1;
  }
  return true;
}

/** Of typos the fewest count. */
function nearest(found: readonly Name[], asked: string, fit: Fit): readonly Name[] {
  if (fit !== resembles) return found;
  const edits = found.map(({ name }) => editsBetween(name, asked, allowed(asked)));
  const fewest = Math.min(...edits);
  return found.filter((_name, index) => edits[index] === fewest);
}

/** None in two letters, one in up to five, two in more. */
function allowed({ length }: string): number {
  return length < 3 ? 0 : length < 6 ? 1 : 2;
}

/** What nothing fits exactly, but which looks alike: the same name elsewhere, a few typos, or the same beginning. */
function similarTo(names: readonly Name[], asked: string): WorkloadKey[] {
  return names
    .map(({ key, name }) => ({ key, far: farness(name, asked) }))
    .filter(({ far }) => far < Infinity)
    .toSorted((left, right) => left.far - right.far || (left.key < right.key ? -1 : 1))
    .slice(0, SUGGESTED)
    .map(({ key }) => key);
}

function farness(name: string, asked: string): number {
  const edits = editsBetween(name, asked, Math.min(MOST_EDITS, Math.max(1, Math.floor(asked.length / 2))));
  if (edits < Infinity) return edits;
  const shared = asked.length > 2 && (name.startsWith(asked.slice(0, 3)) || name.includes(asked) || asked.includes(name));
  return shared && name !== "" ? 2 * MOST_EDITS : Infinity;
}
