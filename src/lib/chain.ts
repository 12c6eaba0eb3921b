import { digestOf } from "./digest.ts";

/** One link: its number, the hash of the one before, and its own over everything else in it. */
interface Link {
  readonly seq: number;
  readonly previous: string;
  readonly hash: string;
}

/** The next link after a head; without one, the first. */
export function linkAfter<T extends object>(head: Pick<Link, "seq" | "hash"> | undefined, entry: T): T & Link {
  const open = { ...entry, seq: (head?.seq ?? 0) + 1, previous: head?.hash ?? "" };
  return { ...open, hash: digestOf(open) };
}

/** Why a link does not follow the one before, or undefined. */
export function brokenAt(before: Pick<Link, "seq" | "hash"> | undefined, link: Link): string | undefined {
  const { hash, ...open } = link;
  const expected = (before?.seq ?? 0) + 1;
  if (link.seq > expected) return `record ${expected} is missing: where it should be, ${link.seq} stands`;
  if (link.seq < expected) return `record ${link.seq} stands where record ${expected} should be`;
  if (digestOf(open) !== hash) return `record ${link.seq} was changed: it does not have the hash that it says`;
  return link.previous === (before?.hash ?? "")
    ? undefined
    : `record ${link.seq} does not follow the record before it: one of them was replaced`;
}
