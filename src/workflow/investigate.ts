import type { Alert } from "#domain/spike.ts";
import type { Change, ChangedFile, Landing, Rollout } from "#domain/change.ts";
import type { Diagnosis } from "#domain/diagnosis.ts";
import type { GitHubPort, PrometheusPort } from "#domain/ports/cluster.ts";
import type { Incident } from "#domain/incident.ts";
import type { Instant, WorkloadKey, WorkloadState } from "#domain/workload.ts";
import type { LoadSql } from "#domain/ports/sql.ts";
import type { LedgerPort, VerdictPort } from "#domain/ports/store.ts";
import type { Ownership } from "#domain/ownership.ts";
import { noSignals } from "#domain/sample.ts";
import { codeSha } from "#analysis/correlate.ts";
import { type DiagnoseInput, diagnose } from "#analysis/diagnose.ts";
import { factorsOf } from "#analysis/verdicts.ts";
import { readMigrations } from "#analysis/migrations/read.ts";
import { messageOf } from "#lib/errors.ts";
import type { Log } from "#lib/log.ts";
import type { Memo } from "./memo.ts";
import { createPastReader } from "./past.ts";
import { createSurroundings } from "./surroundings.ts";

interface Verbs
  extends
    Pick<LedgerPort, "changesBetween" | "alertsBetween">,
    Pick<PrometheusPort, "signals">,
    Partial<Pick<PrometheusPort, "latencies">>,
    Partial<Pick<VerdictPort, "verdicts">>,
    Pick<GitHubPort, "files" | "commitsBetween"> {
  /** `changes` are those of the window. */
  readonly ownershipOf: (state: WorkloadState, changes: readonly Change[]) => Promise<Ownership>;
  /** The same changes, with what can be learnt of the commits that the workload's rollouts were built from. */
  readonly withCommits: (
    key: WorkloadKey,
    repository: string | undefined,
    changes: readonly Change[],
  ) => Promise<readonly Change[]>;
  /** For the migrations that a rollback would undo. */
  readonly loadSql: LoadSql;
}

export interface InvestigateOptions {
  readonly verbs: Verbs;
  readonly windowMs: number;
  readonly ranges: Memo<readonly string[] | undefined>;
  readonly files: Memo<readonly ChangedFile[]>;
  /** Keeps what the diagnosis was given. */
  readonly record?: (incidentId: string, input: DiagnoseInput) => Promise<void>;
  readonly log: Log;
}

/** What an investigation read and concluded. */
export interface Finding {
  readonly diagnosis: Diagnosis;
  readonly changes: readonly Change[];
  readonly alerts: readonly Alert[];
}

const lookBackMs = 2 * 3_600_000;
/** Diffs are read for the few that matter; the API's quota is shared with everything else. */
const diffsRead = 5;
/** And for the landings with migrations that a rollback would undo. */
const migrationsRead = 10;
/** Commits that one comparison gives at most. */
const maxRange = 250;
const maxAlerts = 50;
/** A whole cluster runs everybody's code. */
const nobodys: Ownership = { paths: [], from: "unknown" };

/** Reads the window before a spike and ranks what could have done it. */
export function createInvestigate(
  options: InvestigateOptions,
): (incident: Incident, state: WorkloadState | undefined, now: Instant) => Promise<Finding> {
  const { verbs, windowMs } = options;
  const pastAt = createPastReader(verbs);
  const around = createSurroundings(options);
  return async (incident, state, now) => {
    const { spike, usual } = incident;
    const [window, heard, signals, past, surroundings, factors] = await Promise.all([
      verbs.changesBetween(spike.startedAt - windowMs, now),
      verbs.alertsBetween(spike.startedAt - lookBackMs, now),
      state ? verbs.signals(incident.key, spike.startedAt - lookBackMs, now, 30) : noSignals,
      pastAt(now),
      around(incident, now, state !== undefined),
      readFactors(verbs),
    ]);
    const alerts = heard.filter((alert) => isAbout(alert, incident)).slice(-maxAlerts);
    const ownership = state ? await verbs.ownershipOf(state, window) : nobodys;
    const changes = await verbs.withCommits(incident.key, ownership.repository, window);
    const rangeOf = await readRanges(options, ownership, rolloutsOf(changes, incident.key));
    const input = {
      spike,
      workload: state ?? placeOf(incident),
      alerts,
      signals,
      ...surroundings,
      ownership,
      rangeOf,
      usual,
      past,
      factors,
      windowMs,
      now,
    };
    const diagnosis = await diagnoseTwice(options, incident.id, { ...input, changes });
    return { diagnosis: { ...diagnosis, ownership }, changes, alerts };
  };
}

/** Once to see who leads, and, if their diffs can be read, once more with these. */
async function diagnoseTwice(options: InvestigateOptions, incidentId: string, input: DiagnoseInput): Promise<Diagnosis> {
  const first = diagnose(input);
  const changes = await readDiffs(options, first, input.changes);
  const migrations = changes && (await readMigrations(landingsOf(changes), options.verbs.loadSql));
  const last = changes ? { ...input, changes, migrations } : input;
  await options.record?.(incidentId, last);
  return changes ? diagnose(last) : first;
}

/** Of a cluster or a namespace only the place is known. */
function placeOf({ workload }: Incident): Pick<WorkloadState, "workload"> {
  return { workload: { ...workload, kind: "Deployment" } };
}

function rolloutsOf(changes: readonly Change[], key: WorkloadKey): Rollout[] {
  return changes.filter((change) => change.kind === "rollout").filter((rollout) => rollout.workload === key);
}

async function readFactors(verbs: Verbs): Promise<Readonly<Record<string, number>>> {
  return factorsOf((await verbs.verdicts?.()) ?? []);
}

function landingsOf(changes: readonly Change[]): Landing[] {
  return changes.filter((change) => change.kind === "landing");
}

/** Alerts that name another workload or namespace are somebody else's. */
function isAbout({ namespace, workload }: Alert, { workload: hurt }: Incident): boolean {
  const isInside = hurt.namespace === "" || namespace === undefined || namespace === hurt.namespace;
  return isInside && (hurt.name === "" || workload === undefined || workload === hurt.name);
}

/** Which commits each rollout brought, where GitHub knows both ends. */
async function readRanges(
  options: InvestigateOptions,
  { repository }: Ownership,
  rollouts: readonly Rollout[],
): Promise<Record<string, readonly string[]>> {
  const ranges: Record<string, readonly string[]> = {};
  if (!repository) return ranges;
  for (const { id, commit, previousCommit } of rollouts.slice(-10)) {
    const [base, head] = [codeSha(previousCommit), codeSha(commit)];
    if (!base || !head || base === head) continue;
    const key = `${repository}@${base}...${head}`;
    try {
      const range = await options.ranges(key, () => options.verbs.commitsBetween(repository, base, head));
      // A range that was cut at GitHub's limit would make its newest commits look innocent.
      if (range && range.length < maxRange) ranges[id] = range;
    } catch (error) {
      options.log.warn({ range: key, error: messageOf(error) }, "Cannot read a commit range");
    }
  }
  return ranges;
}

/** The changes with the diffs filled in of the leading suspects and of migrations in the way of a rollback, or undefined when nothing could be added. */
async function readDiffs(
  options: InvestigateOptions,
  { suspects, rollbackSafety }: Diagnosis,
  changes: readonly Change[],
): Promise<readonly Change[] | undefined> {
  const read = new Map<string, readonly ChangedFile[]>();
  const leading = suspects.slice(0, diffsRead).flatMap(({ subject }) => (subject.kind === "landing" ? [subject.landing.id] : []));
  const wanted = new Set([...leading, ...(rollbackSafety.unread ?? []).slice(0, migrationsRead)]);
  for (const change of changes) {
    if (change.kind !== "landing" || !wanted.has(change.id)) continue;
    const { id, repository, sha } = change;
    try {
      read.set(id, await options.files(`${repository}@${sha}`, () => options.verbs.files(repository, sha)));
    } catch (error) {
      options.log.warn({ repository, sha, error: messageOf(error) }, "Cannot read a diff");
    }
  }
  if (read.size === 0) return undefined;
  return changes.map((change) => {
    const files = read.get(change.id);
    return files && change.kind === "landing" ? withDiffs(change, files) : change;
  });
}

/** The webhook lists more paths than the API gives diffs for: none of them is lost. */
function withDiffs(landing: Landing, read: readonly ChangedFile[]): Landing {
  const known = new Set(read.map((file) => file.path));
  const files = [...read, ...landing.files.filter((file) => !known.has(file.path))];
  return { ...landing, files, filesTotal: Math.max(landing.filesTotal, files.length) };
}
