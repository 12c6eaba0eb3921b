import type { KubeDeployment, KubePodTemplate } from "#clients/kubernetes/objects.ts";
import type { AutoscalerState, ContainerImage, Instant, WorkloadState } from "#domain/workload.ts";
import { findEditor, type Editor } from "./editor.ts";
import { findInstant, resolvePercent } from "#clients/kubernetes/quantity.ts";

/** Our annotations start so; others are not kept. */
const OURS = "k8s-why.dev/";
const MAX_ANNOTATION = 1_000;

/** What is kept of a Deployment: a reading that lacks its moment and what other objects know. */
export interface DeploymentState extends Omit<WorkloadState, "at" | "autoscaler" | "templateHash"> {
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
    strategy: toStrategy(spec.strategy, desired),
    paused: spec.paused ?? false,
    observed: (status?.observedGeneration ?? 0) >= generation,
    annotations: toOurAnnotations(metadata.annotations),
    scaledBy: findEditor(metadata.managedFields, ["f:spec", "f:replicas"]),
    generation,
    progressedAt: findInstant(status?.conditions?.find(({ type }) => type === "Progressing")?.lastUpdateTime),
  };
}

/** A reading: what the Deployment says, with its autoscaler and the hash of its current ReplicaSet. Pure. */
export function toWorkloadState(
  deployment: DeploymentState,
  about: { readonly at: Instant; readonly autoscaler?: AutoscalerState; readonly templateHash?: string },
): WorkloadState {
  const { scaledBy: _scaledBy, generation: _generation, progressedAt: _progressedAt, ...state } = deployment;
  return { ...state, ...about };
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

function toOurAnnotations(annotations: Readonly<Record<string, string>> = {}): Record<string, string> {
  const ours = Object.entries(annotations).filter(([name]) => name.startsWith(OURS));
  return Object.fromEntries(ours.map(([name, value]) => [name, value.slice(0, MAX_ANNOTATION)]));
}
