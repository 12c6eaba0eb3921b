import type { KubeDaemonSet, KubeMeta, KubePodTemplate, KubeStatefulSet } from "#clients/kubernetes/objects.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import { type DeploymentState, toImages, toOurAnnotations } from "./deployment-state.ts";
import { findEditor } from "./editor.ts";
import { resolvePercent } from "#clients/kubernetes/quantity.ts";

/** Keeps of a StatefulSet what a reading needs; its revision's number is that of its ControllerRevision. Pure. */
export function toStatefulSetState(cluster: string, { metadata, spec, status }: KubeStatefulSet): DeploymentState {
  const desired = spec.replicas ?? 1;
  // The default is one; the field is alpha in most clusters.
  const maxUnavailable = resolvePercent(spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, desired, "up");
  return {
    ...toCommon({ cluster, kind: "StatefulSet" }, metadata, spec.template, status?.observedGeneration),
    desired,
    total: status?.replicas ?? 0,
    ready: status?.readyReplicas ?? 0,
    updated: status?.updatedReplicas ?? 0,
    strategy: { maxSurge: 0, maxUnavailable: Math.max(1, maxUnavailable) },
    scaledBy: findEditor(metadata.managedFields, ["f:spec", "f:replicas"]),
    updateRevision: status?.updateRevision,
  };
}

/** Keeps of a DaemonSet what a reading needs. Its count is that of the nodes it fits on: nobody sets it. Pure. */
export function toDaemonSetState(cluster: string, { metadata, spec, status }: KubeDaemonSet): DeploymentState {
  const desired = status?.desiredNumberScheduled ?? 0;
  const { maxSurge = 0, maxUnavailable = 1 } = spec.updateStrategy?.rollingUpdate ?? {};
  return {
    ...toCommon({ cluster, kind: "DaemonSet" }, metadata, spec.template, status?.observedGeneration),
    desired,
    total: status?.currentNumberScheduled ?? 0,
    ready: status?.numberReady ?? 0,
    updated: status?.updatedNumberScheduled ?? 0,
    strategy: {
      maxSurge: resolvePercent(maxSurge, desired, "up"),
      maxUnavailable: resolvePercent(maxUnavailable, desired, "up"),
    },
  };
}

function toCommon(
  workload: Pick<WorkloadRef, "cluster" | "kind">,
  { name, namespace = "default", uid, generation = 0, annotations }: KubeMeta,
  template: KubePodTemplate,
  observedGeneration = 0,
) {
  return {
    workload: { ...workload, namespace, name },
    uid,
    images: toImages(template),
    paused: false,
    observed: observedGeneration >= generation,
    annotations: toOurAnnotations(annotations),
    generation,
  };
}
