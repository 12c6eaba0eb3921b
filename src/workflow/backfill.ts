import type { Baseline } from "#domain/baseline.ts";
import type { Change } from "#domain/change.ts";
import type { ClusterPort, LedgerPort } from "#domain/ports/store.ts";
import type { GitHubPort, PrometheusPort } from "#domain/ports/cluster.ts";
import { type DetectSettings, learn } from "#analysis/detect.ts";
import { type Instant, type WorkloadKey, type WorkloadState, workloadKey } from "#domain/workload.ts";
import { messageOf } from "#lib/errors.ts";
import type { KnownRepository } from "./ownership.ts";

/** What a cluster says of itself and its past: what runs, and when each revision that it still knows began. */
export interface ClusterPast {
  readonly workloads: readonly WorkloadState[];
  readonly changes: readonly Change[];
}

interface Verbs
  extends
    Pick<LedgerPort, "addChanges" | "rememberLastSeen">,
    Pick<ClusterPort, "loadBaselines" | "saveBaselines" | "findSeenUntil">,
    PrometheusPort,
    Pick<GitHubPort, "landingsSince"> {
  readonly readCluster: () => Promise<ClusterPast>;
}

export interface BackfillOptions {
  readonly cluster: string;
  readonly repositories: readonly KnownRepository[];
  readonly settings: DetectSettings;
  /** How far back; the ledger keeps 30 days, a normal needs no more than four weeks. */
  readonly spanMs: number;
  /** The correlation window. */
  readonly windowMs: number;
  readonly now: () => Instant;
  /** Told as soon as it is known: a sentence a source. */
  readonly tell: (report: Report) => void;
}

/** What was filled in from one source, or why it was not. */
export interface Report {
  readonly source: "cluster" | "normal" | "signals" | "landings";
  readonly text: string;
  readonly failed: boolean;
}

const day = 24 * 3_600_000;
const longestNormal = 28 * day;
const learnStepSeconds = 300;
/** An agent that was heard within this long watches now. */
const watchingMs = 60_000;
/** Workloads that are asked for requests and latency. */
const asked = 50;
const batch = 500;

/** Fills the ledger and the normals as far back as the sources know; false when a source could not be read. Ids are natural: twice is once. */
export function createBackfill(verbs: Verbs, options: BackfillOptions): () => Promise<boolean> {
  return async () => {
    let failures = 0;
    const attempt = async <T>(source: Report["source"], what: string, run: () => Promise<{ text: string; value: T }>) => {
      try {
        const { text, value } = await run();
        options.tell({ source, text, failed: false });
        return value;
      } catch (error) {
        failures++;
        options.tell({ source, text: `${what}: ${messageOf(error).replace(/\.+$/, "")}`, failed: true });
        return undefined;
      }
    };
    const keys = await attempt("cluster", "The cluster cannot be read", () => fillRollouts(verbs, options));
    if (keys) {
      await attempt("normal", "Normal cannot be learnt from Prometheus", () => fillNormals(verbs, options, keys));
      await attempt("signals", "Prometheus cannot be asked for requests and latency", () => findSignals(verbs, options, keys));
    }
    for (const repository of options.repositories)
      await attempt("landings", `Landings of ${repository.name} cannot be read`, () => fillLandings(verbs, options, repository));
    return failures === 0;
  };
}

async function fillRollouts(verbs: Verbs, { cluster, spanMs, now }: BackfillOptions) {
  const { workloads, changes } = await verbs.readCluster();
  const past = changes.filter(({ at }) => at >= now() - spanMs);
  for (let at = 0; at < past.length; at += batch) await verbs.addChanges(past.slice(at, at + batch));
  const rollouts = past.filter(({ kind }) => kind === "rollout");
  const built = rollouts.filter((change) => change.kind === "rollout" && change.commit !== undefined).length;
  const text = `Cluster ${cluster}: ${counted(workloads.length, "workload")}, ${counted(rollouts.length, "rollout")} in its revision histories, ${built} of them with a known commit`;
  return { text, value: workloads.map(({ workload }) => workloadKey(workload)) };
}

async function fillNormals(verbs: Verbs, options: BackfillOptions, keys: readonly WorkloadKey[]) {
  const { cluster, settings, spanMs, now } = options;
  const at = now();
  const history = await verbs.replicaHistory(cluster, at - Math.min(spanMs, longestNormal), at, learnStepSeconds);
  const stored = new Map((await verbs.loadBaselines(cluster)).map((baseline) => [baseline.workload, baseline]));
  const learnt = keys.flatMap((key) => {
    const points = history.get(key) ?? [];
    const baseline = points.length > 0 ? learn(key, points, at, settings) : undefined;
    return baseline && isOlder(baseline, stored.get(key)) ? [{ ...baseline, ...told(stored.get(key)) }] : [];
  });
  const found = keys.filter((key) => history.has(key)).length;
  const known = `Normal: ${found} of ${counted(keys.length, "workload")} with a history in Prometheus${spread(learnt, at)}`;
  if (learnt.length > 0 && (await isWatched(verbs, options)))
    return {
      text: `${known}; not taken over, since k8s-why watches this cluster now and keeps its own: stop it, run this again, and start it`,
      value: 0,
    };
  if (learnt.length > 0) await verbs.saveBaselines(cluster, learnt);
  return { text: `${known}; ${learnt.length} learnt, ${found - learnt.length} known already`, value: learnt.length };
}

async function isWatched(verbs: Verbs, { cluster, now }: BackfillOptions): Promise<boolean> {
  const seen = await verbs.findSeenUntil(cluster);
  return seen !== undefined && now() - seen < watchingMs;
}

/** What is stored is replaced only by what reaches back at least a day further. */
function isOlder(learnt: Baseline, stored: Baseline | undefined): boolean {
  return stored === undefined || learnt.since < stored.since - day;
}

/** A spike that was told stays told. */
function told(stored: Baseline | undefined): Partial<Baseline> {
  return { ...(stored?.rollout && { rollout: stored.rollout }), ...(stored?.spike && { spike: stored.spike }) };
}

function spread(learnt: readonly Baseline[], at: Instant): string {
  const weeks = learnt.map(({ since }) => (at - since) / (7 * day));
  return weeks.length === 0 ? "" : `, up to ${Math.max(...weeks).toFixed(1)} weeks of it`;
}

async function findSignals(verbs: Verbs, { now }: BackfillOptions, keys: readonly WorkloadKey[]) {
  const at = now();
  const counts = { requests: 0, latency: 0 };
  const some = keys.slice(0, asked);
  for (const key of some) {
    const { requestsPerSecond, latencySeconds } = await verbs.signals(key, at - day / 24, at, 60);
    if (requestsPerSecond.length > 0) counts.requests++;
    if (latencySeconds.length > 0) counts.latency++;
  }
  const text = `Requests and latency: known to Prometheus for ${counts.requests} and ${counts.latency} of ${counted(some.length, "workload")} looked at; their usual is read anew at each incident`;
  return { text, value: counts };
}

/** First the correlation window, so that what matters most is kept where GitHub's quota ends the rest; what was read once is not asked for again. */
async function fillLandings(verbs: Verbs, { spanMs, windowMs, now }: BackfillOptions, { name, branch }: KnownRepository) {
  let count = 0;
  for (const span of new Set([Math.min(windowMs, spanMs), spanMs])) {
    const landings = await verbs.landingsSince(name, branch, { at: now() - span });
    for (let at = 0; at < landings.length; at += batch) await verbs.addChanges(landings.slice(at, at + batch));
    const newest = landings.at(-1);
    if (newest) await verbs.rememberLastSeen(name, branch, { sha: newest.sha, at: newest.at });
    count = landings.length;
  }
  return { text: `GitHub ${name}: ${counted(count, "landing")} on ${branch}`, value: count };
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}
