import { describe, expect, it } from "vitest";
import {
  newReplicaSetSize,
  resolveFenceposts,
  scaleInProportion,
  type Share,
  shrinkOld,
} from "#sim/cluster/stages/deployment-math.ts";

function aShare(overrides: Partial<Share> = {}): Share {
  const share = { name: "old", replicas: 30, createdAt: 0, ...overrides };
  return { available: share.replicas, ...share };
}

describe("a rollout's fenceposts", () => {
  it.each([
    ["25%", "25%", 30, { surge: 8, unavailable: 7 }],
    ["25%", "25%", 5, { surge: 2, unavailable: 1 }],
    [undefined, undefined, 4_000, { surge: 1_000, unavailable: 1_000 }],
    [0, 0, 10, { surge: 0, unavailable: 1 }],
    [3, 2, 10, { surge: 3, unavailable: 2 }],
  ])("are %s and %s of %d", (surge, unavailable, replicas, posts) => {
    expect(resolveFenceposts(surge, unavailable, replicas)).toEqual(posts);
  });
});

describe("a rollout", () => {
  it("starts with as many new pods as the surge allows", () => {
    expect(newReplicaSetSize(30, 0, 30, 8)).toBe(8);
    expect(newReplicaSetSize(30, 8, 38, 8)).toBe(8);
    expect(newReplicaSetSize(30, 25, 28, 8)).toBe(30);
  });

  it("takes away as many old pods as may be missing", () => {
    const fresh = aShare({ name: "new", replicas: 8, available: 0 });
    expect(shrinkOld([aShare()], fresh, 30, 7).get("old")).toBe(23);
  });

  it("takes away unhealthy old pods first", () => {
    const sick = aShare({ name: "sick", replicas: 5, available: 0, createdAt: 1 });
    const fresh = aShare({ name: "new", replicas: 3, available: 0, createdAt: 2 });
    const sizes = shrinkOld([aShare({ replicas: 23 }), sick], fresh, 30, 7);
    expect([sizes.get("old"), sizes.get("sick")]).toEqual([23, 0]);
  });

  it("keeps what is needed while new pods do not become available", () => {
    const fresh = aShare({ name: "new", replicas: 15, available: 0 });
    expect(shrinkOld([aShare({ replicas: 23 })], fresh, 30, 7).get("old")).toBe(23);
  });
});

describe("scaling in the middle of a rollout", () => {
  it("shares what is added in proportion, as in the documentation", () => {
    const old = aShare({ replicas: 8, maxBefore: 13 });
    const fresh = aShare({ name: "new", replicas: 5, maxBefore: 13, createdAt: 1 });
    const sizes = scaleInProportion([old, fresh], 15, 3, 13);
    expect([sizes.get("old"), sizes.get("new")]).toEqual([11, 7]);
  });

  it("takes all away when nothing is wanted", () => {
    const sizes = scaleInProportion([aShare({ maxBefore: 38 }), aShare({ name: "new", replicas: 8, maxBefore: 38 })], 0, 0, 38);
    expect([...sizes.values()]).toEqual([0, 0]);
  });
});
