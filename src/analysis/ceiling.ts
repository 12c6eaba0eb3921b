import type { Instant } from "#domain/workload.ts";
import type { Point } from "#domain/sample.ts";
import { between, valueAt } from "./series.ts";

const LOOK_BACK_MS = 5 * 60_000;
/** A slower climb than this a minute is no climb that a date can be given for (2 %). */
const LEAST_LOG_A_MINUTE = 0.02;

/** When a count reaches its ceiling if it goes on growing by the factor of the last five minutes. Undefined when it does not grow, or is there. */
export function ceilingAt(points: readonly Point[], ceiling: number, now: Instant): Instant | undefined {
  const value = valueAt(points, now);
  const before = valueAt(points, now - LOOK_BACK_MS) ?? between(points, now - LOOK_BACK_MS, now)[0]?.value;
  const first = between(points, now - LOOK_BACK_MS, now)[0];
  if (value === undefined || before === undefined || first === undefined || before < 1 || value >= ceiling) return undefined;
  const elapsed = valueAt(points, now - LOOK_BACK_MS) === undefined ? now - first.at : LOOK_BACK_MS;
  if (elapsed < 60_000) return undefined;
  const growth = Math.log(value / before) / elapsed;
  return growth * 60_000 >= LEAST_LOG_A_MINUTE ? Math.round(now + Math.log(ceiling / value) / growth) : undefined;
}
