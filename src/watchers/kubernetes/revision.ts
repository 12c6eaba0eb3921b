import type { KubeControllerRevision, KubeMeta, KubePodTemplate, KubeReplicaSet } from "#clients/kubernetes/objects.ts";
import type { ContainerImage, Instant } from "#domain/workload.ts";
import { findCommit } from "./commit-guess.ts";
import { findRevision, toImages } from "./deployment-state.ts";
import { findInstant } from "#clients/kubernetes/quantity.ts";
import type { CommitGuess } from "#domain/change.ts";

/** What is kept of a Deployment's ReplicaSet, or of another workload's ControllerRevision. */
export interface Revision {
  readonly uid: string;
  /** Of the workload that owns it. */
  readonly ownerUid: string;
  readonly ownerName: string;
  readonly namespace: string;
  readonly revision: number;
  /** Revisions that it was before, oldest first; filled when a rollback takes it up again. */
  readonly earlier: readonly number[];
  readonly createdAt: Instant;
  readonly images: readonly ContainerImage[];
  readonly templateHash: string;
  readonly commit?: CommitGuess;
}

/** Keeps of a ReplicaSet what a rollout needs; undefined for one that no Deployment owns. Pure. */
export function findReplicaSetRevision({ metadata, spec }: KubeReplicaSet): Revision | undefined {
  const owner = metadata.ownerReferences?.find(({ kind, controller }) => kind === "Deployment" && controller !== false);
  const revision = findRevision(metadata.annotations);
  if (!owner || revision === undefined) return undefined;
  return {
    uid: metadata.uid,
    ownerUid: owner.uid,
    ownerName: owner.name,
    namespace: metadata.namespace ?? "default",
    revision,
    earlier: toEarlier(metadata.annotations?.["deployment.kubernetes.io/revision-history"]),
    createdAt: findInstant(metadata.creationTimestamp) ?? 0,
    ...toCode(metadata, spec.template),
  };
}

/** Keeps of a ControllerRevision what a rollout needs; undefined for one that neither a StatefulSet nor a DaemonSet owns. Pure. */
export function findControllerRevision({ metadata, revision, data }: KubeControllerRevision): Revision | undefined {
  const owner = metadata.ownerReferences?.find(({ kind }) => kind === "StatefulSet" || kind === "DaemonSet");
  if (!owner || !isRevision(revision)) return undefined;
  return {
    uid: metadata.uid,
    ownerUid: owner.uid,
    ownerName: owner.name,
    namespace: metadata.namespace ?? "default",
    revision,
    earlier: [],
    createdAt: findInstant(metadata.creationTimestamp) ?? 0,
    ...toCode(metadata, data?.spec?.template),
    // As its pods' label `controller-revision-hash` has it: a StatefulSet's pods carry the whole name, a DaemonSet's the hash.
    templateHash: owner.kind === "StatefulSet" ? metadata.name : hashOf(metadata),
  };
}

function hashOf({ labels = {} }: KubeMeta): string {
  return labels["controller-revision-hash"] ?? "";
}

function isRevision(revision: number | undefined): revision is number {
  return revision !== undefined && Number.isSafeInteger(revision) && revision > 0;
}

/** The template's own annotations and labels win over those of the ReplicaSet, which the controller copies from the Deployment. */
function toCode(metadata: KubeMeta, template: KubePodTemplate | undefined): Pick<Revision, "images" | "templateHash" | "commit"> {
  const annotations = { ...metadata.annotations, ...template?.metadata?.annotations };
  const labels = { ...metadata.labels, ...template?.metadata?.labels };
  const images = toImages(template);
  return { images, templateHash: labels["pod-template-hash"] ?? "", commit: findCommit({ annotations, labels, images }) };
}

function toEarlier(text: string | undefined): number[] {
  const numbers = (text ?? "").slice(0, 1_000).split(",").map(Number);
  return numbers.filter((revision) => Number.isSafeInteger(revision) && revision > 0);
}
