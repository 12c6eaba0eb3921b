import type { Instant } from "#domain/workload.ts";

/** When things happened, by name; moments are kept sorted. */
export interface Tally {
  note(name: string, at: Instant): void;
  /** How often at or after a moment. */
  since(name: string, from: Instant): number;
  last(name: string): Instant | undefined;
  /** Forgets what is older. */
  forget(before: Instant): void;
}

/** An empty one. */
export function createTally(): Tally {
  const moments = new Map<string, Instant[]>();
  return {
    note: (name, at) => {
      const known = moments.get(name);
      if (!known) moments.set(name, [at]);
      else if (at >= (known.at(-1) ?? 0)) known.push(at);
      else known.splice(firstAt(known, at), 0, at);
    },
    since: (name, from) => {
      const known = moments.get(name);
      return known ? known.length - firstAt(known, from) : 0;
    },
    last: (name) => moments.get(name)?.at(-1),
    forget: (before) => {
      for (const [name, known] of moments) {
        const kept = firstAt(known, before);
        if (kept === known.length) moments.delete(name);
        else if (kept > 0) known.splice(0, kept);
      }
    },
  };
}

/** Index of the first moment at or after `from`. */
function firstAt(moments: readonly Instant[], from: Instant): number {
  let low = 0;
  let high = moments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((moments[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
