import type { Instant } from "./workload.ts";

/** Hours in which what can wait calls nobody, each day that is named. */
export interface QuietHours {
  /** IANA name, e.g. `Europe/Berlin`. */
  readonly timeZone: string;
  /** Minutes after local midnight. Where `to` is not after `from` they end on the next day. */
  readonly from: number;
  readonly to: number;
  /** Days of the week on which they begin; 0 is Sunday. */
  readonly days: readonly number[];
}

/** Somebody said that nothing is to be told of some workloads for a while. */
export interface Silence {
  /** `name`, `namespace/name` or `cluster/namespace/name`; `*` in a part stands for any characters. */
  readonly pattern: string;
  readonly from: Instant;
  readonly until: Instant;
  /** Slack user id. */
  readonly by: string;
  /** Their name, as far as Slack told it: foreign text. */
  readonly byName?: string;
  /** As they wrote it: foreign text. */
  readonly reason: string;
}

/** A person who is told of some workloads in a direct message. */
export interface Follower {
  /** Slack user id. */
  readonly user: string;
  /** As a silence's. */
  readonly patterns: readonly string[];
  /** Their own; `off`: never quiet; absent: those of the configuration. */
  readonly quiet?: QuietHours | "off";
}

/** A direct message that waits for the end of somebody's quiet hours. */
export interface Waiting {
  readonly incidentId: string;
  readonly what: "opened" | "settled";
  readonly at: Instant;
}

/** How an incident is told: settled when its first message is due, and kept to by every edit. */
export interface Telling {
  /** Since when it has a message of its own; absent: it is silenced, waits, or is told as one of a storm. */
  readonly toldAt?: Instant;
  /** Why its first message calls nobody; absent: it calls. */
  readonly callsNobody?: "quiet-hours" | "storm";
  /** It came while somebody had silenced its workload. */
  readonly silenced?: Pick<Silence, "by" | "byName" | "reason" | "until">;
  /** It settled as one of a storm, whose table told that. */
  readonly endedInStorm?: true;
  /** Slack user ids of those who were told in a direct message that it opened. */
  readonly openedTo?: readonly string[];
  /** The last that its followers were told, or is kept for them. */
  readonly followers?: Waiting["what"];
}
