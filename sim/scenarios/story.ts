import type { Commit, Person, RepositoryData } from "#sim/github/types.ts";

export const storyNames = [
  "runaway-commit",
  "traffic-surge",
  "two-suspects",
  "slow-leak",
  "no-deploy",
  "priority-cascade",
  "ceiling-hit",
] as const;
export type StoryName = (typeof storyNames)[number];

/** A Kubernetes object as one would apply it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly creationTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  /** Of a PriorityClass, which has no spec. */
  readonly value?: number;
  readonly description?: string;
}

/** What a new version of a workload brings. */
export interface RolloutEvent {
  readonly kind: "rollout";
  readonly at: number;
  readonly namespace: string;
  readonly workload: string;
  readonly sha: string;
  readonly image: string;
  /** Annotations of the pod template. */
  readonly template: Readonly<Record<string, string>>;
  /** The deploy runs the migrations of its code first. */
  readonly migrates?: { readonly database: string; readonly version: number };
}

/** What happens at a clock minute after the start. No event sets a replica or node count. */
export type StoryEvent =
  | { readonly kind: "landing"; readonly at: number; readonly commits: readonly Commit[] }
  | RolloutEvent
  | {
      readonly kind: "traffic";
      readonly at: number;
      readonly namespace: string;
      readonly workload: string;
      readonly requestsPerSecond: number;
    }
  | {
      /** Something outside the cluster makes each request of a workload wait. */
      readonly kind: "stall";
      readonly at: number;
      readonly namespace: string;
      readonly workload: string;
      readonly seconds: number;
    }
  | { readonly kind: "alert"; readonly at: number; readonly payload: Readonly<Record<string, unknown>> };

/** A rollout before the story began; it is there as an old revision. */
export interface PastRollout {
  readonly namespace: string;
  readonly workload: string;
  /** Clock milliseconds. */
  readonly at: number;
  readonly revision: number;
  readonly image: string;
  readonly sha: string;
  readonly template: Readonly<Record<string, string>>;
  readonly priorityClass?: string;
}

/** A commit is to blame. */
export interface CulpritTruth {
  readonly kind: "culprit";
  readonly sha: string;
  /** Minute of the bad rollout, or, where that is long ago, of the climb. */
  readonly from: number;
  /** Commits whose images carry the bad code. */
  readonly bad: readonly string[];
  /** The schema before the migration, where there was one. */
  readonly schema?: { readonly database: string; readonly before: number };
  /** The autoscaler's ceiling, where the climb ends at it. */
  readonly ceiling?: number;
}

/** A change of the cluster's configuration is to blame. */
export interface ConfigTruth {
  readonly kind: "config";
  /** Minute in which it begins to hurt. */
  readonly from: number;
  /** The object that was created or edited, as a message must name it. */
  readonly object: { readonly kind: string; readonly name: string };
  /** The landing that brought it. */
  readonly sha: string;
  /** What its owner takes back once somebody says so. */
  readonly undo: {
    readonly apply: readonly Manifest[];
    /** Objects that belong to no namespace. */
    readonly remove: readonly { readonly resource: "scheduling.k8s.io/v1/priorityclasses"; readonly name: string }[];
  };
}

/** No change is to blame: more people come, callers try again, or what everybody needs is slow. */
export interface NobodyTruth {
  readonly kind: "nobody";
  readonly from: number;
}

/** What the runner knows and the program must find out. */
export type Truth = CulpritTruth | ConfigTruth | NobodyTruth;

/** A story as data: what was before, what happens when, and what is true. */
export interface Story {
  readonly name: StoryName;
  readonly seed: number;
  readonly title: string;
  /** Clock milliseconds. */
  readonly startsAt: number;
  /** Clock minutes that are played at most. */
  readonly minutes: number;
  readonly service: { readonly namespace: string; readonly name: string; readonly directory: string };
  readonly nodes: number;
  readonly maxNodes: number;
  /** Seconds until a new node is there, where that matters. */
  readonly nodeSeconds?: number;
  /** ReplicaSets among them are earlier revisions. */
  readonly objects: readonly Manifest[];
  /** Schema versions at the start. */
  readonly databases: Readonly<Record<string, number>>;
  readonly past: readonly PastRollout[];
  readonly repository: RepositoryData;
  /** By rising minute. */
  readonly events: readonly StoryEvent[];
  readonly onCall: Person;
  /** The author of the change that is to blame, if one is. */
  readonly author?: Person;
  /** Owns the service's directory, by CODEOWNERS. */
  readonly owner?: Person;
  readonly colleagues: readonly Person[];
  readonly truth: Truth;
}
