import type { Course } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import type { Point } from "#domain/sample.ts";

/** The slope is that of so many milliseconds before somebody acted. */
const BACK_MS = 10 * 60_000;

/** How the count was moving when somebody first acted on it; undefined where it was not rising, or nobody saw it for a minute at least. */
export function courseOf(replicas: readonly Point[], at: Instant, ceiling: number | undefined): Course | undefined {
  const seen = replicas.filter((point) => point.at > at - BACK_MS && point.at <= at && Number.isFinite(point.value));
  const [first] = seen;
  const last = seen.at(-1);
  if (!first || !last || last.at - first.at < 60_000) return undefined;
  const perMinute = ((last.value - first.value) / (last.at - first.at)) * 60_000;
  return perMinute > 0 ? { at, replicas: last.value, perMinute, ...(ceiling !== undefined && { most: ceiling }) } : undefined;
}

/** An estimate: where the count would be now, had it gone on in a straight line; no higher than ceiling and quota let it. */
export function expectedAt({ at, replicas, perMinute, most = Infinity }: Course, now: Instant): number {
  return Math.round(Math.min(most, replicas + (perMinute * Math.max(0, now - at)) / 60_000));
}
