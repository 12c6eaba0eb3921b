import type { KubeObject } from "#sim/cluster/types.ts";
import type { Condition } from "./kinds.ts";
import { parseQuantity } from "./quantity.ts";

/** A limit on how fast the autoscaler may move. */
export type ScalingPolicy = { readonly type: "Pods" | "Percent"; readonly value: number; readonly periodSeconds: number };

/** How the autoscaler moves in one direction. */
export type ScalingRules = {
  readonly stabilizationWindowSeconds?: number;
  readonly selectPolicy?: "Max" | "Min" | "Disabled";
  readonly policies?: readonly ScalingPolicy[];
  readonly tolerance?: string | number;
};

/** `spec.behavior`. */
export type Behavior = { readonly scaleUp?: ScalingRules; readonly scaleDown?: ScalingRules };

/** One of `spec.metrics`; CPU as a share of the request is computed, and requests in flight a pod. */
type MetricSpec = {
  readonly type: string;
  readonly pods?: {
    readonly metric: { readonly name: string };
    readonly target: { readonly type: string; readonly averageValue?: string };
  };
  readonly resource?: {
    readonly name: string;
    readonly target: { readonly type: string; readonly averageUtilization?: number; readonly averageValue?: string };
  };
};

/** `spec` of a HorizontalPodAutoscaler (autoscaling/v2). */
type AutoscalerSpec = {
  readonly scaleTargetRef: { readonly apiVersion?: string; readonly kind: string; readonly name: string };
  readonly minReplicas?: number;
  readonly maxReplicas: number;
  readonly metrics?: readonly MetricSpec[];
  readonly behavior?: Behavior;
};

/** `status` of a HorizontalPodAutoscaler. */
export type AutoscalerStatus = {
  readonly currentReplicas?: number;
  readonly desiredReplicas: number;
  readonly lastScaleTime?: string;
  readonly currentMetrics?: readonly unknown[] | null;
  readonly conditions?: readonly Condition[];
};

/** A stored HorizontalPodAutoscaler. */
export type Autoscaler = KubeObject<AutoscalerSpec, AutoscalerStatus> & { readonly spec: AutoscalerSpec };

/** The CPU that the autoscaler aims at, in percent of the request. */
export function targetUtilization({ spec }: Autoscaler): number | undefined {
  const targets = (spec.metrics ?? [])
    .filter(({ resource }) => resource?.name === "cpu")
    .map(({ resource }) => resource?.target.averageUtilization);
  return targets.find((target) => target !== undefined);
}

/** The one metric of type Pods that the simulated metrics adapter serves. */
export const inFlight = "http_requests_in_flight";

/** Requests in flight that the autoscaler aims at, in thousandths a pod. */
export function targetInFlightMilli({ spec }: Autoscaler): number | undefined {
  const wanted = (spec.metrics ?? []).find(({ type, pods }) => type === "Pods" && pods?.metric.name === inFlight);
  const value = parseQuantity(wanted?.pods?.target.averageValue);
  return value === undefined ? undefined : value * 1000;
}
