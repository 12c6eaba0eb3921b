import { count } from "#analysis/words.ts";

/** A probability as whole percent, never 0 or 100: nobody is that sure. */
export function percent(probability: number): string {
  return `${Math.min(99, Math.max(1, Math.round(probability * 100)))} %`;
}

/** `340 ms`, `1.2 s`. */
export function seconds(value: number): string {
  return value < 1 ? `${count(value * 1_000)} ms` : `${count(value)} s`;
}
