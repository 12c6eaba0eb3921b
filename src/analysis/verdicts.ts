import type { Verdict } from "#domain/verdict.ts";

/** As if so many verdicts had come out as foretold: few real ones move little. */
const PSEUDO = 10;
/** No workspace can switch a kind off, or let it decide alone. */
const LEAST = 0.5;
const MOST = 2;

/** How a kind of evidence fared. */
export interface Fared {
  /** Verdicts on suspects that it spoke for or against. */
  readonly verdicts: number;
  /** How often the verdict was on its side. */
  readonly right: number;
  /** How often it should have been, by the chances that were told. */
  readonly expected: number;
  /** What its weight is multiplied by. */
  readonly factor: number;
}

/**
 * What verdicts say of each kind of evidence that spoke for or against judged suspects: (right + 10) / (expected + 10), from 0.5 to 2. A
 * kind that was on the verdict's side more often than foretold counts more, one that was less often counts less. It is a sum over verdicts: their
 * order does not matter, and one that is taken back leaves nothing behind.
 */
export function faredOf(verdicts: readonly Verdict[]): ReadonlyMap<string, Fared> {
  const sums = new Map<string, { verdicts: number; right: number; expected: number }>();
  for (const { right, probability, evidence } of verdicts)
    for (const [kind, spokeFor] of new Map(evidence.map((one) => [one.kind, one.for]))) {
      const sum = sums.get(kind) ?? { verdicts: 0, right: 0, expected: 0 };
      const chance = Math.min(1, Math.max(0, probability));
      sum.verdicts += 1;
      sum.right += right === spokeFor ? 1 : 0;
      sum.expected += spokeFor ? chance : 1 - chance;
      sums.set(kind, sum);
    }
  return new Map([...sums].map(([kind, sum]) => [kind, { ...sum, factor: factorOf(sum) }]));
}

/** The factors alone, as `rank` takes them. */
export function factorsOf(verdicts: readonly Verdict[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...faredOf(verdicts)].map(([kind, { factor }]) => [kind, factor]));
}

function factorOf({ right, expected }: { readonly right: number; readonly expected: number }): number {
  return Math.min(MOST, Math.max(LEAST, (right + PSEUDO) / (expected + PSEUDO)));
}
