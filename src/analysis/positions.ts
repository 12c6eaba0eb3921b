import type { Landing } from "#domain/change.ts";

/** Where a commit stands among the landings, by the start of its sha. */
export type Positions = (sha: string | undefined) => number | undefined;

const SHORTEST_SHA = 7;

/** Creates them: each look-up takes the same time however many there are. */
export function positionsIn(landings: readonly Landing[]): Positions {
  const byStart = new Map<string, number[]>();
  for (const [index, { sha }] of landings.entries()) {
    const start = sha.slice(0, SHORTEST_SHA);
    const known = byStart.get(start);
    if (known) known.push(index);
    else byStart.set(start, [index]);
  }
  return (sha) =>
    sha === undefined
      ? undefined
      : byStart.get(sha.slice(0, SHORTEST_SHA))?.find((index) => landings[index]?.sha.startsWith(sha));
}
