import { describe, expect, it } from "vitest";
import type { Rights } from "#domain/rights.ts";
import type { Incident } from "#domain/incident.ts";
import type { Step } from "#domain/plan.ts";
import { plan } from "#analysis/plan.ts";
import { capFloor } from "#analysis/steps/ceiling.ts";
import { MINUTE, NOON, aDiagnosis, aSituation, aStep, aUsual, anIncident, shopWeb } from "#test/builders.ts";

const planOf = (over: Partial<Incident>) => plan(anIncident(over), 1.25);
const stepsOf = (over: Partial<Incident>) => Object.fromEntries(planOf(over).map((step) => [step.id, step]));

describe("order and gates", () => {
  it("cap, roll back, verify, lower the ceiling, give back nodes", () => {
    const ordered = planOf({ diagnosis: aDiagnosis() }).filter(({ aside }) => aside === undefined);
    expect(ordered.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      "cap ready",
      "rollback ready",
      "verify waiting",
      "lower waiting",
      "drain waiting",
    ]);
  });

  it.each<[string, Partial<Incident>, string, string]>([
    ["at once, before anything is named", {}, "cap", "ready"],
    ["no autoscaler", { now: aSituation({ ceiling: undefined }) }, "cap", "needless"],
    ["at its ceiling already", { now: aSituation({ desired: 4000, ceiling: 4000 }) }, "cap", "needless"],
    ["well again", { status: "recovered" }, "cap", "needless"],
    ["still searching", {}, "rollback", "waiting"],
    ["nothing named", { diagnosis: aDiagnosis({ named: false }) }, "rollback", "needless"],
    ["no earlier revision", { diagnosis: aDiagnosis({ goodRevision: undefined }) }, "rollback", "needless"],
    [
      "somebody went back by hand",
      { diagnosis: aDiagnosis(), now: aSituation({ templateHash: "hash7" }) },
      "rollback",
      "needless",
    ],
    [
      "what the old code reads is gone",
      { diagnosis: aDiagnosis({ rollbackSafety: { verdict: "fix-forward", migrations: ["1.sql"], reason: "" } }) },
      "rollback",
      "waiting",
    ],
    [
      "nobody read the migrations",
      { diagnosis: aDiagnosis({ rollbackSafety: { verdict: "unknown", migrations: ["1.sql"], reason: "" } }) },
      "rollback",
      "ready",
    ],
    ["not recovered yet", { status: "mitigated" }, "drain", "waiting"],
    ["recovered", { status: "recovered", now: aSituation({ desired: 31 }) }, "drain", "ready"],
    ["well, with real load that needs the nodes", { status: "recovered" }, "drain", "waiting"],
    ["no node added", { now: aSituation({ nodes: 10 }), peak: { replicas: 75, nodes: 10 } }, "drain", "needless"],
    ["usual nodes unknown", { usual: aUsual({ nodes: undefined }) }, "drain", "needless"],
  ])("%s", (_name, over, kind, state) => {
    expect(stepsOf(over)[kind]?.state).toBe(state);
  });

  it("what failed may be pressed again only while its gate is open", () => {
    const failed = aStep({
      id: "drain",
      kind: "drain",
      state: "failed",
      by: "U1",
      at: NOON,
      outcome: "A budget stood in the way.",
    });
    const drain = (over: Partial<Incident>) => stepsOf({ ...over, plan: [failed] })["drain"];
    expect(drain({ status: "recovered", now: aSituation({ desired: 31 }) })).toMatchObject({ state: "failed", by: "U1" });
    expect(drain({ status: "recovered", now: aSituation({ desired: 31 }) })?.waitingFor).toBeUndefined();
    expect(drain({ status: "open" })).toMatchObject({
      state: "failed",
      waitingFor: expect.stringContaining("buy the nodes back"),
    });
  });

  it("the schema has to go back again once the new code has run again", () => {
    const safety = { verdict: "needs-down-migration" as const, migrations: ["1.sql"], reason: "" };
    const did = {
      kind: "rollback" as const,
      workload: shopWeb,
      uid: "u",
      fromRevision: 8,
      fromTemplateHash: "hash8",
      toRevision: 7,
      toTemplateHash: "hash7",
    };
    const done = { state: "done" as const, by: "U1" };
    const steps = [
      aStep({ id: "migrate", kind: "migrate", at: NOON - 20 * MINUTE, ...done }),
      aStep({ id: "rollback", kind: "rollback", at: NOON - 10 * MINUTE, did, ...done }),
    ];
    const at = (templateHash: string) =>
      stepsOf({ diagnosis: aDiagnosis({ rollbackSafety: safety }), plan: steps, now: aSituation({ at: NOON, templateHash }) });
    expect(at("hash7")["migrate"]?.state).toBe("done");
    expect(at("hash8")["migrate"]?.state).toBe("ready");
    expect(at("hash8")["rollback"]).toMatchObject({ state: "waiting", waitingFor: expect.stringContaining("down-migration") });

    // Right after the rollback a look may still read the template of before it: nobody has deployed again.
    const late = steps.map((one) => (one.id === "rollback" ? { ...one, at: NOON - MINUTE } : one));
    const look = { plan: late, now: aSituation({ at: NOON, templateHash: "hash8" }) };
    expect(stepsOf({ diagnosis: aDiagnosis({ rollbackSafety: safety }), ...look })["migrate"]?.state).toBe("done");
  });

  it.each(["running", "done"] as const)("keeps a step that is %s", (state) => {
    const pressed = aStep({ kind: "cap", state, by: "U1", at: NOON });
    expect(planOf({ status: "recovered", plan: [pressed] })[0]).toEqual(pressed);
  });
});

describe("lower the ceiling", () => {
  // Twice the usual peak: 72.
  const capOf = (fromMax: number, toMax: number) =>
    aStep({
      state: "done",
      at: NOON,
      did: { kind: "cap", workload: shopWeb, autoscaler: "web", autoscalerUid: "u", fromMax, toMax },
    });
  const lower = (ceiling: number, held: readonly Step[] = []) =>
    stepsOf({ status: "recovered", now: aSituation({ desired: 31, ceiling }), plan: held })["lower"];

  it.each<[string, number, readonly Step[], string, RegExp]>([
    ["goes down to twice the usual peak", 400, [], "ready", /^Set the ceiling to 72, twice the usual peak of 36, instead of 400/],
    ["never raises one that nobody capped", 50, [], "needless", /^Its ceiling of 50 is no higher than 72/],
    ["has nothing to do at twice the usual peak", 72, [], "needless", /^Its ceiling is 72/],
    ["goes up to it from a cap", 48, [capOf(400, 48)], "ready", /^Set the ceiling to 72, .* instead of 48/],
    ["goes no higher than it was before the cap", 48, [capOf(50, 48)], "ready", /^Set the ceiling to 50 again, as it was/],
    ["has nothing to do once that is back", 50, [capOf(50, 48)], "needless", /^Its ceiling of 50/],
  ])("%s", (_name, ceiling, held, state, summary) => {
    expect(lower(ceiling, held)).toMatchObject({ state, summary: expect.stringMatching(summary) });
  });
});

describe("what the agent may not do", () => {
  const stateOf = (rights: Rights | "unknown") => {
    const facts = { ...anIncident({ diagnosis: aDiagnosis() }), rights };
    return Object.fromEntries(plan(facts, 1.25).map(({ id, state, waitingFor }) => [id, { state, waitingFor }]));
  };

  it("has no button, and says how the right is given", () => {
    const steps = stateOf({ at: NOON, missing: { cap: "the agent's right to patch autoscalers" } });
    expect(steps["cap"]).toEqual({ state: "waiting", waitingFor: "the agent's right to patch autoscalers" });
    expect(steps["rollback"]?.state).toBe("ready");
    expect(steps["restart"]?.state).toBe("ready");
  });

  it("is everything until it has said what it may", () => {
    const steps = Object.values(stateOf("unknown"));
    expect(steps.filter(({ state }) => state === "ready")).toEqual([]);
    expect(steps.map(({ waitingFor }) => waitingFor)).toContain("the agent's word that it may do this");
  });
});

describe("sentences", () => {
  it("carry the numbers", () => {
    expect(stepsOf({})["cap"]?.summary).toBe(
      "Freeze the autoscaler's ceiling at what runs, 75 now instead of 4,000. Usual is 30, the usual peak 36.",
    );
    expect(
      stepsOf({
        diagnosis: aDiagnosis({
          rollbackSafety: { verdict: "needs-down-migration", migrations: ["db/migrate/1_a.rb"], reason: "" },
        }),
      })["rollback"]?.summary,
    ).toMatch(/revision 8 to revision 7.*1 migration file in the range/);
    expect(stepsOf({ status: "recovered" })["drain"]?.summary).toMatch(/^Give back 4 nodes/);
  });

  it("a cap under traffic says what it costs", () => {
    const traffic = aDiagnosis({ named: false, noneEvidence: [{ kind: "traffic", for: true, weight: 9, text: "" }] });
    expect(stepsOf({ diagnosis: traffic })["cap"]?.summary).toMatch(/^This looks like traffic/);
  });
});

it("a cap never goes below the usual peak with some room", () => {
  expect(capFloor({ replicas: 30, peakReplicas: 36 }, 1.25)).toBe(45);
  expect(capFloor({ replicas: 30, peakReplicas: 0 }, 1)).toBe(30);
});
