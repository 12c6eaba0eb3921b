import type { KubeObject } from "#sim/cluster/types.ts";
import type { Condition } from "./kinds.ts";

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

/** One of `spec.metrics`; only CPU as a share of the request is computed. */
type MetricSpec = {
  readonly type: string;
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
