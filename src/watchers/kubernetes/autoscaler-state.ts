import type { KubeCondition, KubeHpa } from "#clients/kubernetes/objects.ts";
import type { AutoscalerState } from "#domain/workload.ts";
import { findEditor, type Editor } from "./editor.ts";

/** The ceiling that stood before we capped it. */
const CAPPED_FROM = "k8s-why.dev/capped-from";

/** What is kept of a HorizontalPodAutoscaler. */
export interface ScalerState {
  readonly autoscaler: AutoscalerState;
  readonly namespace: string;
  /** The Deployment that it scales. */
  readonly target: string;
  /** Who set its bounds last. */
  readonly editedBy?: Editor;
}

/** Keeps of an HPA what a reading needs; undefined for one that scales no Deployment. Pure. */
export function findScalerState({ metadata, spec, status }: KubeHpa): ScalerState | undefined {
  if (spec.scaleTargetRef.kind !== "Deployment") return undefined;
  return {
    namespace: metadata.namespace ?? "default",
    target: spec.scaleTargetRef.name,
    editedBy: findEditor(metadata.managedFields, ["f:spec", "f:maxReplicas"]),
    autoscaler: {
      name: metadata.name,
      uid: metadata.uid,
      min: spec.minReplicas ?? 1,
      max: spec.maxReplicas,
      targetCpuPercent: spec.metrics?.find(isCpu)?.resource?.target.averageUtilization,
      cappedFrom: findCount(metadata.annotations?.[CAPPED_FROM]),
      ...toReadings(status),
    },
  };
}

function toReadings(status: KubeHpa["status"]): Pick<AutoscalerState, "desired" | "cpuPercent" | "atCeiling"> {
  return {
    // 0 is what stands there before the first metric came.
    desired: status?.desiredReplicas || undefined,
    cpuPercent: status?.currentMetrics?.find(isCpu)?.resource?.current.averageUtilization,
    atCeiling: status?.conditions?.some(isTooMany) ?? false,
  };
}

function isCpu(metric: { readonly type: string; readonly resource?: { readonly name: string } }): boolean {
  return metric.type === "Resource" && metric.resource?.name === "cpu";
}

function isTooMany({ type, status, reason }: KubeCondition): boolean {
  return type === "ScalingLimited" && status === "True" && reason === "TooManyReplicas";
}

function findCount(text: string | undefined): number | undefined {
  const count = Number(text);
  return Number.isSafeInteger(count) && count > 0 ? count : undefined;
}
