import type { ContainerImage, Instant, WorkloadKey } from "./workload.ts";

/** Anything done that could explain a spike. Ids are natural: the same change has the same id however often it arrives. */
export type Change = Landing | Rollout | OtherChange;

/** Everything that is neither code that landed nor a pod template that started to run. */
export type OtherChange = Scaling | AutoscalerEdit | PoolChange | ConfigEdit | ReportedChange;

interface ChangeBase {
  readonly id: string;
  readonly at: Instant;
}

/** What arrived on the branch as one: a merged pull request or a direct commit. The unit that is suspected. */
export interface Landing extends ChangeBase {
  readonly kind: "landing";
  /** `owner/name` */
  readonly repository: string;
  readonly branch: string;
  /** 40 hex digits */
  readonly sha: string;
  readonly author: Author;
  readonly message: string;
  readonly files: readonly ChangedFile[];
  /** How many files it touched; more than `files.length` when the list was cut. */
  readonly filesTotal: number;
  readonly url: string;
  readonly pullRequest?: number;
}

export interface Author {
  readonly name: string;
  readonly email?: string;
  readonly login?: string;
}

export interface ChangedFile {
  readonly path: string;
  readonly status?: "added" | "modified" | "removed" | "renamed";
  readonly additions?: number;
  readonly deletions?: number;
  /** Unified diff; read only for the few that an investigation looks at. */
  readonly patch?: string;
}

/** A workload starting to run a new pod template. */
export interface Rollout extends ChangeBase {
  readonly kind: "rollout";
  readonly workload: WorkloadKey;
  readonly revision: number;
  readonly images: readonly ContainerImage[];
  readonly templateHash: string;
  /** The revision that ran before, when its ReplicaSet is still in the history. */
  readonly previous?: { readonly revision: number; readonly images: readonly ContainerImage[]; readonly templateHash: string };
  /** Commit that the new and the old image were built from, with the way it was found. */
  readonly commit?: CommitGuess;
  readonly previousCommit?: CommitGuess;
}

/** 7 to 40 hex digits, and where they come from; how far that can be trusted: commit-words.ts. */
export interface CommitGuess {
  readonly sha: string;
  readonly from: "annotation" | "version-label" | "image-tag" | "deployment" | "image-label" | "argo" | "flux";
}

/** `spec.replicas` set by something that is not the workload's autoscaler. */
export interface Scaling extends ChangeBase {
  readonly kind: "scaling";
  readonly workload: WorkloadKey;
  readonly from: number;
  readonly to: number;
  /** The tool that wrote it (managedFields); never a person. */
  readonly tool?: string;
}

export interface AutoscalerEdit extends ChangeBase {
  readonly kind: "autoscaler-edit";
  readonly workload: WorkloadKey;
  readonly from: { readonly min: number; readonly max: number };
  readonly to: { readonly min: number; readonly max: number };
  readonly tool?: string;
}

/** The number of nodes moved. */
export interface PoolChange extends ChangeBase {
  readonly kind: "pool-change";
  readonly cluster: string;
  readonly from: number;
  readonly to: number;
}

/** An object that workloads depend on was created, edited or deleted. Never holds values. */
export interface ConfigEdit extends ChangeBase {
  readonly kind: "config-edit";
  readonly cluster: string;
  /** The object's kind: `ConfigMap`, `PriorityClass`, `ResourceQuota`... */
  readonly object: string;
  /** Absent: it belongs to no namespace. */
  readonly namespace?: string;
  readonly name: string;
  readonly what: "created" | "edited" | "deleted";
  /** Keys or fields that changed, sorted; at most 50. */
  readonly keys: readonly string[];
  /** Workloads that are known to use it; empty when nobody knows. */
  readonly usedBy: readonly WorkloadKey[];
  /** The tool that wrote it (managedFields); never a person. */
  readonly tool?: string;
}

/** What something else told us over `POST /changes`: a flag, a migration, a deployment by another tool. */
export interface ReportedChange extends ChangeBase {
  readonly kind: "reported";
  readonly what: "flag" | "migration" | "config" | "deployment" | "ci" | "other";
  /** One line, as the sender wrote it: foreign text. */
  readonly title: string;
  /** Who or what did it, as the sender wrote it. */
  readonly by?: string;
  readonly url?: string;
  /** What it was about, where the sender said. */
  readonly workloads: readonly WorkloadKey[];
  readonly repository?: string;
  readonly paths: readonly string[];
}
