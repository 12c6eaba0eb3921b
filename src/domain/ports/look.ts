import type { Change } from "#domain/change.ts";
import type { Incident, TimelineEntry } from "#domain/incident.ts";
import type { Named } from "#domain/named.ts";
import type { Step } from "#domain/plan.ts";
import type { Instant, WorkloadKey } from "#domain/workload.ts";
import type { MessageRef } from "./store.ts";

/** What may be looked up by anybody; nothing here changes or records anything. */
export interface LookPort {
  /** The workload that a person means, forgiving about how they write it. */
  findNamed(asked: string): Promise<Named>;
  /** The workloads that a text of people or tools names, written out; foreign text of any length. */
  namedIn(text: string): Promise<readonly WorkloadKey[]>;
  /** What happened to a workload since a moment, oldest first. */
  happenedTo(key: WorkloadKey, from: Instant): Promise<readonly Happening[]>;
  /** Everything that changed since a moment, oldest first. */
  changesSince(from: Instant): Promise<readonly Change[]>;
  findIncident(id: string): Promise<Incident | undefined>;
  findOpenIncident(key: WorkloadKey): Promise<Incident | undefined>;
  openIncidents(): Promise<Incident[]>;
  /** Those that were opened since a moment, open or not, newest first; at most 100. */
  incidentsSince(from: Instant): Promise<Incident[]>;
  /** The incident of whose thread this is the first message. */
  findIncidentAt(thread: MessageRef): Promise<Incident | undefined>;
  /** For each step of a plan that could be pressed: may this person? Unlike a press it is on no record. Throws only where the store is away. */
  pressable(user: string, incident: Incident): Promise<readonly Pressable[]>;
  /** The nodes of every cluster that is watched. */
  pools(): Promise<readonly PoolView[]>;
}

/** One thing that happened. Texts are plain and foreign: the mouth escapes. */
export interface Happening extends TimelineEntry {
  /** Who did it: Slack user ids, with a comma between, or a name. */
  readonly by?: string;
  readonly url?: string;
}

/** A step that could be pressed now, and what the rules say of a person. */
export interface Pressable {
  readonly step: Step;
  readonly allowed: boolean;
  /** They may act against the rules, with a reason. */
  readonly breakGlass: boolean;
  /** A sentence: why, and which rule says so. */
  readonly text: string;
}

/** The nodes of one cluster, now. */
export interface PoolView {
  readonly cluster: string;
  /** Absent: no agent has told of them. */
  readonly seen?: {
    readonly at: Instant;
    readonly nodes: number;
    readonly cores: number;
    readonly unready: number;
    readonly cordoned: number;
    readonly pendingPods: number;
  };
  /** The median and the highest hour of the last week, where they are known. */
  readonly usual?: number;
  readonly most?: number;
  /** Nodes that joined since the first of the open incidents began. */
  readonly born?: { readonly nodes: number; readonly since: Instant };
}
