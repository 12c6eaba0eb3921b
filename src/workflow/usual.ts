import type { Instant } from "#domain/workload.ts";
import type { Point, Signals } from "#domain/sample.ts";
import type { Usual } from "#domain/incident.ts";
import { median } from "#analysis/series.ts";

/** The seconds before the count began to climb belong to the cause, not to normal. */
const guardMs = 5 * 60_000;

/** Medians of what was measured before a climb began; absent where nothing was. */
export function usualSignals(
  signals: Signals,
  startedAt: Instant,
): Pick<Usual, "requestsPerSecond" | "latencySeconds" | "errorShare" | "cpuCores" | "costPerRequest"> {
  const before = (points: readonly Point[]) => {
    const early = points.filter((point) => point.at <= startedAt - guardMs);
    return (early.length >= 3 ? early : points.filter((point) => point.at <= startedAt)).map((point) => point.value);
  };
  const requestsPerSecond = median(before(signals.requestsPerSecond));
  const cpuCores = median(before(signals.cpuCores));
  return {
    requestsPerSecond,
    latencySeconds: median(before(signals.latencySeconds)),
    errorShare: median(before(signals.errorShare ?? [])),
    cpuCores,
    costPerRequest: costPerRequest(cpuCores, requestsPerSecond),
  };
}

/** CPU seconds a request, or undefined where one of both is unknown or there is no traffic. */
function costPerRequest(cpuCores: number | undefined, requestsPerSecond: number | undefined): number | undefined {
  return cpuCores !== undefined && requestsPerSecond ? cpuCores / requestsPerSecond : undefined;
}
