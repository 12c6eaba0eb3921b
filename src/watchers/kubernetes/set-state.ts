import type { KubeDaemonSet, KubeMeta, KubePodTemplate, KubeStatefulSet } from "#clients/kubernetes/objects.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import { type DeploymentState, toImages, toOurAnnotations } from "./deployment-state.ts";
import { findEditor } from "./editor.ts";
import { resolvePercent } from "#clients/kubernetes/quantity.ts";

/** Keeps of a StatefulSet what a reading needs; its revision's number is that of its ControllerRevision. Pure. */
export function toStatefulSetState(cluster: string, { metadata, spec, status = {} }: KubeStatefulSet): DeploymentState {
  const { replicas: desired = 1, updateStrategy } = spec;
  const { replicas: total = 0, readyReplicas: ready = 0, updatedReplicas: updated = 0 } = status;
  // The default is one; the field is alpha in most clusters.
  const { maxUnavailable = 1 } = updateStrategy?.rollingUpdate ?? {};
  return {
    ...toCommon({ cluster, kind: "StatefulSet" }, metadata, spec.template, status.observedGeneration),
    desired,
    total,
    ready,
    updated,
    strategy: { maxSurge: 0, maxUnavailable: Math.max(1, resolvePercent(maxUnavailable, desired, "up")) },
    scaledBy: findEditor(metadata.managedFields, ["f:spec", "f:replicas"]),
    updateRevision: status.updateRevision,
  };
}

/** Keeps of a DaemonSet what a reading needs. Its count is that of the nodes it fits on: nobody sets it. Pure. */
export function toDaemonSetState(cluster: string, { metadata, spec, status = {} }: KubeDaemonSet): DeploymentState {
  const { desiredNumberScheduled: desired = 0, currentNumberScheduled: total = 0 } = status;
  const { numberReady: ready = 0, updatedNumberScheduled: updated = 0 } = status;
  const { maxSurge = 0, maxUnavailable = 1 } = spec.updateStrategy?.rollingUpdate ?? {};
  return {
    ...toCommon({ cluster, kind: "DaemonSet" }, metadata, spec.template, status.observedGeneration),
    desired,
    total,
    ready,
    updated,
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
