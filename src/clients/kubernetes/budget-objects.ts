import type { KubeMeta, KubeSelector } from "./objects.ts";

/** policy/v1 */
export interface KubePdb {
  readonly metadata: KubeMeta;
  readonly spec: {
    readonly selector?: KubeSelector;
    readonly minAvailable?: number | string;
    readonly maxUnavailable?: number | string;
    readonly unhealthyPodEvictionPolicy?: string;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly disruptionsAllowed?: number;
    readonly currentHealthy?: number;
    readonly desiredHealthy?: number;
    readonly expectedPods?: number;
  };
}
