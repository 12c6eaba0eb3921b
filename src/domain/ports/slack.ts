import type { Expectation } from "#domain/expectation.ts";
import type { Incident } from "#domain/incident.ts";
import type { Instant } from "#domain/workload.ts";
import type { MessageRef } from "./store.ts";
import type { PreviewResult, Step } from "#domain/plan.ts";

/** The mouth. Every verb throws TemporaryError when Slack says "later", and posts at most once when it succeeds. */
export interface SlackPort {
  /** Posts the headline with metadata `{ incident, part: "headline" }`. */
  postHeadline(incident: Incident, now: Instant): Promise<MessageRef>;
  updateHeadline(ref: MessageRef, incident: Incident, now: Instant): Promise<void>;
  /** Posts or, with `ref`, edits the timeline in the thread. */
  postTimeline(headline: MessageRef, incident: Incident, now: Instant): Promise<MessageRef>;
  updateTimeline(ref: MessageRef, incident: Incident, now: Instant): Promise<void>;
  /** A plain reply in the thread, with metadata `{ incident, part }`. */
  postReply(headline: MessageRef, incident: Incident, part: string, reply: Reply): Promise<MessageRef>;
  /** Reads the channel (or, with `headline`, its thread) back by metadata; undefined when it is not there or may not be read. */
  findPosted(incidentId: string, part: string, headline?: MessageRef): Promise<MessageRef | undefined>;
  /** Fills a modal that was opened as a loading view. `step` undefined: the incident or step is gone. */
  showPreview(viewId: string, incident: Incident, step: Step, result: PreviewResult): Promise<void>;
}

export interface Reply {
  /** Plain text, escaped by the mouth. */
  readonly text: string;
  /** Slack user ids mentioned at its end. */
  readonly mention: readonly string[];
  /** Who is on call is mentioned too: an edit of the headline calls nobody. */
  readonly callsOnCall?: boolean;
}

/** What a press leads to; answered at once, work goes to a queue. */
export interface PressPort {
  /** A button: somebody wants to see what a step would do. The modal `viewId` already shows "loading". */
  requestPreview(request: { incidentId: string; stepId: string; user: string; viewId: string }): Promise<void>;
  /** The modal was submitted. Answers with a sentence for the person. */
  decide(request: { incidentId: string; stepId: string; user: string; intentHash: string }): Promise<Decision>;
  mayPress(user: string): boolean;
  openIncidents(): Promise<Incident[]>;
  explain(workload: string): Promise<Explanation>;
  expect(request: ExpectRequest): Promise<ExpectAnswer>;
  judge(request: JudgeRequest): Promise<boolean>;
}

/** Somebody says whether a suspect was it; without `right` they take their word back. */
export interface JudgeRequest {
  readonly incidentId: string;
  readonly suspectId: string;
  readonly right?: boolean;
  readonly user: string;
}

/** Somebody expects a workload to grow, or takes that back (`off`). */
export interface ExpectRequest {
  /** As they wrote it. */
  readonly workload: string;
  readonly what: { readonly kind: "off" } | { readonly kind: "until"; readonly until: Instant; readonly times?: number };
  readonly user: string;
}

/** What came of it. */
export type ExpectAnswer =
  | { readonly kind: "unknown"; readonly similar: readonly string[] }
  | { readonly kind: "refused"; readonly text: string }
  | { readonly kind: "off"; readonly workload: string; readonly was: boolean }
  | { readonly kind: "set"; readonly expectation: Expectation; readonly usual?: number };

export type Decision =
  | { readonly kind: "accepted"; readonly text: string }
  | { readonly kind: "already-done"; readonly text: string }
  | { readonly kind: "refused"; readonly text: string };

/** Answer to `/k8s-why <workload>`: why is it at this size? */
export type Explanation =
  | { readonly kind: "unknown"; readonly similar: readonly string[] }
  | { readonly kind: "incident"; readonly incident: Incident }
  | {
      readonly kind: "calm";
      readonly workload: string;
      readonly desired: number;
      readonly ready: number;
      readonly ceiling?: number;
      readonly floor?: number;
      /** Usual count, when known. */
      readonly usual?: number;
      readonly cpuPercent?: number;
      readonly targetCpuPercent?: number;
      /** What somebody expects of it now. */
      readonly expected?: Expectation;
      /** Sentences: recent changes of this workload, newest first. */
      readonly recent: readonly string[];
    };
