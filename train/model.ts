import type { NoneWeights, Weight } from "#analysis/weights.ts";
import { type Choice, fitChoices } from "./conditional.ts";
import { type Scale, type Table, fitLogistic, scaleOf, scaled } from "./logistic.ts";
import type { Features } from "#analysis/evidence/scene.ts";
import type { Case } from "./cases.ts";
import type { Landed } from "./risk.ts";

/** What training can be told. */
export interface Settings {
  /** Ridge of the risk of landings, of the weights in incidents, and of none's. */
  readonly riskPenalty: number;
  readonly penalty: number;
  readonly nonePenalty: number;
  /** Failures found within the hour count so much: whoever landed it is still looking, and the last change is a good guess. */
  readonly earlyImportance: number;
  /** Features that are left out. */
  readonly without?: ReadonlySet<string>;
}

export const settings: Settings = { riskPenalty: 100, penalty: 25, nonePenalty: 0.1, earlyImportance: 0.15 };

/** Weights by feature of how often landings like it were taken back: log-odds a unit. */
export type Risk = Readonly<Record<string, Weight>>;

/** Fits the risk on landings. */
export function fitRisk(landed: readonly Landed[], { riskPenalty, without }: Settings): Risk {
  const names = namesOf(landed.slice(-1_000).map((one) => one.features)).filter((name) => !without?.has(name));
  const known = landed.filter(({ features }) => "authorLandings" in features);
  const table = tableOf(
    known.map((one) => one.features),
    names,
  );
  const scale = scaleOf(table);
  const weights = fitLogistic(
    scaled(table, scale),
    Uint8Array.from(known, (one) => (one.failed ? 1 : 0)),
    riskPenalty,
  );
  return Object.fromEntries(
    names.map((name, at) => [name, { weight: (weights[at] ?? 0) / (scale.deviations[at] ?? 1), mean: scale.means[at] ?? 0 }]),
  );
}

/** What a landing's features come to. */
function riskOf(features: Features, risk: Risk): number {
  let sum = 0;
  for (const [name, { weight, mean }] of Object.entries(risk)) sum += weight * ((features[name] ?? mean) - mean);
  return sum;
}

/** Fits the weights of one state of knowledge on incidents. */
export function fitIncidents(
  cases: readonly Case[],
  risk: Risk,
  use: Settings,
): { features: Record<string, Weight>; none: NoneWeights } {
  const names = namesOf(cases.flatMap((one) => one.context)).filter((name) => !use.without?.has(name));
  const width = names.length + 1;
  // What nobody can say of a candidate counts as the mean: it stays NaN until the means are known.
  const rows = cases.map((one) =>
    one.context.map((features, at) =>
      Float64Array.from([...names.map((name) => features[name] ?? NaN), riskOf(one.risk[at] ?? {}, risk)]),
    ),
  );
  const scale = scaleOf(tableFrom(rows.flat(), width));
  const choices = cases.map((one, at): Choice => ({
    rows: (rows[at] ?? []).map((row) => scaled({ width, rows: 1, values: row }, scale).values),
    none: noneRow(one),
    answer: one.answer,
    importance: one.importance * (one.answer >= 0 && (one.lagMinutes ?? Infinity) < 60 ? use.earlyImportance : 1),
  }));
  const point = fitChoices(choices, use.penalty, use.nonePenalty);
  const [bias = 0, candidates = 0, noService = 0, service = 0] = point.subarray(width);
  const share = weightAt(point, scale, names.length);
  const features: Record<string, Weight> = {};
  for (const [at, name] of names.entries()) features[name] = weightAt(point, scale, at);
  for (const [name, one] of Object.entries(risk)) features[name] = { weight: one.weight * share.weight, mean: one.mean };
  // Features of risk count from their means over all landings, not over candidates: none moves by the difference.
  return { features, none: { bias: bias + share.weight * share.mean, candidates, noService, service } };
}

/** What none is judged by: see `NoneWeights`. */
function noneRow({ candidates, ofService }: Pick<Case, "candidates" | "ofService">): Float64Array {
  return Float64Array.from([1, Math.log(Math.max(1, candidates.length)), ofService === 0 ? 1 : 0, Math.log1p(ofService)]);
}

function weightAt(point: Float64Array, { means, deviations }: Scale, at: number): Weight {
  return { weight: (point[at] ?? 0) / (deviations[at] ?? 1), mean: means[at] ?? 0 };
}

function namesOf(all: readonly Features[]): string[] {
  const names = new Set<string>();
  for (const features of all) for (const name in features) names.add(name);
  return [...names].toSorted();
}

function tableOf(all: readonly Features[], names: readonly string[]): Table {
  const values = new Float64Array(all.length * names.length);
  for (const [row, features] of all.entries())
    for (const [column, name] of names.entries()) values[row * names.length + column] = features[name] ?? 0;
  return { width: names.length, rows: all.length, values };
}

function tableFrom(rows: readonly Float64Array[], width: number): Table {
  const values = new Float64Array(rows.length * width);
  for (const [at, row] of rows.entries()) values.set(row, at * width);
  return { width, rows: rows.length, values };
}
