import type { ActResult, Approval, PreviewResult, StepOrder } from "#domain/order.ts";
import type { Alert, Spike } from "#domain/spike.ts";
import type { Change, Landing } from "#domain/change.ts";
import type { SignedStep } from "#domain/signed-step.ts";
import type { AuditEntry, Called } from "#domain/audit.ts";
import type { Picture } from "#domain/incident.ts";
import type { Viewer } from "#domain/ports/slack.ts";
import type { SubjectRef, WorkloadRef, WorkloadState } from "#domain/workload.ts";

/** Every job there is, by name. Plain data: it crosses processes and restarts. */
export type Job =
  | { readonly name: "changes"; readonly data: { readonly changes: readonly Change[] } }
  | { readonly name: "spike"; readonly data: SpikeReport }
  | {
      readonly name: "landings";
      readonly data: {
        readonly repository: string;
        readonly branch: string;
        readonly before?: string;
        readonly after?: string;
        readonly landings: readonly Landing[];
      };
    }
  | { readonly name: "alerts"; readonly data: { readonly alerts: readonly Alert[] } }
  | { readonly name: "reconcile"; readonly data: Record<string, never> }
  | { readonly name: "tick"; readonly data: { readonly incidentId: string } }
  | { readonly name: "acted"; readonly data: { readonly approval: Approval; readonly result: ActResult & Called } }
  | { readonly name: "interrupted"; readonly data: { readonly entry: AuditEntry } }
  /** `due`: what is new that the picture should show. */
  | { readonly name: "draw-picture"; readonly data: { readonly incidentId: string; readonly due: string } }
  | { readonly name: "share-picture"; readonly data: { readonly incidentId: string; readonly picture: Picture } }
  | { readonly name: "show-picture"; readonly data: { readonly incidentId: string; readonly picture: Picture } }
  | { readonly name: "drop-picture"; readonly data: { readonly incidentId: string; readonly fileId: string } }
  | { readonly name: "announce"; readonly data: { readonly incidentId: string } }
  /** `later`: it was set for a moment, and begins when none like it is under way. */
  | { readonly name: "storm"; readonly data: { readonly channel: string; readonly later?: true } }
  | { readonly name: "digest"; readonly data: { readonly user: string } }
  | {
      readonly name: "show-preview";
      readonly data: {
        readonly incidentId: string;
        readonly stepId: string;
        readonly viewId: string;
        /** Absent: asked for by an older release. */
        readonly requestId?: string;
        readonly result: PreviewResult & Called;
        readonly viewer?: Viewer;
      };
    }
  | {
      readonly name: "preview";
      readonly data: {
        readonly order: StepOrder;
        readonly viewId: string;
        /** Another one for each choice in the same view. */
        readonly requestId: string;
        readonly viewer?: Viewer;
      };
    }
  | { readonly name: "rights"; readonly data: { readonly incidentId: string; readonly workload: WorkloadRef } }
  | { readonly name: "act"; readonly data: { readonly signed: SignedStep } };

/** A spike with what only the agent knows: the workload's state and normal. */
export interface SpikeReport {
  readonly spike: Spike;
  /** Whose it is, where it is no workload. */
  readonly subject?: SubjectRef;
  /** Absent: it is about a cluster or a namespace. */
  readonly state?: WorkloadState;
  readonly peakReplicas: number;
}

export type JobName = Job["name"];
export type JobData<N extends JobName> = Extract<Job, { name: N }>["data"];

/** Hands a job over; resolves once Redis has it. The same id is not taken twice while the first is remembered. */
export type Enqueue = <N extends JobName>(name: N, data: JobData<N>, options: EnqueueOptions) => Promise<void>;

export interface EnqueueOptions {
  /** Natural and deterministic. */
  readonly id: string;
  /** Clock milliseconds to wait. */
  readonly delayMs?: number;
  /** Run again after a run that is under way, at most once; for "show how it is now". */
  readonly coalesce?: boolean;
  /** For `preview` and `act`: whose agent. */
  readonly cluster?: string;
}
