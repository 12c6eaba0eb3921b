import { describe, expect, it } from "vitest";
import { type PodGroup, type PodGroups, proposeReplicas } from "#sim/cluster/stages/hpa-formula.ts";

const none: PodGroup = { count: 0, requestMilli: 0, usageMilli: 0 };

/** So many pods that each ask for 200m and use that much. */
function pods(count: number, usage = 0): PodGroup {
  return { count, requestMilli: 200 * count, usageMilli: usage * count };
}

function propose(current: number, target: number, groups: Partial<PodGroups>) {
  return proposeReplicas(current, target, { ready: none, unready: none, missing: none, ...groups });
}

describe("the HPA formula", () => {
  it("doubles the count when the metric is twice the target, as in the documentation", () => {
    expect(propose(4, 50, { ready: pods(4, 200) })).toMatchObject({ replicas: 8, utilization: 100 });
  });

  it("halves the count when the metric is half the target, as in the documentation", () => {
    expect(propose(4, 100, { ready: pods(4, 100) })).toMatchObject({ replicas: 2 });
  });

  it.each([
    [66, 10],
    [54, 10],
    [68, 12],
    [52, 9],
  ])("at %d %% of a target of 60 %% wants %d of 10, with a tolerance of 10 %%", (percent, replicas) => {
    expect(propose(10, 60, { ready: pods(10, percent * 2) })).toMatchObject({ replicas });
  });

  it("rounds up", () => {
    expect(propose(3, 50, { ready: pods(3, 120) })).toMatchObject({ replicas: 4 });
  });

  it("knows nothing when no pod has metrics that count", () => {
    expect(propose(5, 60, { unready: pods(5) })).toEqual({
      kind: "unknown",
      why: "did not receive metrics for targeted pods (pods might be unready)",
    });
  });

  it("takes unready pods for idle on the way up", () => {
    // 120 % over 9 pods would be 11; over all 10 it is 108 %, which is near enough.
    expect(propose(10, 100, { ready: pods(9, 240), unready: pods(1) })).toMatchObject({ replicas: 10, utilization: 120 });
    expect(propose(10, 100, { ready: pods(9, 240) })).toMatchObject({ replicas: 11 });
  });

  it("stays when unready pods would turn the way up into a way down", () => {
    expect(propose(10, 100, { ready: pods(2, 300), unready: pods(8) })).toMatchObject({ replicas: 10 });
  });

  it("leaves unready pods out on the way down", () => {
    expect(propose(10, 100, { ready: pods(8, 100), unready: pods(2) })).toMatchObject({ replicas: 4 });
  });

  it("takes missing pods for busy on the way down", () => {
    // 25 % over 8 pods and 100 % for 2 are 40 % over all.
    expect(propose(10, 100, { ready: pods(8, 50), missing: pods(2) })).toMatchObject({ replicas: 4 });
  });

  it("takes missing pods for idle on the way up", () => {
    expect(propose(10, 50, { ready: pods(5, 400), missing: pods(5) })).toMatchObject({ replicas: 20 });
  });

  it("reports what the ready pods use on average", () => {
    expect(propose(3, 60, { ready: pods(3, 121) })).toMatchObject({ utilization: 60, averageMilli: 121 });
  });
});
