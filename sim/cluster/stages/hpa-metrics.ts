import { type PodGroup, type PodGroups, proposeReplicas, type Proposal, toleranceOf } from "./hpa-formula.ts";
import { type Autoscaler, inFlight, targetInFlightMilli, targetUtilization } from "./hpa-kinds.ts";
import { cpuUsage, groupPods, inFlightUsage } from "./hpa-pods.ts";
import { cpuMetric, inFlightMetric } from "./hpa-status.ts";
import type { Deployment } from "./kinds.ts";
import type { World } from "./world.ts";

/** What an autoscaler goes by: how the controller calls it, the count that it asks for, and how the status shows it. */
interface Metric {
  readonly name: string;
  readonly proposal: Proposal;
  readonly show: (measured: Extract<Proposal, { readonly kind: "count" }>) => readonly unknown[];
}

/** The metric of an autoscaler at `now`: requests in flight a pod where it names them, CPU as a share of the request otherwise. */
export function metricOf(world: World, autoscaler: Autoscaler, target: Deployment, now: number): Metric {
  const wanted = targetInFlightMilli(autoscaler);
  return wanted === undefined ? cpuOf(world, autoscaler, target, now) : inFlightOf(world, autoscaler, target, wanted, now);
}

function cpuOf(world: World, autoscaler: Autoscaler, target: Deployment, now: number): Metric {
  return {
    name: "cpu resource utilization (percentage of request)",
    proposal: proposeByCpu(world, autoscaler, target, now),
    show: ({ utilization, averageMilli }) => cpuMetric(utilization, averageMilli),
  };
}

function proposeByCpu(world: World, autoscaler: Autoscaler, target: Deployment, now: number): Proposal {
  const percent = targetUtilization(autoscaler);
  if (percent === undefined) return { kind: "unknown", why: "unable to get metric: no metrics returned from the metrics API" };
  const groups = groupPods(world, target, now, cpuUsage);
  if ("withoutRequest" in groups) {
    const { spec, metadata } = groups.withoutRequest;
    const container = spec.containers.map(({ name }) => name)[0] ?? "";
    return { kind: "unknown", why: `missing request for cpu in container ${container} of Pod ${metadata.name}` };
  }
  return proposeReplicas(target.spec.replicas, percent, groups, toleranceOf(autoscaler));
}

/** The plain formula (calcPlainMetricReplicas) is that of CPU with the target in the request's place. */
function inFlightOf(world: World, autoscaler: Autoscaler, target: Deployment, wanted: number, now: number): Metric {
  const sorted = groupPods(world, target, now, inFlightUsage);
  const none: PodGroup = { count: 0, requestMilli: 0, usageMilli: 0 };
  const aim = (group: PodGroup) => ({ ...group, requestMilli: group.count * wanted });
  const { ready, unready, missing } = "withoutRequest" in sorted ? { ready: none, unready: none, missing: none } : sorted;
  const groups: PodGroups = { ready: aim(ready), unready: aim(unready), missing: aim(missing) };
  return {
    name: `pods metric ${inFlight}`,
    proposal: proposeReplicas(target.spec.replicas, 100, groups, toleranceOf(autoscaler)),
    show: ({ averageMilli }) => inFlightMetric(inFlight, averageMilli),
  };
}
