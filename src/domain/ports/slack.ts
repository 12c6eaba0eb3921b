import type { Author } from "#domain/change.ts";
import type { Expectation } from "#domain/expectation.ts";
import type { Incident, Picture } from "#domain/incident.ts";
import type { QuietPort } from "./quiet.ts";
import type { Sample } from "#domain/sample.ts";
import type { Instant } from "#domain/workload.ts";
import type { AuditRecord } from "#domain/audit.ts";
import type { Phase } from "#domain/phases.ts";
import type { Person, Stop } from "#domain/policy.ts";
import type { PreviewResult } from "#domain/order.ts";
import type { Step } from "#domain/plan.ts";

/** The mouth. What it says goes to the outbox, which brings it to Slack: each message once, its latest state, in order. */
export interface SlackPort {
  /** The headline as it is now; its course is drawn from the samples, by time. */
  sayHeadline(incident: Incident, now: Instant, samples: readonly Sample[]): Promise<void>;
  /** What speaks for and against each suspect, in its thread. */
  sayEvidence(incident: Incident): Promise<void>;
  /** The timeline in its thread. */
  sayTimeline(incident: Incident): Promise<void>;
  /** A picture in the thread, once, as part `picture/<file>`: from then on those who see the channel may see the file. */
  sayPicture(incident: Incident, picture: Picture): Promise<void>;
  /** A plain reply in the thread, once. */
  sayReply(incident: Incident, part: string, reply: Reply): Promise<void>;
  /** Fills a modal that was opened as a loading view. */
  showPreview(viewId: string, incident: Incident, step: Step, result: PreviewResult, viewer?: Viewer): Promise<void>;
  /** Fills it where there is nothing to preview: the incident or its step is not known any more. */
  showGone(viewId: string, text: string): Promise<void>;
}

export interface Reply {
  /** Plain text, escaped by the mouth. */
  readonly text: string;
  /** Slack user ids mentioned at its end. */
  readonly mention: readonly string[];
  /** Moments told below the text. */
  readonly phases?: readonly Phase[];
  /** Who is on call is mentioned too: an edit of the headline calls nobody. */
  readonly callsOnCall?: boolean;
  /** What was done did not help: who is next in line is mentioned, or who is on call where nobody is named. */
  readonly escalates?: boolean;
  /** It is for the author of this suspect, and is not posted where they have been told, or cannot be. */
  readonly callsAuthor?: { readonly suspect: string; readonly author: Author };
}

/** Who people are. Verbs throw where Slack cannot say: who cannot be told may not act. */
export interface PeoplePort {
  person(id: string): Promise<Person>;
  /** Slack user id behind an address; undefined where Slack knows none. */
  byEmail(email: string): Promise<string | undefined>;
}

/** What the person who looks at a preview may do about it. Plain data: it travels with the preview. */
export interface Viewer {
  /** Slack user id, and the verified address. */
  readonly user: string;
  readonly email?: string;
  readonly allowed: boolean;
  /** People that must approve; where it is known. */
  readonly approvals?: 1 | 2;
  /** A sentence: why, and which rule says so. */
  readonly text: string;
  /** Who has said yes already, where it takes two and one has. */
  readonly firstYes?: string;
  /** That was to something else than what is shown. */
  readonly isOther?: boolean;
  /** They may act against the rules, with a reason. */
  readonly breakGlass: boolean;
}

/** What a press leads to; answered at once, work goes to a queue. */
export interface PressPort extends QuietPort {
  /** A button: somebody wants to see what a step would do. The modal `viewId` already shows "loading". */
  requestPreview(request: PreviewRequest): Promise<void>;
  /** The modal was submitted. Answers with a sentence for the person. */
  decide(request: DecideRequest): Promise<Decision>;
  /** May this person take this step now? Never throws: who cannot be told may not. */
  mayPress(request: { incidentId: string; stepId: string; user: string }): Promise<Viewer>;
  /** Has this person been allowed anything at all? Never throws. */
  mayJudge(request: JudgeRequest): Promise<boolean>;
  /** Sentences: what this person may do, and why. */
  whoami(user: string): Promise<string[]>;
  /** Turns all acts off or on again; answers with a sentence. */
  stop(request: StopRequest): Promise<{ readonly done: boolean; readonly text: string }>;
  findStop(): Promise<Stop | undefined>;
  /** The newest records, newest first; of one workload where something of its key is named. */
  auditOf(workload: string | undefined): Promise<readonly AuditRecord[]>;
  openIncidents(): Promise<Incident[]>;
  explain(workload: string): Promise<Explanation>;
  expect(request: ExpectRequest): Promise<ExpectAnswer>;
  judge(request: JudgeRequest): Promise<boolean>;
}

/** Somebody wants to see what a step would do. */
export interface PreviewRequest {
  readonly incidentId: string;
  readonly stepId: string;
  readonly viewId: string;
  /** Another one for each choice in the same view; absent: the first. */
  readonly requestId?: string;
  /** What they picked in it. */
  readonly choice?: string;
  readonly viewer: Viewer;
}

/** A submitted modal. */
export interface DecideRequest {
  readonly incidentId: string;
  readonly stepId: string;
  readonly user: string;
  readonly intentHash: string;
  /** Why it should be done against the rules, as the person wrote it. */
  readonly breakGlass?: string;
}

/** Somebody turns all acts off, or on again. */
export interface StopRequest {
  readonly user: string;
  readonly on: boolean;
  /** As they wrote it. */
  readonly reason?: string;
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
