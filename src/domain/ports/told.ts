import { type Callee, type Named, type Told, toldIn } from "#domain/told.ts";
import type { Incident } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import type { Reply } from "./slack.ts";

/** Somebody who is on call, as a schedule names them. Foreign text. */
export interface OnCallPerson {
  readonly name?: string;
  readonly email?: string;
}

/** Schedules of who is on call. */
export interface OnCallPort {
  /** Who is on call at this moment. Throws a sentence where the schedule cannot be asked. */
  onCall(schedule: Exclude<Callee, { readonly kind: "slack" }>): Promise<readonly OnCallPerson[]>;
}

/** CODEOWNERS. */
export interface OwnersPort {
  /** Owners of files, and of directories (they end in a slash), by the last line that matches; who owns most of them first. Throws where nobody can say now. */
  owners(repository: string, branch: string, paths: readonly string[]): Promise<readonly string[]>;
}

/** What was decided and who was called, incident by incident; forgotten with it. */
export interface ToldPort {
  findTold(incidentId: string): Promise<Told | undefined>;
  /** Keeps it unless something stands already; returns what stands. Atomic. */
  keepTold(incidentId: string, told: Told): Promise<Told>;
  /** Of these Slack ids those that no other message of the incident calls. Atomic; the same message gets the same answer again. */
  calledBy(incidentId: string, part: string, ids: readonly string[]): Promise<readonly string[]>;
}

/** Who is told of an incident, and where. Neither verb throws for what a vendor cannot say, nor waits long for it. */
export interface TellPort {
  /** Decided when it is first asked for, and kept. */
  toldOf(incident: Incident, now: Instant): Promise<Told>;
  /** The channel that it would be told in now, or is told in. */
  channelOf(incident: Incident): Promise<string>;
  /** Who is on call for any of them now, for a message about them all: several routes may lead to one channel. */
  onCallOf(incidents: readonly Incident[]): Promise<readonly Named[]>;
  /** A reply with whom it calls; undefined: it was for somebody who has been called already, or cannot be. */
  withCalls(incident: Incident, part: string, reply: Reply): Promise<Reply | undefined>;
}

/** Everything in one channel, and nobody is called. */
export function tellAllIn(channel: string): TellPort {
  return {
    toldOf: async () => toldIn(channel),
    channelOf: async () => channel,
    onCallOf: async () => [],
    withCalls: async (_incident, _part, reply) => (reply.callsAuthor ? undefined : reply),
  };
}
