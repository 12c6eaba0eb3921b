import type { Verdict } from "#domain/verdict.ts";

/** As if so many verdicts had come out as foretold: few real ones move little. */
const PSEUDO = 10;
/** No workspace can switch a kind off, or let it decide alone. */
const LEAST = 0.5;
const MOST = 2;

/** How a kind of evidence fared. */
export interface Fared {
  /** Verdicts on suspects that it spoke for. */
  readonly verdicts: number;
  readonly right: number;
  /** How many of them should have been right, by the chances that were told. */
  readonly expected: number;
  /** What its weight is multiplied by. */
  readonly factor: number;
}

/**
 * What verdicts say of each kind of evidence that spoke for judged suspects: (right + 10) / (expected + 10), from 0.5 to 2. A kind whose
 * suspects are right more often than told counts more, one whose suspects are right less often counts less. It is a sum over verdicts: their order does
 * not matter, and one that is taken back leaves nothing behind.
 */
export function faredOf(verdicts: readonly Verdict[]): ReadonlyMap<string, Fared> {
  const sums = new Map<string, { verdicts: number; right: number; expected: number }>();
  for (const { right, probability, evidence } of verdicts)
    for (const kind of new Set(evidence.filter((one) => one.for).map((one) => one.kind))) {
      const sum = sums.get(kind) ?? { verdicts: 0, right: 0, expected: 0 };
      sum.verdicts += 1;
      sum.right += right ? 1 : 0;
      sum.expected += Math.min(1, Math.max(0, probability));
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
