import { describe, expect, test } from "vitest";
import { HOUR, NOON, SECOND, aNode, aPool, aState, aStep, shopWeb } from "#test/builders.ts";
import type { Step } from "#domain/plan.ts";
import type { WorkloadState } from "#domain/workload.ts";
import { comparisonOf, followRollout } from "#analysis/rollout/seen.ts";

const did = {
  kind: "rollback",
  workload: shopWeb,
  uid: "uid-web",
  fromRevision: 8,
  fromTemplateHash: "hash8",
  toRevision: 7,
  toTemplateHash: "hash7",
} as const;
const forecast = { at: NOON, replicas: 4_000, mostPods: 5_000, leastReady: 3_000, addedNodes: 57, seconds: 120 };
const rollback = (over: Partial<Step> = {}) =>
  aStep({ id: "rollback", kind: "rollback", state: "done", at: NOON, did, forecast, ...over });

const reading = (seconds: number, over: Partial<WorkloadState> = {}) =>
  aState({ at: NOON + seconds * SECOND, desired: 4_000, ...over });
const follow = (step: Step, states: readonly WorkloadState[], pool = aPool()) =>
  states.reduce((held, state) => followRollout(held, state, pool, state.at), step);

const underWay = [
  reading(15, { total: 4_700, ready: 3_100, updated: 900 }),
  reading(30, { total: 4_987, ready: 2_950, updated: 2_000 }),
  reading(45, { total: 4_200, ready: 3_900, updated: 3_000 }),
];
const complete = reading(132);

describe("a rollout that was foretold", () => {
  test("is followed until it is complete, and told beside what was foretold", () => {
    const young = Array.from({ length: 57 }, (_, index) => aNode({ name: `new-${index}`, createdAt: NOON + SECOND }));
    const pool = aPool({ nodes: [...aPool().nodes, ...young] });

    const going = follow(rollback(), underWay, pool);
    const ended = follow(going, [complete], pool);

    expect(going.seen).toEqual({ mostPods: 4_987, leastReady: 2_950, addedNodes: 57 });
    expect(comparisonOf(going)).toBeUndefined();
    expect(ended.seen?.seconds).toBe(132);
    expect(comparisonOf(ended)).toBe(
      "Foretold: up to 1,000 more pods, 3,000 ready at least, 57 more nodes, 2.0 minutes. It was: 987 more pods, 2,950 ready at least, 57 more nodes, 2.2 minutes.",
    );
  });

  test("is not followed any more once it is complete", () => {
    const ended = follow(rollback(), [...underWay, complete]);
    expect(follow(ended, [reading(500, { total: 9_000, ready: 1 })])).toEqual(ended);
  });

  test.each<[string, Partial<Step>, WorkloadState]>([
    ["a reading from before the act", {}, reading(-1)],
    ["nothing foretold", { forecast: undefined }, complete],
    ["a rollout that did not end within an hour", {}, reading(HOUR / SECOND + 1)],
    ["an act that is no rollout", { did: undefined }, complete],
  ])("says nothing of %s", (_, step, state) => {
    expect(follow(rollback(step), [state]).seen).toBeUndefined();
  });

  test("is not told of a template that somebody rolled out since", () => {
    expect(follow(rollback(), [reading(15, { templateHash: "hash9" })]).seen).toBeUndefined();
  });

  test("a restart is followed under whatever template it makes", () => {
    const restart = rollback({ kind: "restart", did: { kind: "restart", workload: shopWeb, uid: "u", templateHash: "hash6" } });
    expect(follow(restart, [complete]).seen).toMatchObject({ seconds: 132 });
  });

  test.each([
    ["not observed", { observed: false }],
    ["old pods left", { total: 4_001 }],
    ["not all ready", { ready: 3_999 }],
    ["not all updated", { updated: 3_999 }],
  ])("is not complete: %s", (_, over) => {
    expect(follow(rollback(), [reading(132, over)]).seen).not.toHaveProperty("seconds");
  });

  test("a count that falls is no missing pod", () => {
    expect(follow(rollback(), [reading(90, { desired: 2_000, ready: 2_000, total: 2_500 })]).seen?.leastReady).toBe(4_000);
  });

  test("what was not foretold is only told", () => {
    const seen = { mostPods: 375, leastReady: 225, addedNodes: 3, seconds: 61 };
    const part = { at: NOON, replicas: 300, mostPods: 375 };
    expect(comparisonOf(rollback({ forecast: part, seen }))).toBe(
      "Foretold: up to 75 more pods. It was: 75 more pods, 225 ready at least, 3 more nodes, 61 seconds.",
    );
  });
});
