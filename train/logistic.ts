import { minimise } from "./solve.ts";

/** Rows of numbers, one after another. */
export interface Table {
  readonly width: number;
  readonly rows: number;
  readonly values: Float64Array;
}

/** Mean and standard deviation of each column; a column that never changes has deviation 1. */
export interface Scale {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/** Measures the columns of a table; values that are not numbers are passed over. */
export function scaleOf({ width, values }: Table): Scale {
  const counts = new Float64Array(width);
  const means = new Float64Array(width);
  const squares = new Float64Array(width);
  for (const [at, value] of values.entries()) if (!Number.isNaN(value)) add(counts, at % width, 1);
  for (const [at, value] of values.entries()) if (!Number.isNaN(value)) add(means, at % width, value / (counts[at % width] ?? 1));
  for (const [at, value] of values.entries())
    if (!Number.isNaN(value)) add(squares, at % width, (value - (means[at % width] ?? 0)) ** 2 / (counts[at % width] ?? 1));
  return { means, deviations: squares.map((square) => (square > 1e-12 ? Math.sqrt(square) : 1)) };
}

/** The same table with each column at mean 0 and deviation 1; what is not a number becomes the mean. */
export function scaled(table: Table, { means, deviations }: Scale): Table {
  const { width } = table;
  const values = table.values.map((value, at) =>
    Number.isNaN(value) ? 0 : (value - (means[at % width] ?? 0)) / (deviations[at % width] ?? 1),
  );
  return { ...table, values };
}

function add(to: Float64Array, at: number, what: number): void {
  to[at] = (to[at] ?? 0) + what;
}

/**
 * Ridge logistic regression: weights a standard deviation, by Newton's method. `penalty` is the ridge on each weight (not on
 * the bias) against the sum of log losses.
 */
export function fitLogistic(table: Table, labels: Uint8Array, penalty: number): Float64Array {
  const { width, rows, values } = table;
  const size = width + 1;
  return minimise(size, (point) => {
    const gradient = new Float64Array(size);
    const hessian = new Float64Array(size * size);
    let value = 0;
    for (let column = 0; column < width; column += 1) {
      const weight = point[column] ?? 0;
      value += (penalty * weight * weight) / 2;
      gradient[column] = penalty * weight;
      hessian[column * size + column] = penalty;
    }
    const row = new Float64Array(size);
    row[width] = 1;
    for (let index = 0; index < rows; index += 1) {
      row.set(values.subarray(index * width, (index + 1) * width));
      const score = dot(row, point);
      const chance = 1 / (1 + Math.exp(-score));
      const label = labels[index] ?? 0;
      value += Math.log1p(Math.exp(-Math.abs(score))) + Math.max(score, 0) - label * score;
      addScaled(gradient, row, chance - label);
      addOuter(hessian, row, chance * (1 - chance));
    }
    mirror(hessian, size);
    return { value, gradient, hessian };
  });
}

/** Sum of products. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

/** `to += factor * what` */
export function addScaled(to: Float64Array, what: Float64Array, factor: number): void {
  for (let index = 0; index < what.length; index += 1) to[index] = (to[index] ?? 0) + factor * (what[index] ?? 0);
}

/** Adds factor x row x row' to the lower half of a square matrix. */
export function addOuter(matrix: Float64Array, row: Float64Array, factor: number): void {
  const size = row.length;
  for (let i = 0; i < size; i += 1) {
    const part = factor * (row[i] ?? 0);
    if (part === 0) continue;
    for (let j = 0; j <= i; j += 1) matrix[i * size + j] = (matrix[i * size + j] ?? 0) + part * (row[j] ?? 0);
  }
}

/** Copies the lower half of a square matrix to the upper. */
export function mirror(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i += 1) for (let j = 0; j < i; j += 1) matrix[j * size + i] = matrix[i * size + j] ?? 0;
}
