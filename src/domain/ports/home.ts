import type { Incident } from "#domain/incident.ts";
import type { Instant, WorkloadKey } from "#domain/workload.ts";
import type { Stop } from "#domain/policy.ts";
import type { MessageRef } from "./store.ts";

/** What a person sees when they open the app in Slack. */
export interface HomePort {
  /** Never throws: what cannot be told now is said to be away. */
  homeOf(user: string): Promise<Home>;
}

/** Plain data; texts are plain sentences, some of them foreign. */
export interface Home {
  /** Sentences: what this person may do, and why; or that nobody can tell. */
  readonly may: readonly string[];
  readonly watchers: readonly Watcher[];
  /** Absent: Redis is away. */
  readonly told?: {
    /** Newest first. */
    readonly open: readonly OpenIncident[];
    readonly mine: readonly Mine[];
    /** What they subscribed to, as patterns. */
    readonly follows: readonly string[];
    readonly accuracy: Accuracy;
    /** All acts are off. */
    readonly stop?: Stop;
  };
}

/** An open incident, and where its thread stands; absent: it was not posted yet. */
export interface OpenIncident {
  readonly incident: Incident;
  readonly thread?: MessageRef;
}

/** A workload that concerns somebody, and why. */
export interface Mine {
  readonly workload: WorkloadKey;
  /** A sentence part: `your change is suspected`. */
  readonly why: string;
}

/** Something that we listen to or stand on. */
export interface Watcher {
  /** `Cluster prod`, `GitHub`... */
  readonly name: string;
  readonly state: "well" | "late" | "away" | "unused";
  /** Up to when it is known. */
  readonly until?: Instant;
  /** A sentence or a part of one. */
  readonly text?: string;
}

/** How right the first suspect was, as far as people said afterwards. */
export interface Accuracy {
  /** Incidents of which people said whether the first suspect was it. */
  readonly judged: number;
  /** The first was it; and: one of those named was it. */
  readonly first: number;
  readonly among: number;
  /** Firsts that were told with 80 % or more; and those of them that were it. */
  readonly sure: number;
  readonly sureRight: number;
}
