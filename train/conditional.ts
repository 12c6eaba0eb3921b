import { addOuter, addScaled, dot, mirror } from "./logistic.ts";
import { minimise } from "./solve.ts";

/** An incident with its candidates, ready to be fitted. */
export interface Choice {
  /** A row a candidate, scaled. */
  readonly rows: readonly Float64Array[];
  /** What "none" is judged by. */
  readonly none: Float64Array;
  /** Index of the culprit; -1: none. */
  readonly answer: number;
  readonly importance: number;
}

/**
 * Conditional logit over the candidates of each incident and "none" (McFadden 1974), with a ridge: weights of a candidate's
 * row first, then of none's.
 */
export function fitChoices(choices: readonly Choice[], penalty: number, nonePenalty: number): Float64Array {
  const width = choices[0]?.rows[0]?.length ?? 0;
  const noneWidth = choices[0]?.none.length ?? 0;
  const size = width + noneWidth;
  return minimise(size, (point) => {
    const gradient = point.map((weight, index) => weight * (index < width ? penalty : nonePenalty));
    let value = point.reduce((sum, weight, index) => sum + ((index < width ? penalty : nonePenalty) * weight * weight) / 2, 0);
    const hessian = new Float64Array(size * size);
    for (let index = 0; index < size; index += 1) hessian[index * size + index] = index < width ? penalty : nonePenalty;
    for (const choice of choices) value += addChoice(choice, point, gradient, hessian);
    mirror(hessian, size);
    return { value, gradient, hessian };
  });
}

/** Chances of the candidates, and last of none. */
function chancesOf({ rows, none }: Pick<Choice, "rows" | "none">, point: Float64Array): Float64Array {
  const width = rows[0]?.length ?? 0;
  const weights = point.subarray(0, width);
  const scores = Float64Array.from([...rows.map((row) => dot(row, weights)), dot(none, point.subarray(width))]);
  const highest = scores.reduce((high, score) => Math.max(high, score), -Infinity);
  const total = scores.reduce((sum, score) => sum + Math.exp(score - highest), 0);
  return scores.map((score) => Math.exp(score - highest) / total);
}

/** Adds one incident's part of the gradient and the lower Hessian; returns its part of the loss. */
function addChoice(choice: Choice, point: Float64Array, gradient: Float64Array, hessian: Float64Array): number {
  const { rows, none, answer, importance } = choice;
  const size = gradient.length;
  const chances = chancesOf(choice, point);
  const mean = new Float64Array(size);
  const extended = new Float64Array(size);
  for (const [index, chance] of chances.entries()) {
    const row = rows[index];
    extended.fill(0);
    if (row) extended.set(row);
    else extended.set(none, size - none.length);
    addScaled(mean, extended, chance);
    addOuter(hessian, extended, importance * chance);
    if (index === (answer < 0 ? rows.length : answer)) addScaled(gradient, extended, -importance);
  }
  addScaled(gradient, mean, importance);
  addOuter(hessian, mean, -importance);
  return -importance * Math.log(Math.max(1e-300, chances[answer < 0 ? rows.length : answer] ?? 0));
}
