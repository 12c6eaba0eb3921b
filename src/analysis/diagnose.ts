import type { Alert, Spike } from "#domain/spike.ts";
import type { Change, Landing, Rollout } from "#domain/change.ts";
import type { Diagnosis, Evidence, Suspect } from "#domain/diagnosis.ts";
import type { Instant, WorkloadKey, WorkloadState } from "#domain/workload.ts";
import type { Ownership } from "#domain/ownership.ts";
import type { Point, Signals } from "#domain/sample.ts";
import type { Usual } from "#domain/incident.ts";
import type { ReadMigration } from "./migrations/operation.ts";
import type { Scene } from "./evidence/scene.ts";
import { type Ranges, type Window, correlate } from "./correlate.ts";
import { lookedAt } from "./looked.ts";
import { comparisonOf } from "./compare.ts";
import { type Onset, findOnset } from "./onset.ts";
import { sharedSlowness, slownessOf } from "./common.ts";
import { climbLastWeek } from "./last-week.ts";
import { wellElsewhere } from "./well-elsewhere.ts";
import { costSeries } from "./cost.ts";
import { findDrift } from "./drift.ts";
import { goodRevision } from "./good-revision.ts";
import { knownPaths } from "./paths.ts";
import { loadOf } from "./traffic.ts";
import type { Past } from "./past/past.ts";
import { surveyOf } from "./evidence/survey.ts";
import { lostAround } from "./evidence/preempted.ts";
import { noneEvidence } from "./evidence/none.ts";
import { rank } from "./rank.ts";
import { rollbackSafety } from "./rollback-safety.ts";

const WINDOW_MS = 72 * 3_600_000;
/** A climb cannot be dated better than this: requests are a rate over a minute, readings come twice a minute. */
const SLACK_MS = 90_000;
const RECENT_MS = 5 * 60_000;
/** Suspects kept. */
const KEPT = 10;
const NAMED_FROM = 0.3;
const NAMED_ABOVE_NONE = 1.5;

export interface DiagnoseInput {
  readonly spike: Spike;
  readonly workload: Pick<WorkloadState, "workload" | "templateHash" | "revision" | "preempted">;
  /** Everything in the window, of every kind; what is later than the onset is read only to know what runs now. */
  readonly changes: readonly Change[];
  readonly alerts: readonly Alert[];
  /** From two hours before the spike until now. */
  readonly signals: Signals;
  /** The same over days, some minutes apart, for what crept up before it climbed. */
  readonly days?: Signals;
  /** The hours around the same time a week before. */
  readonly lastWeek?: Signals;
  /** Mean seconds a request of all workloads, from an hour before the spike. */
  readonly latencies?: ReadonlyMap<WorkloadKey, readonly Point[]>;
  readonly ownership: Ownership;
  /** By rollout id: the full shas it brought, where GitHub knew both ends. */
  readonly rangeOf?: Ranges;
  readonly usual?: Usual;
  /** What the repository's last months say about the landings. */
  readonly past?: Past;
  /** Factors by kind of evidence, from this workspace's verdicts. */
  readonly factors?: Readonly<Record<string, number>>;
  /** What the migrations do whose diffs were read (`readMigrations`). */
  readonly migrations?: readonly ReadMigration[];
  /** A kind of evidence that is left out, to see what it is worth. */
  readonly without?: string;
  /** The correlation window, ms; 72 hours unless said. */
  readonly windowMs?: number;
  readonly now: Instant;
}

/** Which change did it, how sure that is and why; or that none did; and where a rollback would go. */
export function diagnose(input: DiagnoseInput): Diagnosis {
  const { scene, reasons: all } = sceneOf(input);
  const { without } = input;
  const reasons = all.filter(({ kind }) => kind !== without);
  const factors = without === undefined ? input.factors : { ...input.factors, [without]: 0 };
  const { window, own, onset } = scene;
  const { suspects, none, lead } = rank(window.candidates, scene, reasons, { told: KEPT, factors });
  const kept = suspects.slice(0, KEPT);
  const others = suspects.slice(KEPT).reduce((sum, suspect) => sum + suspect.probability, 0);
  const named = lead >= NAMED_ABOVE_NONE ? kept.slice(0, 1).find((top) => top.probability >= NAMED_FROM) : undefined;
  // Going back to an older template undoes no change of another kind, and brings no pod back that others took the place of.
  const isElsewhere = named?.subject.kind === "other" || scene.preempted !== undefined;
  const rollout = isElsewhere ? undefined : ((named && rolloutOf(named, window)) ?? window.preceding);
  return {
    at: input.now,
    suspects: kept.map(slim),
    others,
    none,
    noneEvidence: reasons,
    named: named !== undefined,
    onsetAt: onset.at,
    rollout,
    goodRevision: rollout && goodRevision(rollout, window.rollouts),
    rollbackSafety: safetyOf(rollout, named, window, own, input.migrations),
    ...comparisonOf(rollout, window, own),
    candidates: window.candidates.length,
    looked: lookedAt(window.candidates),
  };
}

function sceneOf(input: DiagnoseInput): { scene: Scene; reasons: Evidence[] } {
  const { spike, changes, alerts, signals, ownership, rangeOf, usual, past, windowMs = WINDOW_MS, now } = input;
  const onset = withSlack(findOnset(spike, signals, now), changes, spike);
  const window = correlate({ workload: spike.workload, changes, ownership, rangeOf, onset, windowMs, now });
  const own = knownPaths(ownership, window.landings);
  const heard = alerts.filter((alert) => alert.at <= now);
  const drift = input.days && findDrift(costSeries(input.days), onset.at - SLACK_MS);
  const said = heard.length > 0 ? heard.map((alert) => alert.message).join("\n") : undefined;
  const about = { workload: spike.workload, onsetAt: onset.at, now };
  const slowness = slownessOf(input.latencies ?? new Map(), about);
  const lastWeek = input.lastWeek && climbLastWeek(input.lastWeek.replicas, onset.at);
  const shared = sharedSlowness(slowness);
  const lost = lostAround(input.workload.preempted, onset.at);
  const scene: Scene = {
    workload: input.workload.workload,
    onset,
    window,
    ownership,
    own,
    alerts: heard,
    regime: "rollouts",
    ...(drift ? { drift } : {}),
    ...(lost ? { preempted: lost } : {}),
    ...(past ? { past } : {}),
    wellElsewhere: wellElsewhere({ ...about, landings: window.landings, rollouts: changes.filter(isRollout), slowness }),
    survey: surveyOf(window.candidates, own, said, [input.workload.workload.namespace, input.workload.workload.name]),
  };
  return {
    scene,
    reasons: noneEvidence(loadOf(spike, signals, onset.at, usual, now), window, onset, { drift, shared, lastWeek }),
  };
}

function isRollout(change: Change): change is Rollout {
  return change.kind === "rollout";
}

/** A rollout just after the fitted beginning, and before the climb was clear, may still be what began it; unless one just before could. */
function withSlack(onset: Onset, changes: readonly Change[], spike: Spike): Onset {
  const until = Math.min(onset.clearAt, onset.at + SLACK_MS);
  const own = changes.filter((change) => change.kind === "rollout" && change.workload === spike.workload);
  const late = own.filter((change) => change.at > onset.at && change.at <= until);
  // The launch of a workload changed nothing that ran before.
  const early = own.some(
    (change) => change.kind === "rollout" && change.revision !== 1 && change.at <= onset.at && change.at >= onset.at - RECENT_MS,
  );
  return late.length === 0 || early ? onset : { ...onset, at: Math.min(...late.map((change) => change.at)) };
}

function rolloutOf(suspect: Suspect, window: Window): Rollout | undefined {
  return suspect.subject.kind === "rollout" ? suspect.subject.rollout : window.rolloutOf.get(suspect.id);
}

function safetyOf(
  rollout: Rollout | undefined,
  suspect: Suspect | undefined,
  window: Window,
  own: readonly string[],
  read: readonly ReadMigration[] | undefined,
): Diagnosis["rollbackSafety"] {
  const rollouts = rollout ? window.rollouts.filter((other) => other.at >= rollout.at) : [];
  const ids = new Set(rollouts.map((other) => other.id));
  const landings = window.landings.filter((landing) => ids.has(window.rolloutOf.get(landing.id)?.id ?? ""));
  return rollbackSafety({
    rollouts,
    landings,
    own,
    ...(read && { read }),
    ...(suspect?.subject.kind === "landing" ? { suspect: suspect.subject.landing } : {}),
  });
}

/** Without diffs and with few paths: an incident is stored and sent. */
function slim(suspect: Suspect): Suspect {
  if (suspect.subject.kind !== "landing") return suspect;
  const { landing } = suspect.subject;
  const files = landing.files.slice(0, 30).map(({ patch: _read, ...file }) => file);
  const short: Landing = { ...landing, message: landing.message.slice(0, 2_000), files };
  return { ...suspect, subject: { kind: "landing", landing: short } };
}
