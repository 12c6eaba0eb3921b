import type { Features } from "./evidence/scene.ts";
import type { Ownership } from "#domain/ownership.ts";
import learnt from "./weights.json" with { type: "json" };

/**
 * How well it is known where the service's code lies. `known`: configuration or an annotation says so. `hint`: a guess, right in
 * about 70 of 100 cases. `unknown`: nobody knows.
 */
export type Knowledge = "known" | "hint" | "unknown";

/** One feature's weight: log-odds a unit, counted from its mean over all landings that it was learnt from. */
export interface Weight {
  readonly weight: number;
  readonly mean: number;
}

/** "No change did it", in log-odds against an average landing, where only landings are known. */
export interface NoneWeights {
  readonly bias: number;
  /** A unit of the logarithm of the number of candidates. */
  readonly candidates: number;
  /** No candidate touches the service. */
  readonly noService: number;
  /** A unit of log(1 + candidates that touch the service). */
  readonly service: number;
}

/** All that training writes: weights by feature, for each state of knowledge. */
export interface Weights {
  readonly features: Readonly<Record<Knowledge, Readonly<Record<string, Weight>>>>;
  readonly none: Readonly<Record<Knowledge, NoneWeights>>;
}

/** The weights that `npm run train` wrote. */
export const learntWeights: Weights = learnt;

/** What features come to: the sum of weight x (value - mean). Features that nothing was learnt about count nothing. */
export function weigh(features: Features, weights: ReadonlyMap<string, Weight>): number {
  let sum = 0;
  for (const name in features) {
    const known = weights.get(name);
    if (known) sum += known.weight * ((features[name] ?? 0) - known.mean);
  }
  return sum;
}

/** How well an owner's paths are known. */
export function knowledgeOf({ from, paths }: Ownership): Knowledge {
  if (paths.length === 0) return "unknown";
  return from === "configuration" || from === "annotation" ? "known" : "hint";
}
