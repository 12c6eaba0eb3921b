import type { KubeCondition, KubeDeployment, KubePodTemplate } from "#clients/kubernetes/objects.ts";
import type { AutoscalerState, ContainerImage, Instant, PodTroubles, Preempted, WorkloadState } from "#domain/workload.ts";
import { findEditor, type Editor } from "./editor.ts";
import { findInstant, resolvePercent } from "#clients/kubernetes/quantity.ts";

/** Our annotations start so; others are not kept. */
const OURS = "k8s-why.dev/";
const MAX_ANNOTATION = 1_000;
const MAX_MESSAGE = 300;

/** What is kept of a workload: a reading that lacks its moment and what other objects know. */
export interface DeploymentState extends Omit<WorkloadState, "at" | "autoscaler" | "templateHash" | "pods" | "preempted"> {
  /** Hash or name of the ControllerRevision that a StatefulSet wants. */
  readonly updateRevision?: string;
  /** Who set `spec.replicas` last. */
  readonly scaledBy?: Editor;
  readonly generation: number;
  /** When its rollout last made progress. */
  readonly progressedAt?: Instant;
}

/** Keeps of a Deployment what a reading needs. Pure. */
export function toDeploymentState(cluster: string, deployment: KubeDeployment): DeploymentState {
  const { metadata, spec, status } = deployment;
  const desired = spec.replicas ?? 1;
  const generation = metadata.generation ?? 0;
  return {
    workload: { cluster, namespace: metadata.namespace ?? "default", kind: "Deployment", name: metadata.name },
    uid: metadata.uid,
    desired,
    ...toCounts(status),
    revision: findRevision(metadata.annotations),
    images: toImages(spec.template),
    ...toConditions(status?.conditions),
    strategy: toStrategy(spec.strategy, desired),
    paused: spec.paused ?? false,
    observed: (status?.observedGeneration ?? 0) >= generation,
    annotations: toOurAnnotations(metadata.annotations),
    scaledBy: findEditor(metadata.managedFields, ["f:spec", "f:replicas"]),
    generation,
    progressedAt: findProgress(status),
  };
}

/** What other objects know about a workload. */
export interface About {
  readonly autoscaler?: AutoscalerState;
  readonly templateHash?: string;
  /** Of a StatefulSet or DaemonSet; a Deployment says its own. */
  readonly revision?: number;
  readonly pods?: PodTroubles;
  readonly preempted?: Preempted;
}

/** A reading: what the workload says, with its autoscaler, its current revision and what is wrong with its pods. Pure. */
export function toWorkloadState(deployment: DeploymentState, about: About & { readonly at: Instant }): WorkloadState {
  const { scaledBy: _scaledBy, generation: _generation, progressedAt: _progressedAt, ...known } = deployment;
  const { updateRevision: _updateRevision, ...state } = known;
  return { ...state, ...about, revision: state.revision ?? about.revision };
}

/** `deployment.kubernetes.io/revision` as a number. */
export function findRevision(annotations: Readonly<Record<string, string>> | undefined): number | undefined {
  const revision = Number(annotations?.["deployment.kubernetes.io/revision"]);
  return Number.isSafeInteger(revision) && revision > 0 ? revision : undefined;
}

/** Containers and what they run; init containers are left out. */
export function toImages(template: KubePodTemplate | undefined): ContainerImage[] {
  return (template?.spec?.containers ?? []).map(({ name, image }) => ({ container: name, image: image ?? "" }));
}

function findProgress(status: KubeDeployment["status"]): Instant | undefined {
  return findInstant(status?.conditions?.find(({ type }) => type === "Progressing")?.lastUpdateTime);
}

function toConditions(conditions: readonly KubeCondition[] = []): Pick<WorkloadState, "deadlineExceeded" | "cannotCreate"> {
  const late = conditions.some(
    ({ type, status, reason }) => type === "Progressing" && status === "False" && reason === "ProgressDeadlineExceeded",
  );
  const failure = conditions.find(({ type, status }) => type === "ReplicaFailure" && status === "True");
  return {
    ...(late && { deadlineExceeded: true }),
    ...(failure && { cannotCreate: (failure.message ?? failure.reason ?? "").slice(0, MAX_MESSAGE) }),
  };
}

function toCounts(status: KubeDeployment["status"]): Pick<WorkloadState, "total" | "ready" | "updated"> {
  return { total: status?.replicas ?? 0, ready: status?.readyReplicas ?? 0, updated: status?.updatedReplicas ?? 0 };
}

function toStrategy(strategy: KubeDeployment["spec"]["strategy"], desired: number): WorkloadState["strategy"] {
  if (strategy?.type === "Recreate") return { maxSurge: 0, maxUnavailable: desired };
  const maxSurge = resolvePercent(strategy?.rollingUpdate?.maxSurge, desired, "up");
  const maxUnavailable = resolvePercent(strategy?.rollingUpdate?.maxUnavailable, desired, "down");
  // The controller does the same where both round to nothing.
  return { maxSurge, maxUnavailable: maxSurge === 0 && maxUnavailable === 0 ? 1 : maxUnavailable };
}

/** Our own annotations, cut. */
export function toOurAnnotations(annotations: Readonly<Record<string, string>> = {}): Record<string, string> {
  const ours = Object.entries(annotations).filter(([name]) => name.startsWith(OURS));
  return Object.fromEntries(ours.map(([name, value]) => [name, value.slice(0, MAX_ANNOTATION)]));
}
