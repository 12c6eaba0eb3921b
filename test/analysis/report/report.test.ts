import { describe, expect, test } from "vitest";
import { MINUTE, NOON, aDiagnosis, aLanding, aStep, aSuspect, aUsual, anAlert, anIncident } from "#test/builders.ts";
import type { Incident } from "#domain/incident.ts";
import { lessonsOf } from "#analysis/report/lessons/all.ts";
import { reportOf } from "#analysis/report/report.ts";
import { names, reported } from "./incidents.ts";

const report = (incident: Incident) => reportOf({ incident, names, number: 1, at: NOON + 60 * MINUTE });
const lessons = (incident: Incident) =>
  lessonsOf(incident)
    .map(({ says, because, todo }) => `${says} ${because} ${todo}`)
    .join("\n");

describe("a report", () => {
  /** After a change that is wanted: read them, then `vitest run -u`. */
  test.each([
    ["runaway", "../../../docs/report-example.md"],
    ["traffic", "golden/traffic.md"],
    ["failing", "golden/failing.md"],
    ["cluster", "golden/cluster.md"],
  ] as const)("of %s", async (name, file) => expect(report(reported[name])).toMatchFileSnapshot(file));

  test("is the same for the same facts, and never names a person's id where the name is known", () => {
    expect(report(reported.runaway)).toBe(report(reported.runaway));
    expect(report(reported.runaway)).not.toContain("U0NINA");
    expect(reportOf({ incident: reported.runaway, names: new Map(), number: 1, at: NOON })).toContain("U0NINA");
  });
});

describe("what would have caught it earlier", () => {
  const { runaway } = reported;

  test("a sane ceiling, only where the old one was far above and the count went past the sane one", () => {
    const said = "A ceiling of 72, twice the usual peak, would have stopped it at 72 replicas instead of 96.";
    expect(lessons(runaway)).toContain(said);
    expect(lessons(runaway)).toContain("The ceiling was 4,000");
    expect(lessons({ ...runaway, usual: aUsual({ peakReplicas: 1_500 }) })).not.toContain("A ceiling of");
    expect(lessons({ ...runaway, peak: { replicas: 70, nodes: 15 } })).not.toContain("A ceiling of");
  });

  test("an alert, where none came before us", () => {
    expect(lessons({ ...runaway, alerts: [] })).toContain("No alert of another tool came at all.");
    expect(lessons(runaway)).toContain("came 7 minutes after the first message");
    expect(lessons({ ...runaway, alerts: [anAlert({ at: NOON - MINUTE })] })).not.toContain("An alert on CPU");
  });

  test("a slower rollout, where one went before the climb", () => {
    expect(lessons(runaway)).toContain("A slower rollout would have shown it on one pod instead of 30.");
    const diagnosis = aDiagnosis({ onsetAt: NOON - 60 * MINUTE });
    expect(lessons({ ...runaway, diagnosis })).not.toContain("A slower rollout");
  });

  test("a load test, where each request became dearer with a landing", () => {
    expect(lessons(runaway)).toContain("CPU per request went from 10 ms to 34 ms, 3.4 times");
    expect(lessons({ ...runaway, peak: { ...runaway.peak, costPerRequest: 0.014 } })).not.toContain("load test");
  });

  test("a migration of its own, where one had to go back too", () => {
    expect(lessons(runaway)).toContain("`db/migrations/0042_orders_by_region.sql`");
    expect(lessons({ ...runaway, diagnosis: aDiagnosis() })).not.toContain("schema had to go back");
  });

  test("a bound on nodes, where they grew and no quota was seen", () => {
    const bound = "A ResourceQuota on its namespace";
    expect(lessons(runaway)).toContain(bound);
    expect(lessons({ ...runaway, peak: { ...runaway.peak, nodes: 14 } })).not.toContain(bound);
    const plan = runaway.plan.map((step) => (step.kind === "cap" ? { ...step, quotaMost: 200 } : step));
    expect(lessons({ ...runaway, plan })).not.toContain(bound);
  });

  test("a quicker press, where it took ten minutes from the name", () => {
    expect(lessons(runaway)).not.toContain("A quicker first press");
    const plan = [aStep({ state: "done", at: NOON + 12 * MINUTE, outcome: "The ceiling is 96." })];
    expect(lessons({ ...runaway, plan })).toContain(
      '"Cap" was pressed at 2026-03-02 12:12:00, 11 minutes after a change was named.',
    );
  });

  test("what each illness asks for", () => {
    expect(lessons(reported.failing)).toMatch(/Starting the image once[^]*5 of 8 pods crash/);
    expect(lessons(anIncident())).not.toContain("Starting the image");
  });
});

describe("what is left to do", () => {
  test("what was capped and nothing more, held, or broken is on the list", () => {
    const plan = [
      aStep({ state: "done", at: NOON, outcome: "Capped.", by: "U0NINA", breakGlass: "alone" }),
      aStep({ id: "pause", kind: "pause", state: "done", at: NOON + 1, outcome: "Held." }),
      aStep({ id: "drain", kind: "drain", state: "failed", at: NOON + 2, outcome: "No." }),
    ];
    const text = report(anIncident({ plan }));
    expect(text).toContain("- [ ] The ceiling of `shop/web` is still capped at 4,000");
    expect(text).toContain("- [ ] The rollout of `shop/web` is still held");
    expect(text).toContain('- [ ] Look why "Scale down nodes" did not work.');
    expect(text).toContain('- [ ] Look at the rules: Nina Abel had to break the glass for "Cap".');
  });

  test("what was rolled back comes again, and nobody has said whether it was the cause", () => {
    const landing = aLanding({ sha: "9f1c2ab4d5e6f708192a3b4c5d6e7f8091a2b3c4", message: "Show prices" });
    const diagnosis = aDiagnosis({ suspects: [aSuspect({ subject: { kind: "landing", landing } })] });
    const plan = [aStep({ id: "rollback", kind: "rollback", state: "done", at: NOON, outcome: "Back." })];
    const text = report(anIncident({ plan, diagnosis, status: "recovered" }));
    expect(text).toContain('- [ ] Revert or mend 9f1c2ab "Show prices"');
    expect(text).toContain("- [ ] Say under the incident's message whether the first suspect was it");
  });
});
