import { describe, expect, it } from "vitest";
import type { Rollout } from "#domain/change.ts";
import { createDeliveries } from "#watchers/kubernetes/gitops.ts";
import { type Delivery, findApplication, findKustomization } from "#watchers/kubernetes/gitops-state.ts";
import { HOUR, MINUTE, NOON, SECOND, aRollout, aSha, shopWebKey } from "#test/builders.ts";

const [old, young] = [aSha("old"), aSha("young")];
const metadata = { name: "shop" };

describe("what Argo CD and Flux say", () => {
  it("of an Application: what was synced last, and its workloads", () => {
    const resources = [
      { kind: "Deployment", namespace: "shop", name: "web" },
      { kind: "ConfigMap", namespace: "shop", name: "settings" },
      { kind: "StatefulSet", namespace: "shop", name: "db" },
    ];
    const status = { sync: { revision: young }, operationState: { syncResult: { revision: old } }, resources };
    expect(findApplication("prod", { metadata, status })).toEqual({
      name: "shop",
      commit: { sha: old, from: "argo" },
      workloads: ["prod/shop/web", "prod/shop/db"],
    });
    expect(findApplication("prod", { metadata, status: { sync: { revision: "1.2.3" } } }).commit).toBeUndefined();
    expect(findApplication("prod", { metadata })).toEqual({ name: "shop", workloads: [] });
  });

  it.each([`main@sha1:${young}`, `main/${young}`, young, `sha1:${young}`])("of a Kustomization: %s", (lastAppliedRevision) => {
    const entries = [{ id: "shop_web_apps_Deployment" }, { id: "_shop__Namespace" }, { id: "shop_web__Service" }, {}];
    expect(findKustomization("prod", { metadata, status: { lastAppliedRevision, inventory: { entries } } })).toEqual({
      name: "shop",
      commit: { sha: young, from: "flux" },
      workloads: ["prod/shop/web"],
    });
  });
});

describe("a rollout that says nothing of its commit", () => {
  const of = (sha: string): Delivery => ({ name: "shop", commit: { sha, from: "argo" }, workloads: [shopWebKey] });

  function open() {
    let now = NOON;
    const told: Rollout[] = [];
    const deliveries = createDeliveries(
      () => now,
      (rollout) => void told.push(rollout),
    );
    deliveries.take(of(old), undefined);
    return { ...deliveries, told, wait: (ms: number) => void (now += ms) };
  }
  const commits = { commit: { sha: young, from: "argo" }, previousCommit: { sha: old, from: "argo" } };

  it("gets it from the delivery just before", () => {
    const { take, complete, wait } = open();
    take(of(young), of(old));
    wait(30 * SECOND);
    expect(complete(aRollout({ at: NOON + 30 * SECOND }))).toMatchObject(commits);
  });

  it("is told again, under the same id, when the delivery is known after it", () => {
    const { take, complete, wait, told } = open();
    const rollout = aRollout({ at: NOON });
    expect(complete(rollout)).toEqual(rollout);
    wait(MINUTE);
    take(of(young), of(old));
    expect(told).toMatchObject([{ id: rollout.id, at: rollout.at, ...commits }]);
    take(of(young), of(old));
    expect(told).toHaveLength(1);
  });

  it("gets none from a delivery of another time, of another workload, or from what stood there at the start", () => {
    const { take, complete, wait } = open();
    const early = aRollout({ at: NOON });
    expect(complete(early)).toEqual(early);
    take(of(young), of(old));
    wait(HOUR);
    for (const rollout of [aRollout({ at: NOON + HOUR }), aRollout({ at: NOON, workload: "prod/shop/cart" })])
      expect(complete(rollout)).toEqual(rollout);
  });

  it("keeps the commit that it names itself", () => {
    const { take, complete } = open();
    take(of(young), of(old));
    const rollout = aRollout({ at: NOON, commit: { sha: aSha("own"), from: "image-tag" } });
    expect(complete(rollout)).toEqual(rollout);
  });
});
