import type { KubeCondition, KubeHpa } from "#clients/kubernetes/objects.ts";
import type { AutoscalerState } from "#domain/workload.ts";
import { findEditor, type Editor } from "./editor.ts";
import { findWanted } from "./wanted.ts";

/** The ceiling that stood before we capped it. */
const CAPPED_FROM = "k8s-why.dev/capped-from";

const MAX_MESSAGE = 300;

/** What is kept of a HorizontalPodAutoscaler. */
export interface ScalerState {
  readonly autoscaler: AutoscalerState;
  readonly namespace: string;
  /** The workload that it scales. */
  readonly target: string;
  /** Who set its bounds last. */
  readonly editedBy?: Editor;
}

/** Keeps of an HPA what a reading needs; undefined for one that scales neither a Deployment nor a StatefulSet. Pure. */
export function findScalerState(scaler: KubeHpa): ScalerState | undefined {
  const { metadata, spec, status } = scaler;
  if (spec.scaleTargetRef.kind !== "Deployment" && spec.scaleTargetRef.kind !== "StatefulSet") return undefined;
  return {
    namespace: metadata.namespace ?? "default",
    target: spec.scaleTargetRef.name,
    editedBy: findEditor(metadata.managedFields, ["f:spec", "f:maxReplicas"]),
    autoscaler: {
      name: metadata.name,
      uid: metadata.uid,
      min: spec.minReplicas ?? 1,
      max: spec.maxReplicas,
      targetCpuPercent: spec.metrics?.find(isCpu)?.resource?.target?.averageUtilization,
      wanted: findWanted(scaler),
      cappedFrom: findCount(metadata.annotations?.[CAPPED_FROM]),
      ...toReadings(status),
    },
  };
}

function toReadings(status: KubeHpa["status"] = {}): Pick<AutoscalerState, "desired" | "cpuPercent" | "atCeiling" | "inactive"> {
  const { conditions = [], currentMetrics } = status;
  const inactive = conditions.find(isInactive);
  return {
    // 0 is what stands there before the first metric came.
    desired: status.desiredReplicas || undefined,
    cpuPercent: currentMetrics?.find(isCpu)?.resource?.current?.averageUtilization,
    atCeiling: conditions.some(isTooMany),
    ...(inactive && { inactive: toInactive(inactive) }),
  };
}

function toInactive({ reason = "", message = "" }: KubeCondition): AutoscalerState["inactive"] {
  return { reason: reason.slice(0, 128), message: message.slice(0, MAX_MESSAGE) };
}

function isCpu(metric: { readonly type: string; readonly resource?: { readonly name: string } }): boolean {
  return metric.type === "Resource" && metric.resource?.name === "cpu";
}

function isTooMany({ type, status, reason }: KubeCondition): boolean {
  return type === "ScalingLimited" && status === "True" && reason === "TooManyReplicas";
}

/** Switched off by a count of zero is no illness (reason `ScalingDisabled`). */
function isInactive({ type, status, reason }: KubeCondition): boolean {
  return (type === "ScalingActive" || type === "AbleToScale") && status === "False" && reason !== "ScalingDisabled";
}

function findCount(text: string | undefined): number | undefined {
  const count = Number(text);
  return Number.isSafeInteger(count) && count > 0 ? count : undefined;
}
