import { MINUTE, NOON, aDiagnosis, aRollout, anAlert, aSituation, anIncident } from "#test/builders.ts";
import type { Incident } from "#domain/incident.ts";
import type { Step } from "#domain/plan.ts";
import { incidents } from "#test/bot/golden/incidents.ts";

const at = (minutes: number) => NOON + minutes * MINUTE;

/** Of the acts of the runaway: what was foretold, seen, and came of it. */
const more: Partial<Record<Step["kind"], Partial<Step>>> = {
  cap: { helped: { at: at(6), ok: true, text: "The count has not risen since; it would be 131 by now." } },
  migrate: {
    did: {
      kind: "migrate",
      workload: { cluster: "prod", namespace: "shop", kind: "Deployment", name: "web" },
      uid: "u",
      files: ["db/migrations/0042_orders_by_region.sql"],
    },
  },
  rollback: {
    breakGlass: "Nobody else was awake",
    forecast: { at: at(10), replicas: 96, mostPods: 120, leastReady: 72, addedNodes: 2, seconds: 240 },
    seen: { mostPods: 117, leastReady: 74, addedNodes: 1, seconds: 203 },
    helped: { at: at(17), ok: true, text: "Cost per request is near its usual again." },
  },
  drain: { state: "failed", outcome: "Node n-17 keeps a pod that a budget protects." },
};

const runaway: Incident = {
  ...incidents.settled,
  namedAt: at(1),
  diagnosis: aDiagnosis({
    ...incidents.settled.diagnosis,
    onsetAt: at(-17),
    rollout: aRollout({ revision: 8, at: at(-19) }),
  }),
  peak: { replicas: 96, nodes: 15, requestsPerSecond: 640, latencySeconds: 0.31, costPerRequest: 0.034 },
  alerts: [anAlert({ at: at(7) })],
  course: { at: at(3), replicas: 95, perMinute: 12, most: 4_000 },
  now: { ...incidents.settled.now, ceiling: 60 },
  plan: incidents.settled.plan.map((step) => ({ ...step, ...more[step.kind] })),
  said: [
    { suspectId: "first", title: "9f1c2ab", right: false, by: "U0OTTO", at: at(33) },
    { suspectId: "first", title: "9f1c2ab", right: true, by: "U0NINA", at: at(40) },
  ],
  timeline: [
    ...incidents.settled.timeline,
    { id: "act/cap/done/1", at: at(3), kind: "act", text: "The ceiling is 96; it was 4,000." },
    { id: "state/settled", at: at(31), kind: "state", text: "Settled: replicas and nodes as usual." },
  ],
};

const traffic: Incident = anIncident({
  ...incidents.unnamed,
  now: aSituation({ at: at(12), desired: 120, ceiling: 100 }),
  peak: { replicas: 120, nodes: 11, requestsPerSecond: 2_400 },
  alerts: [anAlert({ at: at(-3) })],
  plan: [],
  diagnosis: aDiagnosis({ ...incidents.unnamed.diagnosis, named: false, suspects: [] }),
});

const failing: Incident = {
  ...incidents.failing,
  status: "recovered",
  mitigatedAt: at(16),
  recoveredAt: at(18),
  namedAt: at(0),
  illnesses: [],
  plan: incidents.failing.plan.map((step) => ({
    ...step,
    state: "done",
    by: "U0NINA",
    at: at(14),
    outcome: "Revision 13 runs the template of revision 11.",
  })),
  timeline: (incidents.failing.illnesses ?? []).map(({ kind, toldAt, text }) => ({
    id: `illness/${kind}/${toldAt}`,
    at: toldAt,
    kind: "illness",
    text,
  })),
};

/** Incidents to make a report of: over and judged; no change named, and open; a rollout that failed. */
export const reported = { runaway, traffic, failing, cluster: incidents.cluster };

/** Who people are. */
export const names = new Map([
  ["U0NINA", "Nina Abel"],
  ["U0OTTO", "Otto Brandt"],
]);
