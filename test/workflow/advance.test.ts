import { describe, expect, test } from "vitest";
import {
  MINUTE,
  NOON,
  aDiagnosis,
  aNode,
  aPool,
  aState,
  aStep,
  aUsual,
  anIncident,
  shopWeb,
  someSignals,
} from "#test/builders.ts";
import type { Incident } from "#domain/incident.ts";
import type { Step } from "#domain/plan.ts";
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

  test("keeps which node pool its pods were last seen to suffer on", () => {
    const pods = { unready: 2, crashing: 0, imagePull: 0, misconfigured: 0, unscheduled: 0, restarts: 0, memoryKills: 0 };
    const pool = aPool({ nodes: [aNode({ name: "n1", pool: "blue" }), aNode({ name: "n2", pool: "green" })] });
    const ill = advance(anIncident(), { ...look, at: NOON, state: aState({ pods: { ...pods, nodes: ["n1"] } }), pool });
    expect(ill?.suffers).toEqual({ pools: ["blue"], quotas: [] });
    expect(ill && advance(ill, { ...look, at: NOON, state: aState(), pool })?.suffers).toEqual(ill?.suffers);
  });

  test("keeps when a change was first named, and the worst that was seen", () => {
    const at = (minutes: number) => NOON + minutes * MINUTE;
    const before = anIncident({ peak: { replicas: 75, nodes: 14, latencySeconds: 0.2 } });
    const seen = (minutes: number, cost: number, incident: Incident, over = {}) => {
      const signals = someSignals({ to: at(minutes), cost: () => cost });
      return advance(incident, { ...look, signals, at: at(minutes), state: aState({ at: at(minutes) }), finding: finding(over) });
    };
    const first = seen(1, 0.03, before, { named: false, suspects: [] });
    expect(first?.namedAt).toBeUndefined();
    const second = seen(2, 0.02, first ?? before);
    const third = seen(3, 0.01, second ?? before);
    expect(third).toMatchObject({ namedAt: at(2), peak: { requestsPerSecond: 600, latencySeconds: 0.2 } });
    expect(third?.peak.costPerRequest).toBeCloseTo(0.03);
    expect(withoutSight(before, finding())?.namedAt).toBe(NOON);
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

  test("keeps, tells once and judges what was done beside the plan, also where it may be pressed again", () => {
    const workload = anIncident().workload as WorkloadRef;
    const scale = aStep({
      id: "scale",
      kind: "scale",
      aside: "other",
      state: "done",
      by: "U1",
      second: "U2",
      at: NOON,
      outcome: "30 replicas are wanted (were 95).",
      did: { kind: "scale", workload, uid: "uid-web", from: 95, to: 30 },
    });
    const hold = aStep({
      id: "pause",
      kind: "pause",
      aside: "other",
      state: "done",
      at: NOON,
      outcome: "The rollout is held.",
      did: { kind: "pause", workload, uid: "uid-web", templateHash: "hash8" },
    });
    const state = { desired: 30, paused: true, autoscaler: undefined };
    const seen = [anIncident({ plan: [scale, hold] })];
    for (let minutes = 1; minutes <= 20; minutes += 1) {
      const at = NOON + minutes * MINUTE;
      seen.push(advance(seen.at(-1)!, { ...look, at, state: aState({ at, ready: 12, ...state }), pool: aPool() })!);
    }
    const stepOf = (id: string) => seen.at(-1)!.plan.find((step) => step.id === id);
    const replies = [...new Map(seen.flatMap(repliesOf).map(({ part, reply }) => [part, reply.text]))];

    expect(stepOf("scale")).toMatchObject({
      state: "ready",
      by: "U1",
      second: "U2",
      outcome: scale.outcome,
      helped: { ok: false },
    });
    expect(stepOf("pause")).toMatchObject({ did: { kind: "pause" }, outcome: hold.outcome });
    expect(replies).toEqual([
      [`act/scale/done/${NOON}`, `Set the count: done. ${scale.outcome}`],
      [`act/pause/done/${NOON}`, `Hold the rollout: done. ${hold.outcome}`],
      [`helped/scale/${NOON}/false`, expect.stringMatching(/^Set the count has not helped. It is not well 15 minutes after it/)],
    ]);
  });

  test("what takes back and has not helped goes by its own name, and does not offer itself", () => {
    const helped = { at: NOON + 1, ok: false, text: "It is not well." };
    const did = { kind: "pause", workload: shopWeb, uid: "uid-web", templateHash: "hash8" } as const;
    const undo = aStep({ id: "undo-rollback", kind: "rollback", aside: "undo", at: NOON, outcome: "Done.", did, helped });
    const texts = (step: Partial<typeof undo>) =>
      repliesOf(anIncident({ plan: [{ ...undo, ...step }] }))
        .filter(({ part }) => part.startsWith("helped/"))
        .map(({ reply }) => reply.text);

    expect(texts({})).toEqual([
      'Undo the rollback has not helped. It is not well. To take it back: "Roll back", under the message.',
    ]);
    expect(texts({ id: "undo-scale", kind: "scale" })).toEqual(["Undo the new count has not helped. It is not well."]);
    expect(texts({ id: "rollback", aside: "other" })).toEqual([
      'Roll back has not helped. It is not well. To take it back: "Undo the rollback", in the list under the message.',
    ]);
  });

  test("takes what a later step of ours set for nobody's edit, and calls nobody", () => {
    const ceiling = { workload: anIncident().workload as WorkloadRef, autoscaler: "web", autoscalerUid: "uid-hpa" };
    const did = { kind: "cap", ...ceiling, fromMax: 4_000, toMax: 95 } as const;
    const cap = aStep({ state: "done", at: NOON, did, outcome: "Capped." });
    const back = { ...did, kind: "restore", fromMax: 95, toMax: 4_000 } as const;
    const given = { id: "restore", kind: "restore", aside: "undo", state: "done" } as const;
    const restore = aStep({ ...given, at: NOON + MINUTE, did: back, outcome: "Given back." });
    const at = NOON + 5 * MINUTE;
    const calls = (steps: readonly Step[]) => {
      const next = advance(anIncident({ status: "recovered", plan: steps }), {
        ...look,
        at,
        state: aState({ at }),
        pool: aPool(),
      });
      return repliesOf(next!).filter(({ reply }) => reply.escalates);
    };

    expect(calls([cap, restore])).toEqual([]);
    expect(calls([cap])).toMatchObject([{ reply: { text: expect.stringContaining("The ceiling is 4,000 again.") } }]);
  });

  test("judges anew what was pressed again, and tells no verdict of the act before", () => {
    const did = { kind: "restart", workload: anIncident().workload as WorkloadRef, uid: "u", templateHash: "hash8" } as const;
    const helped = { at: NOON - MINUTE, ok: true, text: "It is well again." };
    const again = aStep({ id: "restart", kind: "restart", aside: "other", state: "done", at: NOON, did, helped });
    const incident = anIncident({ plan: [again] });
    const next = advance(incident, { ...look, at: NOON + MINUTE, state: aState({ at: NOON + MINUTE }) });

    expect(repliesOf(incident).filter(({ part }) => part.startsWith("helped/"))).toEqual([]);
    expect(next?.plan.find(({ id }) => id === "restart")?.helped).toBeUndefined();
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
