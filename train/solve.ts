import { CholeskyDecomposition, Matrix } from "ml-matrix";

/** A function to minimise: its value, gradient and Hessian (row by row) at a point. */
export interface Look {
  readonly value: number;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

const STEPS = 60;
/** Of the value: what a step must promise to be worth it. */
const CLOSE = 1e-9;

/** Newton's method with halving steps, for a smooth convex function. Deterministic. */
export function minimise(size: number, lookAt: (point: Float64Array) => Look): Float64Array {
  let point = new Float64Array(size);
  let look = lookAt(point);
  for (let step = 0; step < STEPS; step += 1) {
    const direction = solve(look.hessian, look.gradient);
    const slope = direction.reduce((sum, value, index) => sum + value * (look.gradient[index] ?? 0), 0);
    if (slope < CLOSE * (1 + Math.abs(look.value))) return point;
    for (let length = 1; ; length /= 2) {
      const next = point.map((value, index) => value - length * (direction[index] ?? 0));
      const there = lookAt(next);
      if (there.value <= look.value - 1e-4 * length * slope) {
        [point, look] = [next, there];
        break;
      }
      if (length < 1e-8) return point;
    }
  }
  return point;
}

function solve(hessian: Float64Array, gradient: Float64Array): Float64Array {
  const size = gradient.length;
  const matrix = Matrix.from1DArray(size, size, hessian);
  for (let index = 0; index < size; index += 1) matrix.set(index, index, matrix.get(index, index) + 1e-9);
  return Float64Array.from(new CholeskyDecomposition(matrix).solve(Matrix.columnVector(gradient)).to1DArray());
}
