import type { Candidate } from "#analysis/correlate.ts";
import { tokensOf } from "#analysis/past/tokens.ts";
import { type Seen, seeAll } from "./seen.ts";
import { countHolders } from "./said-words.ts";

const SYMPTOM_READ = 10_000;

/** The candidates seen together. */
export interface Survey {
  of(candidate: Candidate): Seen | undefined;
  /** Landings among them, and those that touch the service. */
  readonly landings: number;
  readonly ofService: number;
  /**
   * Words of the symptom, and how rare each is among the candidates: the logarithm of one over the share that holds it. Empty where nobody
   * said what was seen.
   */
  readonly symptom: ReadonlyMap<string, number>;
}

/**
 * Looks at all candidates once: later ones first, so that each sees what came after it. `names` are of the service itself: that
 * a change speaks of it, its paths tell better.
 */
export function surveyOf(
  candidates: readonly Candidate[],
  own: readonly string[],
  symptom = "",
  names: readonly string[] = [],
): Survey {
  const landings = candidates.flatMap(({ landing }) => landing ?? []);
  const said = new Set(tokensOf(symptom.slice(0, SYMPTOM_READ)));
  for (const word of tokensOf(names.join(" "))) said.delete(word);
  const seen = seeAll(landings, own, said);
  const all = [...seen.values()];
  const holders = countHolders(all);
  const rarityOf = (word: string) => Math.log((landings.length + 1) / ((holders.get(word) ?? 0) + 0.5));
  return {
    of: (candidate) => seen.get(candidate.id),
    landings: landings.length,
    ofService: all.filter(({ files }) => files.own > 0).length,
    symptom: new Map([...said].map((word) => [word, rarityOf(word)])),
  };
}
