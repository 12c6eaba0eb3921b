import type { Instant } from "#domain/workload.ts";
import type { Point } from "#domain/sample.ts";
import { between, valueAt } from "./series.ts";

const LOOK_BACK_MS = 5 * 60_000;
/** Less than a minute tells no trend. */
const LEAST_MS = 60_000;
/** A slower climb than this a minute is no climb that a date can be given for (2 %). */
const LEAST_LOG_A_MINUTE = 0.02;

/**
 * When a count reaches its ceiling if it goes on growing by the factor of the last five minutes, or of the part of them in which it
 * grew: calm before a climb says nothing about its pace. Undefined when it does not grow, or is there.
 */
export function ceilingAt(points: readonly Point[], ceiling: number, now: Instant): Instant | undefined {
  const value = valueAt(points, now);
  const from = startOf(points, now - LOOK_BACK_MS, now);
  if (value === undefined || from === undefined || value >= ceiling || now - from.at < LEAST_MS) return undefined;
  const growth = Math.log(value / from.value) / (now - from.at);
  return growth * 60_000 >= LEAST_LOG_A_MINUTE ? Math.round(now + Math.log(ceiling / value) / growth) : undefined;
}

/** The count that held at a moment, or the first known after it; at the last moment at which it still held, a minute ago at the latest. */
function startOf(points: readonly Point[], at: Instant, until: Instant): Point | undefined {
  const held = valueAt(points, at);
  const known = between(points, at, until);
  const start = held === undefined ? known[0] : { at, value: held };
  if (!start || start.value < 1) return undefined;
  const rise = known.findIndex((point) => point.value > start.value);
  const flat = rise < 0 ? undefined : known[rise - 1];
  return { value: start.value, at: Math.max(start.at, Math.min(flat?.at ?? start.at, until - LEAST_MS)) };
}
