import { describe, expect, it } from "vitest";
import { toReplacement } from "#actions/surge.ts";
import { findQuantity } from "#clients/kubernetes/quantity.ts";
import type { KubeDeployment } from "#clients/kubernetes/objects.ts";

function replacementOf(replicas: number, rollingUpdate?: object, type = "RollingUpdate") {
  return toReplacement({ metadata: {}, spec: { replicas, strategy: { type, rollingUpdate } } } as KubeDeployment);
}

describe("surge", () => {
  it("is a quarter of 4,000 pods by default", () => {
    expect(replacementOf(4_000)).toEqual({ kind: "rolling", replicas: 4_000, surge: 1_000, readyAtLeast: 3_000 });
  });

  it("rounds surge up and unavailable down, and never both to nothing", () => {
    expect(replacementOf(7)).toMatchObject({ surge: 2, readyAtLeast: 6 });
    expect(replacementOf(7, { maxSurge: 0, maxUnavailable: "1%" })).toMatchObject({ surge: 0, readyAtLeast: 6 });
    expect(replacementOf(2, { maxSurge: 3, maxUnavailable: 5 })).toMatchObject({ surge: 3, readyAtLeast: 0 });
    expect(replacementOf(0)).toMatchObject({ surge: 0 });
    expect(replacementOf(7, undefined, "Recreate")).toEqual({ kind: "recreate", replicas: 7 });
  });
});

describe("quantities", () => {
  it.each([
    ["200m", 0.2],
    ["2", 2],
    ["1.5", 1.5],
    ["64Gi", 64 * 2 ** 30],
    ["2e3", 2_000],
    ["128974848", 128_974_848],
    ["nonsense", 0],
    ["5X", 0],
    [undefined, 0],
  ])("%s is %d", (quantity, value) => {
    expect(findQuantity(quantity) ?? 0).toBeCloseTo(value);
  });
});
