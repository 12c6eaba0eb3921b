import type { Point, Signals } from "#domain/sample.ts";
import { quotient } from "./series.ts";

/** Requests are a rate over the last minute; CPU is a reading of the moment. */
export const RATE_WINDOW_MS = 60_000;

/**
 * CPU seconds a request. CPU is averaged over the same minute as the rate: otherwise a sudden surge looks like dearer
 * requests until the rate has caught up.
 */
export function costSeries({ cpuCores, requestsPerSecond }: Pick<Signals, "cpuCores" | "requestsPerSecond">): Point[] {
  return quotient(trailingMean(cpuCores, RATE_WINDOW_MS), requestsPerSecond);
}

/** Mean over the stretch before each point, as the area under straight lines between points. */
function trailingMean(points: readonly Point[], windowMs: number): Point[] {
  const known = points.filter((point) => Number.isFinite(point.value));
  let first = 0;
  return known.map((point, index) => {
    while ((known[first]?.at ?? point.at) < point.at - windowMs) first += 1;
    let area = 0;
    for (let step = first; step < index; step += 1) area += trapezoid(known[step] ?? point, known[step + 1] ?? point);
    const ms = point.at - (known[first]?.at ?? point.at);
    return { at: point.at, value: ms > 0 ? area / ms : point.value };
  });
}

function trapezoid(from: Point, to: Point): number {
  return ((from.value + to.value) / 2) * (to.at - from.at);
}
