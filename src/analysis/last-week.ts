import type { Instant } from "#domain/workload.ts";
import type { Point } from "#domain/sample.ts";
import { between, medianBetween } from "./series.ts";

const MINUTE = 60_000;
export const WEEK_MS = 7 * 24 * 60 * MINUTE;
/** The level before: from two hours to a quarter of an hour before the same moment; */
const BEFORE = [120 * MINUTE, 15 * MINUTE] as const;
/** and the climb: half an hour to each side of it. */
const AROUND = 30 * MINUTE;
/** Readings that a highest one needs beside it: a single point is no climb. */
const LEAST_POINTS = 3;

/**
 * How many times its level the count was around the same moment a week before the onset; undefined where nobody knows. The third-highest reading counts as
 * the height, so that a single odd one does not.
 */
export function climbLastWeek(replicas: readonly Point[], onsetAt: Instant): number | undefined {
  const then = onsetAt - WEEK_MS;
  const before = medianBetween(replicas, then - BEFORE[0], then - BEFORE[1]);
  const around = between(replicas, then - AROUND, then + AROUND).map((point) => point.value);
  const height = around.toSorted((a, b) => b - a)[LEAST_POINTS - 1];
  return before === undefined || before <= 0 || height === undefined ? undefined : height / before;
}
