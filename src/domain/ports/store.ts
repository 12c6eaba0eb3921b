import type { AuditEntry, AuditRecord } from "#domain/audit.ts";
import type { Sample } from "#domain/sample.ts";
import type { Rights } from "#domain/rights.ts";
import type { Stop } from "#domain/policy.ts";
import type { Verdict } from "#domain/verdict.ts";
import type { Intent } from "#domain/intent.ts";
import type { Alert } from "#domain/spike.ts";
import type { Baseline } from "#domain/baseline.ts";
import type { Change } from "#domain/change.ts";
import type { Illness } from "#domain/illness.ts";
import type { Expectation } from "#domain/expectation.ts";
import type { Incident } from "#domain/incident.ts";
import type { PoolNormal } from "#domain/pool-normal.ts";
import type { Instant, PoolState, WorkloadKey, WorkloadState } from "#domain/workload.ts";

/** Every change of every kind, by time. Kept 30 days. */
export interface LedgerPort {
  /** Adds what is not known yet (by id); a repeat replaces the record at the same id and time. Resolves once Redis has it. */
  addChanges(changes: readonly Change[]): Promise<void>;
  /** Changes with `from <= at <= to`, oldest first. Two round trips, however many there are. */
  changesBetween(from: Instant, to: Instant): Promise<Change[]>;
  addAlert(alert: Alert): Promise<void>;
  alertsBetween(from: Instant, to: Instant): Promise<Alert[]>;
  /** The last commit of a branch that the ledger has seen, for reconciling after an absence. */
  findLastSeen(repository: string, branch: string): Promise<{ sha: string; at: Instant } | undefined>;
  rememberLastSeen(repository: string, branch: string, seen: { sha: string; at: Instant }): Promise<void>;
}

/** What the agent of one cluster keeps. */
export interface ClusterPort {
  saveBaselines(cluster: string, baselines: readonly Baseline[]): Promise<void>;
  loadBaselines(cluster: string): Promise<Baseline[]>;
  /** Latest readings, overwritten each time. */
  saveWorkloads(cluster: string, states: readonly WorkloadState[]): Promise<void>;
  forgetWorkloads(cluster: string, keys: readonly WorkloadKey[]): Promise<void>;
  findWorkload(key: WorkloadKey): Promise<WorkloadState | undefined>;
  workloads(cluster: string): Promise<WorkloadState[]>;
  savePool(pool: PoolState): Promise<void>;
  findPool(cluster: string): Promise<PoolState | undefined>;
  /** The moment up to which what is stored is what the cluster says. */
  saveSeenUntil(cluster: string, at: Instant): Promise<void>;
  findSeenUntil(cluster: string): Promise<Instant | undefined>;
}

/** What people expect of the workloads of one cluster. */
export interface ExpectationPort {
  /** Replaces what stood for its workload. */
  saveExpectation(cluster: string, expectation: Expectation): Promise<void>;
  /** False: there was none. */
  forgetExpectation(cluster: string, key: WorkloadKey): Promise<boolean>;
  expectations(cluster: string): Promise<Expectation[]>;
}

/** What is wrong now in one cluster, by subject: a workload's key, or that of a cluster or namespace. */
export interface IllnessPort {
  /** Overwrites what stood for each subject; an empty list forgets it. */
  saveIllnesses(cluster: string, entries: readonly IllnessEntry[]): Promise<void>;
  findIllnesses(cluster: string, key: WorkloadKey): Promise<readonly Illness[]>;
  illnesses(cluster: string): Promise<IllnessEntry[]>;
  savePoolNormal(cluster: string, normal: PoolNormal): Promise<void>;
  findPoolNormal(cluster: string): Promise<PoolNormal | undefined>;
}

export interface IllnessEntry {
  readonly key: WorkloadKey;
  readonly illnesses: readonly Illness[];
}

export interface IncidentPort {
  /** Opens it unless one is open for the same workload; returns the one that stands. Atomic. */
  openIncident(incident: Incident): Promise<{ incident: Incident; opened: boolean }>;
  findIncident(id: string): Promise<Incident | undefined>;
  /** The open (not settled) incident of a workload. */
  findOpenIncident(key: WorkloadKey): Promise<Incident | undefined>;
  openIncidents(): Promise<Incident[]>;
  /** Opened since a moment, in whatever state, newest first; at most 100. */
  incidentsSince(from: Instant): Promise<Incident[]>;
  /** Of each subject that has had one within a year, the id of its newest, open or not. */
  latestIncidents(): Promise<ReadonlyMap<WorkloadKey, string>>;
  /**
   * Compare-and-set: reads, applies `change`, writes at `version + 1`, and starts over when someone else wrote between.
   * `change` may return undefined for "nothing to do". A settled incident leaves the index of open ones. Returns what stands.
   */
  updateIncident(id: string, change: (incident: Incident) => Incident | undefined): Promise<Incident | undefined>;
}

/** What an incident's picture is drawn from, kept as long as the incident. */
export interface SamplePort {
  /** By time. */
  samples(incidentId: string): Promise<readonly Sample[]>;
  /** Replaces what stood. */
  saveSamples(incidentId: string, samples: readonly Sample[]): Promise<void>;
}

/** A claim is taken once: the first caller gets true, all others false until it ends or is released. */
export interface ClaimPort {
  claim(name: string, owner: string, forMs: number): Promise<boolean>;
  claimOwner(name: string): Promise<string | undefined>;
  release(name: string, owner: string): Promise<void>;
}

/** The record of everything that was proposed, asked, refused, approved, done and seen: a chain, appended and never trimmed. */
export interface AuditPort {
  /** Resolves once Redis has it. What has a key and stands there already, but for its moment, is not written again. */
  audit(entry: AuditEntry): Promise<void>;
  /** The highest number that was ever given out, also where its record is gone; 0: none. */
  auditIssued(): Promise<number>;
  /** Newest first. */
  auditNewest(count: number): Promise<AuditRecord[]>;
  /** Oldest first, from a number on; what cannot be read is named by its place. */
  auditRecords(from?: number): AsyncIterable<AuditRecord | { readonly unreadable: string }>;
}

/** Where in Slack a message stands. */
export interface MessageRef {
  readonly channel: string;
  readonly ts: string;
}

/** Which message shows what; the outbox writes it. `part` is `headline`, `timeline`, or a reply's natural id. */
export interface MessagePort {
  findMessage(incidentId: string, part: string): Promise<MessageRef | undefined>;
}

/** What was shown to a person, by its digest, so that a yes can be bound to it. Forgotten after `forMs` wall milliseconds. */
export interface IntentPort {
  saveIntent(digest: string, intent: Intent, forMs: number): Promise<void>;
  findIntent(digest: string): Promise<Intent | undefined>;
}

/** What the agent of a cluster may do to a workload, as it last asked. */
export interface RightsPort {
  saveRights(cluster: string, key: WorkloadKey, rights: Rights): Promise<void>;
  findRights(cluster: string, key: WorkloadKey): Promise<Rights | undefined>;
}

/** Whether all acts are off. */
export interface StopPort {
  saveStop(stop: Stop): Promise<void>;
  /** False: it was not on. */
  forgetStop(): Promise<boolean>;
  findStop(): Promise<Stop | undefined>;
}

/** What people said of suspects, for the whole workspace. */
export interface VerdictPort {
  /** The last word on a suspect of an incident counts. */
  saveVerdict(verdict: Verdict): Promise<void>;
  /** False when there was none. */
  forgetVerdict(incidentId: string, suspectId: string): Promise<boolean>;
  verdicts(): Promise<Verdict[]>;
}
