import type { Instant } from "#domain/workload.ts";
import type { Signals } from "#domain/sample.ts";
import type { Spike } from "#domain/spike.ts";
import type { Usual } from "#domain/incident.ts";
import { costSeries } from "./cost.ts";
import { medianBetween } from "./series.ts";

/** How much of a climb is traffic, and how much is what a request costs: factors over usual around detection. Undefined: unknown. */
export interface Load {
  readonly requests?: number;
  readonly cost?: number;
  readonly replicas: number;
}

const MINUTE = 60_000;

/** Compares the last minutes with normal. Normal is given, or the median of the two hours before the climb. */
export function loadOf(
  spike: Spike,
  signals: Signals,
  onsetAt: Instant,
  usual: Pick<Usual, "requestsPerSecond" | "costPerRequest"> | undefined,
  now: Instant,
): Load {
  const until = Math.min(now, spike.detectedAt + 3 * MINUTE);
  const before = Math.min(onsetAt, spike.startedAt) - MINUTE;
  const cost = costSeries(signals);
  return {
    requests: factor(
      recent(signals.requestsPerSecond, until),
      medianBetween(signals.requestsPerSecond, -Infinity, before) ?? usual?.requestsPerSecond,
    ),
    cost: factor(recent(cost, until), medianBetween(cost, -Infinity, before) ?? usual?.costPerRequest),
    replicas: spike.ratio,
  };
}

/** The last minute and a half, so that a climb of minutes is not averaged away. */
function recent(points: Signals["replicas"], until: Instant): number | undefined {
  return medianBetween(points, until - 1.5 * MINUTE, until) ?? medianBetween(points, until - 4 * MINUTE, until);
}

function factor(value: number | undefined, usual: number | undefined): number | undefined {
  return value === undefined || usual === undefined || usual <= 0 ? undefined : value / usual;
}

/** Share of the climb (in logarithms) that requests explain, 0 to 1; undefined where requests or cost are unknown. */
export function trafficShare({ requests, cost }: Load): number | undefined {
  if (requests === undefined || cost === undefined) return undefined;
  const byRequests = Math.max(0, Math.log(requests));
  const byCost = Math.max(0, Math.log(cost));
  return byRequests + byCost < Math.log(1.2) ? undefined : byRequests / (byRequests + byCost);
}
