import type { Instant, WorkloadKey } from "#domain/workload.ts";
import type { MessageRef } from "./store.ts";

/** The post-incident report of an incident. */
export interface ReportPort {
  /** Makes the report of what was asked for, and shares it unless it stands in its thread as it is. Throws what sharing throws. */
  report(request: ReportRequest, share: ShareReport): Promise<ReportAnswer>;
}

/** Somebody asks for a report. */
export interface ReportRequest {
  /** An incident's id, or the name of what it was about; as they wrote it. */
  readonly asked: string;
  /** Slack user id. */
  readonly user: string;
}

/** A report to be put into an incident's thread. */
export interface ReportDraft {
  readonly incidentId: string;
  /** Plain, for the file's title. */
  readonly title: string;
  readonly fileName: string;
  readonly markdown: string;
  /** From 1 on: another one each time that there was something new to say. */
  readonly number: number;
  readonly user: string;
  readonly thread: MessageRef;
}

export type ShareReport = (draft: ReportDraft) => Promise<void>;

/** What came of it. */
export type ReportAnswer =
  /** Nothing on record is called that, or several are. */
  | { readonly kind: "unknown"; readonly similar: readonly WorkloadKey[] }
  | { readonly kind: "refused"; readonly text: string }
  /** `same`: nothing has changed since it was put there. */
  | {
      readonly kind: "shared" | "same";
      readonly incidentId: string;
      readonly workload: WorkloadKey;
      readonly number: number;
      readonly at: Instant;
      readonly thread: MessageRef;
    };

/** The newest report of an incident. */
export interface MadeReport {
  readonly number: number;
  readonly at: Instant;
  /** Of what it says, but for its number and its moment. */
  readonly digest: string;
}

/** Which reports were made; kept as long as their incidents. */
export interface ReportLogPort {
  findReport(incidentId: string): Promise<MadeReport | undefined>;
  saveReport(incidentId: string, made: MadeReport): Promise<void>;
}
