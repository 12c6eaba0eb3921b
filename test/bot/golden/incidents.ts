import { MINUTE, NOON, SECOND, aDiagnosis, aLanding, aRollout, aSituation, aSpike, aStep, aSuspect, anIncident, shopWeb } from "#test/builders.ts"; // prettier-ignore
import type { Evidence } from "#domain/diagnosis.ts";
import type { Incident } from "#domain/incident.ts";
import type { Step } from "#domain/plan.ts";
import { placeRef } from "#domain/workload.ts";

const at = (minutes: number) => NOON + minutes * MINUTE;
const says = (kind: string, text: string, isFor = true): Evidence => ({ kind, for: isFor, weight: 1.5, text });

const landing = aLanding({
  sha: "9f1c2ab4d5e6f708192a3b4c5d6e7f8091a2b3c4",
  url: "https://github.com/acme/shop/pull/4211",
  at: at(-21),
  pullRequest: 4211,
  message: "feat: change data structure for the new feature|requires migrations (#4211)\n\nOrders are kept per region.",
  files: [],
  filesTotal: 23,
});
const other = aLanding({
  sha: "0011223344556677889900aabbccddeeff001122",
  at: at(-40),
  author: { name: "Ines Conti", email: "ines@example.com", login: "ines" },
  message: "chore: bump the logger",
  files: [],
  filesTotal: 2,
});

const named = aDiagnosis({
  suspects: [
    aSuspect({
      id: "first",
      probability: 0.87,
      subject: { kind: "landing", landing },
      evidence: [
        says("in-rollout", "It is in the rollout of revision 8, 4 minutes before the climb."),
        says("cost", "CPU per request rose with this revision, and requests did not."),
        says("own-files", "It touches 19 files of this service (services/web)."),
        says("words", "Its title says that it requires migrations."),
        says("other-rollouts", "3 other services run it too, and do not climb.", false),
      ],
    }),
    aSuspect({
      id: "second",
      probability: 0.06,
      subject: { kind: "landing", landing: other },
      evidence: [says("only-locks", "It changes a lock file only.", false)],
    }),
  ],
  onsetAt: at(-13),
  none: 0.04,
  others: 0.03,
  rollbackSafety: {
    verdict: "needs-down-migration",
    migrations: ["db/migrations/0042_orders_by_region.sql"],
    reason: "One migration of the range drops a column that the old code reads.",
    takeBack: { files: ["db/migrations/0042_orders_by_region.sql"], isCut: false },
    statements: [
      { path: "db/migrations/0042_orders_by_region.sql", text: "ALTER TABLE orders DROP COLUMN total", destructive: true },
    ],
  },
  compareUrl: "https://github.com/acme/shop/compare/1111111...2222222",
  between: { all: 217, own: 6 },
  candidates: 217,
  looked: [
    { at: at(-17), text: "Revision 8 of shop/web rolls out" },
    { at: at(-21), text: "9f1c2ab feat: change data structure for the new feature|requires migrations · Ada Lovelace" },
    { at: at(-33), text: "ConfigMap shop/settings was edited (timeout) by kubectl" },
    { at: at(-40), text: "0011223 chore: bump the logger · Ines Conti" },
  ],
});

const cap = aStep({ summary: "Freeze the ceiling at 96 replicas; it is 4,000." });
const migrate = aStep({
  kind: "migrate",
  summary: "Take db/migrations/0042_orders_by_region.sql back, so that the old code finds its column.",
});
const rollback = aStep({
  kind: "rollback",
  state: "waiting",
  summary: "From revision 8 back to revision 7, the last that ran well.",
  waitingFor: "the down-migration: the old code needs the schema of then",
});
const verify = aStep({ kind: "verify", state: "waiting", summary: "Wait until it is well again.", waitingFor: "the rollback" });
const lower = aStep({ kind: "lower", state: "waiting", summary: "Set the ceiling to 60.", waitingFor: "it is well again" });
const drain = aStep({
  kind: "drain",
  state: "waiting",
  summary: "Give back the nodes that the spike added.",
  waitingFor: "draining now: the autoscaler would buy the nodes back",
});
const plan = [cap, migrate, rollback, verify, lower, drain];

const done = (step: Step, minutes: number, outcome: string, over: Partial<Step> = {}): Step => {
  const { waitingFor: _, ...rest } = step;
  return { ...rest, state: "done", by: "U0NINA", at: at(minutes), outcome, ...over };
};

const base: Partial<Incident> = {
  spike: aSpike({ startedAt: at(-13), value: 95 }),
  namedAt: at(0),
  now: aSituation({ desired: 95, ready: 95, nodes: 14, ceilingAt: at(50) }),
  peak: { replicas: 95, nodes: 14 },
  diagnosis: named,
  plan,
  timeline: [
    { id: "1", at: at(-21), kind: "landing", text: "9f1c2ab feat: change data structure for the new feature, by Ada Lovelace" },
    { id: "2", at: at(-17), kind: "rollout", text: "Revision 8 rolled out" },
    { id: "3", at: at(-2), kind: "alert", text: "HighLatency (Alertmanager): p99 of shop/web above 500 ms" },
    { id: "4", at: at(0), kind: "replicas", text: "95 replicas, 3.2 times usual" },
  ],
};

const capped = done(cap, 3, "The ceiling is 96; it was 4,000.", {
  did: { kind: "cap", workload: shopWeb, autoscaler: "web", autoscalerUid: "u", fromMax: 4_000, toMax: 96 },
});
const over = [
  capped,
  done(migrate, 9, "The Job web-down-0042 has taken it back in 40 seconds.", { second: "U0OTTO" }),
  done(rollback, 10, "Revision 9 runs the template of revision 7.", { second: "U0OTTO" }),
  done(lower, 20, "The ceiling is 60."),
  done(drain, 21, "4 nodes cordoned and emptied; the node autoscaler removes them.", { second: "U0OTTO" }),
];

/** One incident through its life, and others of other kinds. */
export const incidents = {
  open: anIncident(base),
  unnamed: anIncident({
    ...base,
    plan: [cap],
    diagnosis: aDiagnosis({
      named: false,
      suspects: [],
      none: 0.93,
      noneEvidence: [says("demand", "Requests rose as much as replicas: 3.1 times and 3.2 times.")],
      candidates: 12,
    }),
  }),
  mitigated: anIncident({
    ...base,
    status: "mitigated",
    mitigatedAt: at(3),
    now: aSituation({ at: at(5), desired: 96, ready: 96, nodes: 15, ceiling: 96, atCeiling: true }),
    plan: [capped, migrate, rollback, verify, lower, drain],
    course: { at: at(3), replicas: 95, perMinute: 12, most: 4_000 },
  }),
  settled: anIncident({
    ...base,
    status: "settled",
    mitigatedAt: at(3),
    recoveredAt: at(17),
    settledAt: at(31),
    now: aSituation({
      at: at(31),
      desired: 31,
      ready: 31,
      nodes: 10,
      pendingPods: 0,
      latencySeconds: 0.02,
      costPerRequest: 0.01,
    }),
    peak: { replicas: 96, nodes: 15 },
    plan: over,
  }),
  failing: anIncident({
    spike: aSpike({ trouble: "rollout-failing", reason: "5 of 8 pods crash.", startedAt: at(-6) }),
    illnesses: [
      {
        kind: "crash-loop",
        since: at(-6),
        toldAt: at(-4),
        value: 5,
        usual: 0,
        text: "Revision 12 does not become ready: 5 of 8 pods crash (exit code 1, 14 restarts in 6 minutes).",
      },
    ],
    now: aSituation({ desired: 8, ready: 3, total: 8, updated: 8, revision: 12, ceiling: 40, pendingPods: 0 }),
    plan: [aStep({ kind: "rollback", summary: "From revision 12 to revision 11, the last that ran well." })],
    diagnosis: aDiagnosis({
      suspects: [aSuspect({ subject: { kind: "rollout", rollout: aRollout({ revision: 12, at: at(-8) }) }, probability: 0.8 })],
      onsetAt: at(-6),
    }),
  }),
  cluster: anIncident({
    workload: placeRef("prod"),
    key: "prod",
    spike: aSpike({ workload: "prod", trouble: "cluster", reason: "41 pods wait for a node.", startedAt: at(-9) }),
    illnesses: [
      {
        kind: "pending-pods",
        since: at(-9),
        toldAt: at(-4),
        value: 41,
        usual: 0,
        text: "41 pods wait for a node: Insufficient cpu.",
      },
    ],
    diagnosis: aDiagnosis({ named: false, suspects: [], none: 0.8 }),
  }),
} satisfies Record<string, Incident>;

/** 35 seconds after noon: what "now" is on the golden cards. */
export const goldenNow = NOON + 35 * SECOND;
