import type { Instant, PoolState, WorkloadKey, WorkloadState } from "#domain/workload.ts";
import type { ActResult, Approval, PreviewResult, StepOrder } from "#domain/order.ts";
import type { AutoscalerEdit, ConfigEdit, PoolChange, Rollout, Scaling } from "#domain/change.ts";
import type { ChangedFile, Landing } from "#domain/change.ts";
import type { Identity } from "#domain/identity.ts";
import type { Called } from "#domain/audit.ts";
import type { Deployed } from "#domain/deployed.ts";
import type { RepositoryLayout } from "#domain/layout.ts";
import type { Point, Signals } from "#domain/sample.ts";

/** What the ears of a cluster hear. */
export type Observation =
  | { readonly kind: "workload"; readonly state: WorkloadState }
  | { readonly kind: "workload-gone"; readonly key: WorkloadKey }
  | { readonly kind: "pool"; readonly pool: PoolState }
  | { readonly kind: "change"; readonly change: Rollout | Scaling | AutoscalerEdit | PoolChange | ConfigEdit }
  /** What the Cluster Autoscaler says of itself; `problem` absent: it is well, or there is none. */
  | { readonly kind: "node-autoscaler"; readonly at: Instant; readonly problem?: string }
  /** A Warning event, or one of a node autoscaler. */
  | {
      readonly kind: "event";
      readonly at: Instant;
      readonly reason: string;
      readonly message: string;
      readonly namespace?: string;
      readonly involved: string;
    };

/** The hands, in the cluster's agent. */
export interface StepPort {
  preview(order: StepOrder): Promise<PreviewResult & Called>;
  /** Preflight (same state as shown?), act, read back; `as`: in whose name it is written. */
  act(approval: Approval, order: StepOrder, as?: Identity): Promise<ActResult & Called>;
}

/** Readings an investigation asks for. */
export interface PrometheusPort {
  /** Series of one workload, `stepSeconds` apart. */
  signals(key: WorkloadKey, from: Instant, to: Instant, stepSeconds: number): Promise<Signals>;
  /** Mean seconds a request of every workload of a cluster that says so. */
  latencies(
    cluster: string,
    from: Instant,
    to: Instant,
    stepSeconds: number,
  ): Promise<ReadonlyMap<WorkloadKey, readonly Point[]>>;
  /** Replica series of every workload of a cluster, for learning normal on start. */
  replicaHistory(
    cluster: string,
    from: Instant,
    to: Instant,
    stepSeconds: number,
  ): Promise<ReadonlyMap<WorkloadKey, readonly Point[]>>;
}

/** What is asked about a repository as a whole. Throws TemporaryError when GitHub cannot answer now. */
export interface RepositoryPort {
  /** At a branch or commit; `names` are what the files of interest may be called, lower case. Undefined: GitHub does not know it. */
  layout(repository: string, ref: string, names: readonly string[]): Promise<RepositoryLayout | undefined>;
  /** Since a moment, newest first, at most 300. */
  deployments(repository: string, since: Instant): Promise<readonly Deployed[]>;
}

export interface GitHubPort {
  /** First-parent landings on a branch after a moment (or a commit), with paths, oldest first. */
  landingsSince(repository: string, branch: string, since: { sha?: string; at: Instant }): Promise<Landing[]>;
  /** A landing's files with patches. */
  files(repository: string, sha: string): Promise<readonly ChangedFile[]>;
  /** Full shas reachable from `head` and not from `base`, oldest first (at most 250), or undefined when GitHub does not know one of them. */
  commitsBetween(repository: string, base: string, head: string): Promise<readonly string[] | undefined>;
}
