import type { Commit, Person, RepositoryData } from "#sim/github/types.ts";

export const storyNames = ["runaway-commit", "traffic-surge", "two-suspects"] as const;
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
}

/** What the runner knows and the program must find out. */
export type Truth =
  | {
      readonly kind: "culprit";
      readonly sha: string;
      /** Minute of the bad rollout. */
      readonly from: number;
      /** Commits whose images carry the bad code. */
      readonly bad: readonly string[];
      /** The schema before the migration, where there was one. */
      readonly schema?: { readonly database: string; readonly before: number };
    }
  | { readonly kind: "traffic"; readonly from: number };

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
  readonly colleagues: readonly Person[];
  readonly truth: Truth;
}
