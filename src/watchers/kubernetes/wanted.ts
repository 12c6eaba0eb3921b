import type { KubeHpa, KubeMetric, MetricValue } from "#clients/kubernetes/objects.ts";
import { findQuantity } from "#clients/kubernetes/quantity.ts";

/**
 * The highest count that any metric of an HPA asks for, ceil(current x metric / target), as its controller works it out before it
 * clamps to the bounds (kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale, "Algorithm details"). Undefined while
 * no metric is known. Pure.
 */
export function findWanted({ spec, status }: KubeHpa): number | undefined {
  const running = status?.currentReplicas ?? 0;
  if (running === 0) return undefined;
  const counts = (spec.metrics ?? []).flatMap((wanted) => {
    const target = sourceOf(wanted)?.target;
    const current = status?.currentMetrics?.find((metric) => nameOf(metric) === nameOf(wanted));
    const value = current && target && countOf(running, sourceOf(current)?.current, target);
    return value === undefined ? [] : [value];
  });
  return counts.length === 0 ? undefined : Math.max(...counts);
}

function sourceOf(metric: KubeMetric) {
  return metric.resource ?? metric.containerResource ?? metric.pods ?? metric.object ?? metric.external;
}

function nameOf(metric: KubeMetric): string {
  const container = metric.containerResource?.container ?? "";
  const source = sourceOf(metric);
  return [metric.type, container, source && ("name" in source ? source.name : source.metric?.name)].join("/");
}

/** All targets are shares or means a pod, except `Value`, which scales by its ratio: the same product. */
function countOf(running: number, current: MetricValue | undefined, target: MetricValue): number | undefined {
  const pairs = [
    [current?.averageUtilization, target.averageUtilization],
    [findQuantity(current?.averageValue), findQuantity(target.averageValue)],
    [findQuantity(current?.value), findQuantity(target.value)],
  ] as const;
  for (const [is, should] of pairs)
    if (is !== undefined && should !== undefined && should > 0) return Math.ceil((running * is) / should - 1e-9);
  return undefined;
}
