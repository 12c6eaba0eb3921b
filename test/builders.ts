import type { Alert, Spike } from "#domain/spike.ts";
import type {
  AutoscalerEdit,
  ChangedFile,
  ConfigEdit,
  Landing,
  PoolChange,
  ReportedChange,
  Rollout,
  Scaling,
} from "#domain/change.ts";
import type { Diagnosis, Suspect } from "#domain/diagnosis.ts";
import type { Incident, Situation, Usual } from "#domain/incident.ts";
import type { Instant, NodeState, PoolState, WorkloadRef, WorkloadState } from "#domain/workload.ts";
import type { Ownership } from "#domain/ownership.ts";
import type { Point, Signals } from "#domain/sample.ts";
import type { Step } from "#domain/plan.ts";

/** Monday, 2 March 2026, 12:00 UTC: "now" of most tests. */
export const NOON: Instant = Date.UTC(2026, 2, 2, 12);
export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export const shopWeb: WorkloadRef = { cluster: "prod", namespace: "shop", kind: "Deployment", name: "web" };
export const shopWebKey = "prod/shop/web";

/** 40 hex digits that differ from seed to seed. */
export function aSha(seed: string | number): string {
  let hash = 0x811c9dc5;
  let text = "";
  for (let round = 0; text.length < 40; round += 1) {
    for (const char of `${seed}/${round}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
    text += hash.toString(16).padStart(8, "0");
  }
  return text.slice(0, 40);
}

export function aFile(path: string, over: Partial<ChangedFile> = {}): ChangedFile {
  return { path, status: "modified", additions: 10, deletions: 2, ...over };
}

let landings = 0;

export function aLanding(over: Partial<Landing> = {}): Landing {
  const sha = over.sha ?? aSha(`landing ${(landings += 1)}`);
  const files = over.files ?? [aFile("services/web/src/index.ts")];
  return {
    kind: "landing",
    id: `landing/acme/shop/${sha}`,
    at: NOON - HOUR,
    repository: "acme/shop",
    branch: "main",
    sha,
    author: { name: "Ada Lovelace", email: "ada@example.com", login: "ada" },
    message: "Show prices with tax",
    files,
    filesTotal: files.length,
    url: `https://github.com/acme/shop/commit/${sha}`,
    ...over,
  };
}

export function aRollout(over: Partial<Rollout> = {}): Rollout {
  const revision = over.revision ?? 7;
  const templateHash = over.templateHash ?? `hash${revision}`;
  return {
    kind: "rollout",
    id: `rollout/${over.workload ?? shopWebKey}/${revision}/${templateHash}`,
    at: NOON - 30 * MINUTE,
    workload: shopWebKey,
    revision,
    images: [{ container: "web", image: `registry/web:${revision}` }],
    templateHash,
    ...(revision > 1
      ? {
          previous: {
            revision: revision - 1,
            images: [{ container: "web", image: `registry/web:${revision - 1}` }],
            templateHash: `hash${revision - 1}`,
          },
        }
      : {}),
    ...over,
  };
}

export function aScaling(over: Partial<Scaling> = {}): Scaling {
  return {
    kind: "scaling",
    id: `scaling/${shopWebKey}/${over.at ?? NOON}`,
    at: NOON,
    workload: shopWebKey,
    from: 30,
    to: 40,
    tool: "kubectl",
    ...over,
  };
}

export function anAutoscalerEdit(over: Partial<AutoscalerEdit> = {}): AutoscalerEdit {
  return {
    kind: "autoscaler-edit",
    id: `autoscaler-edit/${shopWebKey}/${over.at ?? NOON}`,
    at: NOON,
    workload: shopWebKey,
    from: { min: 3, max: 100 },
    to: { min: 3, max: 4000 },
    ...over,
  };
}

export function aPoolChange(over: Partial<PoolChange> = {}): PoolChange {
  return { kind: "pool-change", id: `pool-change/prod/${over.at ?? NOON}`, at: NOON, cluster: "prod", from: 10, to: 12, ...over };
}

export function aConfigEdit(over: Partial<ConfigEdit> = {}): ConfigEdit {
  const name = over.name ?? "settings";
  return {
    kind: "config-edit",
    id: `config-edit/prod/${over.object ?? "ConfigMap"}/${over.namespace ?? "shop"}/${name}/${over.at ?? NOON}`,
    at: NOON,
    cluster: "prod",
    object: "ConfigMap",
    namespace: "shop",
    name,
    what: "edited",
    keys: ["timeout"],
    usedBy: [],
    tool: "kubectl",
    ...over,
  };
}

export function aReport(over: Partial<ReportedChange> = {}): ReportedChange {
  return {
    kind: "reported",
    id: `reported/${over.title ?? "flag"}/${over.at ?? NOON}`,
    at: NOON,
    what: "flag",
    title: "Turned new-checkout on for 50 %",
    workloads: [],
    paths: [],
    ...over,
  };
}

export function anAlert(over: Partial<Alert> = {}): Alert {
  return {
    id: "opsgenie/1",
    source: "opsgenie",
    at: NOON,
    status: "open",
    message: "CPU of shop/web is high",
    namespace: "shop",
    workload: "web",
    ...over,
  };
}

export function aState(over: Partial<WorkloadState> = {}): WorkloadState {
  const desired = over.desired ?? 30;
  return {
    workload: shopWeb,
    uid: "uid-web",
    at: NOON,
    desired,
    total: desired,
    ready: desired,
    updated: desired,
    revision: 7,
    templateHash: "hash7",
    images: [{ container: "web", image: "registry/web:7" }],
    strategy: { maxSurge: Math.ceil(desired / 4), maxUnavailable: Math.floor(desired / 4) },
    paused: false,
    observed: true,
    autoscaler: { name: "web", uid: "uid-hpa", min: 3, max: 4000, atCeiling: false },
    annotations: {},
    ...over,
  };
}

export function aNode(over: Partial<NodeState> = {}): NodeState {
  const name = over.name ?? "node-1";
  return { name, uid: `uid-${name}`, createdAt: NOON - 30 * DAY, ready: true, cordoned: false, cores: 8, ...over };
}

export function aPool(over: Partial<PoolState> = {}): PoolState {
  return {
    cluster: "prod",
    at: NOON,
    nodes: Array.from({ length: 10 }, (_, index) => aNode({ name: `node-${index + 1}` })),
    pendingPods: 0,
    ...over,
  };
}

export function anOwnership(over: Partial<Ownership> = {}): Ownership {
  return { repository: "acme/shop", branch: "main", paths: ["services/web/"], from: "configuration", ...over };
}

export function aSpike(over: Partial<Spike> = {}): Spike {
  return {
    workload: shopWebKey,
    startedAt: NOON - 6 * MINUTE,
    detectedAt: NOON,
    value: 75,
    baseline: 30,
    ratio: 2.5,
    basis: "own-history",
    reason: "75 replicas, 2.5 times its usual 30.",
    ...over,
  };
}

/** Points every `stepMs` from `from` to `to`; the value is given as a function of the moment. */
export function aSeries(from: Instant, to: Instant, valueAt: (at: Instant) => number, stepMs = 30 * SECOND): Point[] {
  const points: Point[] = [];
  for (let at = from; at <= to; at += stepMs) points.push({ at, value: valueAt(at) });
  return points;
}

/** Two hours until `to` of a service at 30 replicas, 600 requests a second and 0.01 CPU seconds each, unless said otherwise. */
export function someSignals(
  over: {
    from?: Instant;
    to?: Instant;
    replicas?: (at: Instant) => number;
    requests?: (at: Instant) => number;
    cost?: (at: Instant) => number;
    latency?: (at: Instant) => number;
  } = {},
): Signals {
  const to = over.to ?? NOON;
  const from = over.from ?? to - 2 * HOUR;
  const requests = over.requests ?? (() => 600);
  const cost = over.cost ?? (() => 0.01);
  return {
    replicas: aSeries(from, to, over.replicas ?? (() => 30)),
    requestsPerSecond: aSeries(from, to, requests),
    latencySeconds: aSeries(from, to, over.latency ?? ((at) => cost(at) * 2)),
    cpuCores: aSeries(from, to, (at) => requests(at) * cost(at)),
  };
}

export function aUsual(over: Partial<Usual> = {}): Usual {
  return {
    replicas: 30,
    peakReplicas: 36,
    nodes: 10,
    requestsPerSecond: 600,
    latencySeconds: 0.02,
    cpuCores: 6,
    costPerRequest: 0.01,
    basis: "own-history",
    ...over,
  };
}

export function aSituation(over: Partial<Situation> = {}): Situation {
  const desired = over.desired ?? 75;
  return {
    at: NOON,
    desired,
    ready: desired,
    total: desired,
    updated: desired,
    revision: 8,
    templateHash: "hash8",
    ceiling: 4000,
    nodes: 14,
    pendingPods: 3,
    requestsPerSecond: 610,
    latencySeconds: 0.07,
    cpuCores: 18,
    costPerRequest: 0.03,
    ...over,
  };
}

export function aSuspect(over: Partial<Suspect> = {}): Suspect {
  const landing = over.subject?.kind === "landing" ? over.subject.landing : aLanding();
  return {
    id: landing.id,
    probability: 0.72,
    subject: { kind: "landing", landing },
    evidence: [
      { kind: "in-rollout", for: true, weight: 2.5, text: "It is in the rollout of revision 8, 4 minutes before the climb." },
    ],
    ...over,
  };
}

export function aDiagnosis(over: Partial<Diagnosis> = {}): Diagnosis {
  return {
    at: NOON,
    suspects: [aSuspect()],
    none: 0.1,
    noneEvidence: [],
    named: true,
    onsetAt: NOON - 8 * MINUTE,
    rollout: aRollout({ revision: 8, at: NOON - 12 * MINUTE }),
    goodRevision: { revision: 7, templateHash: "hash7" },
    rollbackSafety: { verdict: "safe", migrations: [], reason: "No migration file is in the range." },
    candidates: 12,
    ...over,
  };
}

export function aStep(over: Partial<Step> = {}): Step {
  const kind = over.kind ?? "cap";
  return { id: kind, kind, state: "ready", summary: "Freeze the autoscaler's ceiling.", ...over };
}

export function anIncident(over: Partial<Incident> = {}): Incident {
  return {
    id: "inc-0123456789ab",
    version: 1,
    workload: shopWeb,
    key: shopWebKey,
    status: "open",
    openedAt: NOON,
    spike: aSpike(),
    usual: aUsual(),
    now: aSituation(),
    peak: { replicas: 75, nodes: 14 },
    plan: [],
    alerts: [],
    timeline: [],
    lastRiseAt: NOON,
    ...over,
  };
}
