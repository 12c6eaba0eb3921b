import { describe, expect, it } from "vitest";
import { ofKind, toReplacement } from "#actions/surge.ts";
import { findQuantity } from "#clients/kubernetes/quantity.ts";
import type { KubeWorkload } from "#clients/kubernetes/objects.ts";

function replacementOf(replicas: number, rollingUpdate?: object, type = "RollingUpdate") {
  const workload = { metadata: {}, spec: { replicas, strategy: { type, rollingUpdate } } } as KubeWorkload;
  return toReplacement(ofKind("Deployment", workload));
}

function ofSet(kind: "StatefulSet" | "DaemonSet", rollingUpdate?: object, type = "RollingUpdate") {
  const status = { desiredNumberScheduled: 10 };
  const workload = { metadata: {}, spec: { replicas: 10, updateStrategy: { type, rollingUpdate } }, status };
  return toReplacement(ofKind(kind, workload as unknown as KubeWorkload));
}

describe("surge", () => {
  it("is a quarter of 4,000 pods by default", () => {
    expect(replacementOf(4_000)).toEqual({ kind: "rolling", surge: 1_000, unavailable: 1_000, replaced: 4_000 });
  });

  it("rounds surge up and unavailable down, and never both to nothing", () => {
    expect(replacementOf(7)).toMatchObject({ surge: 2, unavailable: 1 });
    expect(replacementOf(7, { maxSurge: 0, maxUnavailable: "1%" })).toMatchObject({ surge: 0, unavailable: 1 });
    expect(replacementOf(2, { maxSurge: 3, maxUnavailable: 5 })).toMatchObject({ surge: 3, unavailable: 2 });
    expect(replacementOf(0)).toMatchObject({ surge: 0, unavailable: 0 });
    expect(replacementOf(7, undefined, "Recreate")).toEqual({ kind: "recreate", surge: 0, unavailable: 7, replaced: 7 });
  });

  it("of a StatefulSet is none: one at a time, from the highest ordinal down to the partition", () => {
    expect(ofSet("StatefulSet")).toEqual({ kind: "in-place", surge: 0, unavailable: 1, replaced: 10 });
    expect(ofSet("StatefulSet", { partition: 7, maxUnavailable: "50%" })).toMatchObject({ unavailable: 3, replaced: 3 });
    expect(ofSet("StatefulSet", { partition: 10 })).toMatchObject({ unavailable: 0, replaced: 0 });
    expect(ofSet("StatefulSet", undefined, "OnDelete")).toMatchObject({ kind: "by-hand", replaced: 0 });
  });

  it("of a DaemonSet is on the nodes that have one", () => {
    expect(ofSet("DaemonSet")).toEqual({ kind: "in-place", surge: 0, unavailable: 1, replaced: 10 });
    expect(ofSet("DaemonSet", { maxSurge: "25%", maxUnavailable: 0 })).toMatchObject({ surge: 3, unavailable: 0 });
    expect(ofSet("DaemonSet", undefined, "OnDelete")).toMatchObject({ kind: "by-hand" });
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
