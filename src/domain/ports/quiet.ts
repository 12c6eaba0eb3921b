import type { Follower, QuietHours, Silence, Waiting } from "#domain/quiet.ts";
import type { StormView, Weather } from "#domain/storm.ts";
import type { Incident } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import type { MessageRef } from "./store.ts";
import type { Named } from "#domain/told.ts";

/** What people said is not to be told for a while. */
export interface SilencePort {
  /** Replaces what stood for its pattern. False: there are too many. */
  saveSilence(silence: Silence): Promise<boolean>;
  /** False: there was none. */
  forgetSilence(pattern: string): Promise<boolean>;
  /** Those that are not over. */
  silences(): Promise<Silence[]>;
}

/** Who is told what in a direct message, and what waits for them. */
export interface FollowerPort {
  /** Replaces what stood for the person; one without a pattern and without quiet hours is forgotten. */
  saveFollower(follower: Follower): Promise<void>;
  findFollower(user: string): Promise<Follower | undefined>;
  /** With what waits for them. */
  forgetFollower(user: string): Promise<void>;
  followers(): Promise<Follower[]>;
  /** The latest of an incident counts. */
  saveWaiting(user: string, waiting: Waiting): Promise<void>;
  forgetWaiting(user: string, incidentIds: readonly string[]): Promise<void>;
  waiting(user: string): Promise<Waiting[]>;
}

/** What came to a channel of late. */
export interface WeatherPort {
  findWeather(channel: string): Promise<Weather>;
  /** Compare-and-set: reads, applies `change`, and starts over when somebody else wrote between. Undefined: nothing to do. */
  updateWeather(channel: string, change: (weather: Weather) => Weather | undefined): Promise<Weather>;
}

/** An incident, and where its thread stands; absent: it has none. */
export interface Heard {
  readonly incident: Incident;
  readonly thread?: MessageRef;
}

/** What a person is told in a direct message. */
export type DirectNews =
  | { readonly kind: "opened" | "settled"; readonly about: Heard }
  /** What came while it was quiet for them and is still of interest. */
  | { readonly kind: "digest"; readonly open: readonly Heard[]; readonly settled: readonly Heard[]; readonly until: Instant }
  | { readonly kind: "storm"; readonly storm: StormView; readonly incidents: readonly Incident[]; readonly thread?: MessageRef };

/** What the mouth says of storms and to people; each is seen once, however often it is said. */
export interface QuietMouth {
  /** One message a storm, edited in place. */
  sayStorm(view: StormView, now: Instant): Promise<void>;
  /** In its thread: it has become worth calling who is on call. */
  sayStormCall(view: StormView, urgent: readonly Incident[], onCall: readonly Named[]): Promise<void>;
  /** A direct message to a Slack user. */
  sayDirect(user: string, news: DirectNews, now: Instant): Promise<void>;
}

/** Somebody wants nothing told of a workload, or of those that a pattern means, for a while; or again. */
export interface SilenceRequest {
  /** As they wrote it. */
  readonly workload: string;
  readonly what: { readonly kind: "off" } | { readonly kind: "until"; readonly until: Instant; readonly reason: string };
  readonly user: string;
}

/** What came of it. */
export type SilenceAnswer =
  | Unknown
  | { readonly kind: "refused"; readonly text: string }
  | { readonly kind: "off"; readonly pattern: string; readonly was: boolean }
  | { readonly kind: "set"; readonly silence: Silence; readonly workloads: number };

interface Unknown {
  readonly kind: "unknown";
  readonly similar: readonly string[];
}

/** Somebody wants to be told of a workload, or of those that a pattern means; or not any more. */
export interface FollowRequest {
  /** As they wrote it. */
  readonly workload: string;
  readonly user: string;
}

/** What came of it. */
export type FollowAnswer =
  | Unknown
  | { readonly kind: "refused"; readonly text: string }
  | { readonly kind: "follows"; readonly pattern: string; readonly workloads: number }
  | { readonly kind: "unfollows"; readonly pattern: string; readonly was: boolean };

/** What people may ask about being told. */
export interface QuietPort {
  silence(request: SilenceRequest): Promise<SilenceAnswer>;
  silences(): Promise<Silence[]>;
  subscribe(request: FollowRequest): Promise<FollowAnswer>;
  unsubscribe(request: FollowRequest): Promise<FollowAnswer>;
  subscriptions(user: string): Promise<Follower | undefined>;
  /** Their own quiet hours; `off`: none at all. */
  keepQuiet(user: string, quiet: QuietHours | "off"): Promise<void>;
}
