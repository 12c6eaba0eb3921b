import { describe, expect, test } from "vitest";
import { MINUTE, NOON, aDiagnosis, aNode, aPool, aState, aStep, aUsual, anIncident } from "#test/builders.ts";
import type { Incident } from "#domain/incident.ts";
import { advance, withoutSight } from "#workflow/advance.ts";
import { repliesOf } from "#workflow/replies.ts";
import type { WorkloadRef } from "#domain/workload.ts";
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

  test("follows the rollout of a rollback that was foretold", () => {
    const did = {
      kind: "rollback",
      workload: anIncident().workload as WorkloadRef,
      uid: "uid-web",
      fromRevision: 8,
      fromTemplateHash: "hash8",
      toRevision: 7,
      toTemplateHash: "hash7",
    } as const;
    const forecast = { at: NOON, replicas: 30, mostPods: 38 };
    const rolled = aStep({ id: "rollback", kind: "rollback", state: "done", at: NOON, did, forecast });
    const incident = anIncident({ diagnosis: aDiagnosis(), plan: [rolled] });
    const at = NOON + MINUTE;
    const going = advance(incident, { ...look, at, state: aState({ at, total: 36, updated: 20 }), pool: aPool() });
    const later = at + MINUTE;
    const ended = going && advance(going, { ...look, at: later, state: aState({ at: later }), pool: aPool() });
    expect(going?.plan.find(({ id }) => id === "rollback")?.seen).toEqual({ mostPods: 36, leastReady: 30, addedNodes: 0 });
    const replies = ended ? repliesOf(ended) : [];
    expect(replies.find(({ part }) => part === `seen/rollback/${NOON}`)?.reply.text).toBe(
      "Roll back, complete. Foretold: up to 8 more pods. It was: 6 more pods, 30 ready at least, 0 more nodes, 2.0 minutes.",
    );
    expect(going && repliesOf(going).filter(({ part }) => part.startsWith("seen/"))).toEqual([]);
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
