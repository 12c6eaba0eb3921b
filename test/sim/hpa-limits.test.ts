import { describe, expect, it } from "vitest";
import type { Behavior } from "#sim/cluster/stages/hpa-kinds.ts";
import { limitReplicas, type Memory, rememberScaling } from "#sim/cluster/stages/hpa-limits.ts";

const minute = 60_000;

function aMemory(): Memory {
  return { recommendations: [], ups: [], downs: [] };
}

function bounds(behavior?: Behavior, most = 4_000) {
  return { least: 5, most, behavior, downscaleSeconds: 300 };
}

/** Applies wishes one after the other, a time apart, and gives the counts that came of them. */
function follow(start: number, wishes: readonly number[], apart: number, behavior?: Behavior): number[] {
  const memory = aMemory();
  let current = start;
  return wishes.map((wanted, index) => {
    const { replicas } = limitReplicas(current, wanted, bounds(behavior), memory, index * apart);
    if (replicas !== current) rememberScaling(memory, current, replicas, index * apart);
    return (current = replicas);
  });
}

describe("the HPA's limits without behavior", () => {
  it("at most doubles at each sync", () => {
    expect(follow(30, [4_000, 4_000, 4_000, 4_000], 15_000)).toEqual([60, 120, 240, 480]);
  });

  it("lets a small count rise to four", () => {
    expect(limitReplicas(1, 100, { ...bounds(), least: 1 }, aMemory(), 0).replicas).toBe(4);
  });

  it("says that the ceiling holds it back", () => {
    const { replicas, limited, limit } = limitReplicas(90, 150, bounds(undefined, 100), aMemory(), 0);
    expect([replicas, limited, limit[0]]).toEqual([100, true, "TooManyReplicas"]);
  });

  it("says that the rate holds it back", () => {
    expect(limitReplicas(5, 13, bounds(), aMemory(), 0)).toMatchObject({
      replicas: 10,
      limited: true,
      limit: ["ScaleUpLimit", expect.any(String)],
    });
  });

  it("says that the floor holds it", () => {
    expect(limitReplicas(10, 2, bounds(), aMemory(), 0)).toMatchObject({
      replicas: 5,
      limited: true,
      limit: ["TooFewReplicas", expect.any(String)],
    });
  });

  it("goes down only when all wishes of five minutes were lower", () => {
    const memory = aMemory();
    expect(limitReplicas(100, 100, bounds(), memory, 0).replicas).toBe(100);
    const early = limitReplicas(100, 20, bounds(), memory, 4 * minute);
    expect([early.replicas, early.able[0]]).toEqual([100, "ScaleDownStabilized"]);
    const late = limitReplicas(100, 20, bounds(), memory, 5 * minute);
    expect([late.replicas, late.able[0]]).toEqual([20, "ReadyForNewScale"]);
  });
});

describe("the HPA's limits with behavior", () => {
  const gentle: Behavior = {
    scaleDown: {
      stabilizationWindowSeconds: 0,
      policies: [
        { type: "Pods", value: 4, periodSeconds: 60 },
        { type: "Percent", value: 10, periodSeconds: 60 },
      ],
    },
  };

  it("goes down by the larger of 4 pods and 10 %, as in the documentation", () => {
    expect(follow(80, [10, 10], minute, gentle)).toEqual([72, 64]);
    expect(follow(40, [10, 10], minute, gentle)).toEqual([36, 32]);
  });

  it("goes down by the smaller with selectPolicy Min", () => {
    expect(follow(80, [10], minute, { scaleDown: { ...gentle.scaleDown, selectPolicy: "Min" } })).toEqual([76]);
  });

  it("does not go down at all with selectPolicy Disabled", () => {
    const { replicas, limit } = limitReplicas(
      80,
      10,
      bounds({ scaleDown: { ...gentle.scaleDown, selectPolicy: "Disabled" } }),
      aMemory(),
      0,
    );
    expect([replicas, limit[0]]).toEqual([80, "ScaleDownLimit"]);
  });

  it("counts what was added within the period against the policy", () => {
    const slow: Behavior = { scaleUp: { policies: [{ type: "Pods", value: 10, periodSeconds: 60 }] } };
    expect(follow(30, [500, 500, 500, 500, 500], 15_000, slow)).toEqual([40, 40, 40, 40, 50]);
  });

  it("goes up at once by the greater of 4 pods and 100 % by default", () => {
    expect(follow(30, [500], 15_000, { scaleDown: {} })).toEqual([60]);
    expect(follow(2, [500], 15_000, { scaleDown: {} })).toEqual([6]);
  });

  it("waits with a window on the way up", () => {
    const memory = aMemory();
    const patient: Behavior = { scaleUp: { stabilizationWindowSeconds: 60 } };
    limitReplicas(30, 30, bounds(patient), memory, 0);
    const early = limitReplicas(30, 50, bounds(patient), memory, 30_000);
    expect([early.replicas, early.able[0]]).toEqual([30, "ScaleUpStabilized"]);
    expect(limitReplicas(30, 50, bounds(patient), memory, 61_000).replicas).toBe(50);
  });

  it("waits 300 seconds on the way down when the window is not given", () => {
    const memory = aMemory();
    limitReplicas(80, 80, bounds({ scaleUp: {} }), memory, 0);
    expect(limitReplicas(80, 20, bounds({ scaleUp: {} }), memory, 299_000).replicas).toBe(80);
    expect(limitReplicas(80, 20, bounds({ scaleUp: {} }), memory, 301_000).replicas).toBe(20);
  });
});
