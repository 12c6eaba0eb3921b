import type { AutoscalerStatus } from "./hpa-kinds.ts";
import type { Reason } from "./hpa-limits.ts";
import type { Condition } from "./kinds.ts";
import { toTime } from "./world.ts";

/** Conditions with one set; its time moves only with its status. */
export function setCondition(
  conditions: readonly Condition[],
  type: string,
  status: "True" | "False",
  [reason, message]: Reason,
  now: number,
): readonly Condition[] {
  const last = conditions.find((condition) => condition.type === type);
  const lastTransitionTime = last?.status === status ? last.lastTransitionTime : toTime(now);
  const next = { type, status, lastTransitionTime, reason, message };
  return last ? conditions.map((condition) => (condition === last ? next : condition)) : [...conditions, next];
}

/** `status.currentMetrics` when CPU was read. */
export function cpuMetric(utilization: number, averageMilli: number): readonly unknown[] {
  const averageValue = averageMilli % 1000 === 0 ? String(averageMilli / 1000) : `${averageMilli}m`;
  return [{ type: "Resource", resource: { name: "cpu", current: { averageUtilization: utilization, averageValue } } }];
}

/** `status.currentMetrics` when a metric of type Pods was read. */
export function inFlightMetric(name: string, averageMilli: number): readonly unknown[] {
  return [{ type: "Pods", pods: { metric: { name }, current: { averageValue: `${averageMilli}m` } } }];
}

/** A status, whose time of scaling moves only when it scaled. */
export function nextStatus(
  last: AutoscalerStatus | undefined,
  next: {
    readonly current: number;
    readonly desired: number;
    readonly metrics: readonly unknown[] | null;
    readonly scaled: boolean;
  },
  conditions: readonly Condition[],
  now: number,
): AutoscalerStatus {
  const lastScaleTime = next.scaled ? toTime(now) : last?.lastScaleTime;
  return {
    currentReplicas: next.current,
    desiredReplicas: next.desired,
    ...(lastScaleTime === undefined ? {} : { lastScaleTime }),
    currentMetrics: next.metrics,
    conditions,
  };
}
