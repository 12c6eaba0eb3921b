import { describe, expect, test } from "vitest";
import { MINUTE, NOON, aDiagnosis, aNode, aPool, aState, aStep, aUsual, anIncident } from "#test/builders.ts";
import type { Incident } from "#domain/incident.ts";
import { advance, withoutSight } from "#workflow/advance.ts";
import { noSignals } from "#domain/sample.ts";

const look = { signals: noSignals, capMargin: 1.25 };
const finding = (over = {}) => ({ diagnosis: aDiagnosis({ candidates: 99, ...over }), changes: [], alerts: [] });

describe("one more look at an incident", () => {
  test("takes the cluster's reading, the highest counts and the plan", () => {
    const seen = advance(anIncident(), {
      ...look,
      at: NOON + MINUTE,
      state: aState({ at: NOON + MINUTE, desired: 160 }),
      pool: aPool(),
      finding: finding(),
    });
    expect(seen).toMatchObject({
      now: { desired: 160 },
      peak: { replicas: 160 },
      lastRiseAt: NOON + MINUTE,
      diagnosis: { candidates: 99 },
    });
    expect(seen?.plan.filter(({ aside }) => !aside).map((step) => step.kind)).toEqual([
      "cap",
      "rollback",
      "verify",
      "lower",
      "drain",
    ]);
  });

  test("does not change the reason that somebody has acted upon", () => {
    const acted = anIncident({ diagnosis: aDiagnosis(), plan: [aStep({ kind: "rollback", state: "running" })] });
    expect(advance(acted, { ...look, at: NOON, state: aState(), finding: finding() })?.diagnosis?.candidates).toBe(12);
  });

  test("nodes bought between the cost's rise and the count's are not usual", () => {
    const { spike } = anIncident();
    const nodes = [aNode({ name: "old", createdAt: 0 }), aNode({ name: "bought", createdAt: spike.startedAt - MINUTE })];
    const incident = anIncident({ usual: aUsual({ nodes: 2 }) });
    const seen = advance(incident, {
      ...look,
      at: NOON,
      state: aState(),
      pool: aPool({ nodes }),
      finding: finding({ onsetAt: spike.startedAt - 2 * MINUTE }),
    });
    expect(seen?.usual.nodes).toBe(1);
  });

  test("a workload that was deleted closes its incident after a while", () => {
    const incident = anIncident();
    const after = (minutes: number): Incident | undefined =>
      advance(incident, { ...look, at: incident.now.at + minutes * MINUTE });
    expect(after(9)).toBeUndefined();
    expect(after(10)).toMatchObject({ status: "settled", timeline: [{ text: expect.stringContaining("gone") }] });
  });

  test("a settled incident is left alone", () => {
    expect(advance(anIncident({ status: "settled" }), { ...look, at: NOON, state: aState() })).toBeUndefined();
  });

  test("while nobody sees the cluster nothing is judged, and what began to hold must hold anew", () => {
    const holding = anIncident({ status: "recovered", holdingSince: NOON });
    expect(withoutSight(holding, undefined)).toEqual({ ...holding, holdingSince: undefined });
    expect(withoutSight(anIncident(), undefined)).toBeUndefined();
    expect(withoutSight(anIncident(), finding())?.diagnosis?.candidates).toBe(99);
  });
});
