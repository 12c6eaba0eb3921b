import type { KubeCondition, KubeMeta } from "./objects.ts";

/** A metric's value or target. */
export interface MetricValue {
  readonly averageUtilization?: number;
  readonly averageValue?: string;
  readonly value?: string;
}

interface MetricSource {
  /** In a spec. */
  readonly target?: MetricValue & { readonly type?: string };
  /** In a status. */
  readonly current?: MetricValue;
}

/** What an HPA goes by: exactly one of the fields, the one that `type` names. */
export interface KubeMetric {
  readonly type: string;
  readonly resource?: MetricSource & { readonly name: string };
  readonly containerResource?: MetricSource & { readonly name: string; readonly container: string };
  readonly pods?: MetricSource & { readonly metric?: { readonly name: string } };
  readonly object?: MetricSource & { readonly metric?: { readonly name: string } };
  readonly external?: MetricSource & { readonly metric?: { readonly name: string } };
}

/** autoscaling/v2 */
export interface KubeHpa {
  readonly metadata: KubeMeta;
  readonly spec: {
    readonly scaleTargetRef: { readonly apiVersion?: string; readonly kind: string; readonly name: string };
    readonly minReplicas?: number;
    readonly maxReplicas: number;
    readonly metrics?: readonly KubeMetric[];
  };
  readonly status?: {
    readonly currentReplicas?: number;
    readonly desiredReplicas?: number;
    readonly currentMetrics?: readonly KubeMetric[] | null;
    readonly conditions?: readonly KubeCondition[];
  };
}
