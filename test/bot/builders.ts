import type { Landing, Rollout } from "#domain/change.ts";
import type { Diagnosis } from "#domain/diagnosis.ts";
import type { Incident } from "#domain/incident.ts";
import type { Preview, Step } from "#domain/plan.ts";

/** 2026-11-20 14:05 UTC, while it climbs. */
export const now = Date.UTC(2026, 10, 20, 14, 5);
export const minutes = (n: number) => n * 60_000;

export function aLanding(over: Partial<Landing> = {}): Landing {
  const sha = over.sha ?? "abc1234def5678abc1234def5678abc1234def56";
  return {
    kind: "landing",
    id: `acme/shop@${sha}`,
    at: now - minutes(12),
    repository: "acme/shop",
    branch: "main",
    sha,
    author: { name: "Ada Lovelace", email: "ada@example.com" },
    message: "feat: store prices per region\n\nLonger text.",
    files: [{ path: "services/basket/price.ts" }],
    filesTotal: 4,
    url: `https://github.example/acme/shop/commit/${sha}`,
    ...over,
  };
}

export function aRollout(over: Partial<Rollout> = {}): Rollout {
  return {
    kind: "rollout",
    id: "eu/shop/basket@42",
    at: now - minutes(7),
    workload: "eu/shop/basket",
    revision: 42,
    images: [{ container: "app", image: "registry.example/basket:abc1234" }],
    templateHash: "6d4f",
    ...over,
  };
}

export function aDiagnosis(over: Partial<Diagnosis> = {}): Diagnosis {
  return {
    at: now,
    suspects: [
      {
        id: "1",
        probability: 0.62,
        subject: { kind: "landing", landing: aLanding() },
        evidence: [
          { kind: "in-rollout", for: true, weight: 2, text: "Went live with revision 42, 2 min before the climb" },
          { kind: "touches-service", for: true, weight: 1, text: "Touches services/basket" },
          { kind: "small", for: false, weight: 0.5, text: "Changes only 12 lines" },
        ],
      },
      { id: "2", probability: 0.2, subject: { kind: "rollout", rollout: aRollout() }, evidence: [] },
    ],
    none: 0.18,
    noneEvidence: [{ kind: "traffic", for: false, weight: 1, text: "Requests are as usual" }],
    named: true,
    onsetAt: now - minutes(5),
    rollbackSafety: {
      verdict: "needs-down-migration",
      migrations: ["services/basket/migrations/0042_prices.sql"],
      reason: "The range adds a migration.",
    },
    compareUrl: "https://github.example/acme/shop/compare/aaa...bbb",
    candidates: 214,
    ...over,
  };
}

export function aPlan(): Step[] {
  return [
    { id: "cap", kind: "cap", state: "ready", summary: "Freeze the autoscaler's ceiling at what runs now." },
    { id: "rollback", kind: "rollback", state: "ready", summary: "Go back to revision 41." },
    {
      id: "drain",
      kind: "drain",
      state: "waiting",
      summary: "Give back the nodes that the spike added.",
      waitingFor: "until the workload is well again.",
    },
  ];
}

export function anIncident(over: Partial<Incident> = {}): Incident {
  return {
    id: "eu-shop-basket-1",
    version: 1,
    workload: { cluster: "eu", namespace: "shop", kind: "Deployment", name: "basket" },
    key: "eu/shop/basket",
    status: "open",
    openedAt: now - minutes(2),
    spike: {
      workload: "eu/shop/basket",
      startedAt: now - minutes(5),
      detectedAt: now - minutes(2),
      value: 95,
      baseline: 30,
      ratio: 3.17,
      basis: "own-history",
      reason: "95 is 3.2 times 30",
    },
    usual: {
      replicas: 30,
      peakReplicas: 42,
      nodes: 10,
      requestsPerSecond: 1500,
      latencySeconds: 0.12,
      cpuCores: 30,
      costPerRequest: 0.02,
      basis: "own-history",
    },
    now: {
      at: now,
      desired: 95,
      ready: 95,
      total: 95,
      updated: 95,
      ceiling: 4000,
      nodes: 14,
      pendingPods: 12,
      requestsPerSecond: 1510,
      latencySeconds: 0.34,
      cpuCores: 94,
      costPerRequest: 0.062,
      ceilingAt: now + minutes(50),
    },
    peak: { replicas: 95, nodes: 14 },
    diagnosis: aDiagnosis(),
    plan: aPlan(),
    alerts: [],
    timeline: [
      { id: "a", at: now - minutes(7), kind: "rollout", text: "Revision 42 rolled out" },
      { id: "b", at: now - minutes(2), kind: "state", text: "Opened at 95 replicas" },
    ],
    lastRiseAt: now,
    ...over,
  };
}

export function aPreview(over: Partial<Preview> = {}): Preview {
  return {
    at: now,
    intent: {
      kind: "cap",
      workload: { cluster: "eu", namespace: "shop", kind: "Deployment", name: "basket" },
      autoscaler: "basket",
      autoscalerUid: "u1",
      fromMax: 4000,
      toMax: 95,
    },
    effects: ["The autoscaler's ceiling goes from 4,000 to 95"],
    changes: [{ what: "maxReplicas", before: "4,000", after: "95" }],
    warnings: ["It takes no pod away"],
    dryRun: "accepted",
    ...over,
  };
}
