import type { Incident } from "./incident.ts";
import type { Instant } from "./workload.ts";
import type { Named } from "./told.ts";

/** More incidents than this in so many minutes are one message. */
export interface StormSettings {
  readonly incidents: number;
  /** Clock milliseconds. */
  readonly windowMs: number;
  /** Clock milliseconds that a first message waits for others to come with it. */
  readonly waitMs: number;
}

/** What came to one channel of late, and the storm that is on in it. */
export interface Weather {
  /** Within the window, oldest first. */
  readonly arrivals: readonly Arrival[];
  readonly storm?: Storm;
}

/** An incident that was due to be told in the channel. */
export interface Arrival {
  readonly id: string;
  readonly at: Instant;
  /** It has a message of its own. */
  readonly told?: true;
}

/** Incidents that are told in one message. */
export interface Storm {
  readonly id: string;
  readonly startedAt: Instant;
  /** Ids, in the order in which they came. */
  readonly incidents: readonly string[];
  /** Whom its first message called. Absent: it was not said yet. */
  readonly called?: readonly Named[];
  /** In quiet hours it began with what can wait, and called nobody. */
  readonly quietly?: true;
  readonly overAt?: Instant;
}

/** In what incidents can be alike. */
export type SharedKind = "trouble" | "node-pool" | "change" | "image" | "quota" | "namespace" | "cluster";

/** What so many of a storm's incidents share. The name is foreign text. */
export interface Shared {
  readonly kind: SharedKind;
  readonly name: string;
  readonly count: number;
  readonly of: number;
}

/** What a storm's message shows. */
export interface StormView {
  readonly id: string;
  readonly channel: string;
  readonly startedAt: Instant;
  readonly overAt?: Instant;
  /** Whom its first message called. */
  readonly called: readonly Named[];
  /** It began in quiet hours, and called nobody. */
  readonly quietly?: boolean;
  readonly incidents: readonly Incident[];
  readonly shared: readonly Shared[];
}
