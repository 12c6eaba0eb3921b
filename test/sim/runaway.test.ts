import { describe, expect, it } from "vitest";
import { aRollout, aService, anAutoscaler, conditionsOf, others, playCluster } from "./played-cluster.ts";

const bad = aRollout("registry.example/shop:2", { "load/cost-doubles-every": "1m" });
const good = aRollout("registry.example/shop:1", { "load/cost-doubles-every": null });

describe("a runaway", () => {
  it("comes of a dearer request alone: 30 to 4,000 pods, 10 to 200 nodes, and back after a rollback", async () => {
    await using played = await playCluster();
    const { cluster, read, nodes, until, live, autoscaler, isUsual } = played;
    const counts: number[] = [];
    await live(30);

    cluster.apply(bad);
    const doubled = await until(() => read().spec.replicas > 60, 300);
    const toTop = await until(() => read().spec.replicas === 4_000, 900);
    await live(60);
    counts.push(read().spec.replicas, nodes());

    expect(doubled).toBeGreaterThan(45);
    expect(toTop).toBeGreaterThan(240);
    expect(counts).toEqual([4_000, 200]);
    expect(conditionsOf(autoscaler())).toContain("ScalingLimited=True/TooManyReplicas");
    const reasons = new Set([...played.store.list("v1/events")].map((event) => (event as unknown as { reason: string }).reason));
    expect([...reasons]).toEqual(
      expect.arrayContaining([
        "ScalingReplicaSet",
        "SuccessfulRescale",
        "FailedScheduling",
        "TriggeredScaleUp",
        "NotTriggerScaleUp",
      ]),
    );

    cluster.apply(good);
    const surge = await until(() => (read().status?.replicas ?? 0) === 5_000, 60);
    expect(surge).toBeLessThan(60);
    // Far below one percent the autoscaler reads 0 %, goes to its floor and comes back from there.
    await until(() => read().spec.replicas <= 30, 900);
    await until(isUsual, 300);
    await live(120);
    expect(isUsual()).toBe(true);
    expect(read().metadata.annotations?.["deployment.kubernetes.io/revision"]).toBe("3");
    expect(played.sets()).toHaveLength(2);
  }, 60_000);

  it("stops at a ceiling that is lowered to what runs, and comes down at once below it", async () => {
    await using played = await playCluster();
    const { cluster, read, until, live } = played;
    cluster.apply(bad);
    await until(() => read().spec.replicas > 100, 400);
    const cap = read().spec.replicas;

    cluster.apply({ ...anAutoscaler({ most: cap }) });
    await live(120);
    expect(read().spec.replicas).toBe(cap);

    cluster.apply({ ...anAutoscaler({ most: 50 }) });
    await live(20);
    expect(read().spec.replicas).toBe(50);
    expect(conditionsOf(played.autoscaler())[0]).toMatch(/^AbleToScale=True/);
  });

  it("reads nothing from pods that have just started, as the real autoscaler after a rollout", async () => {
    await using played = await playCluster();
    const { cluster, until, autoscaler } = played;
    cluster.apply(bad);
    const blind = await until(() => conditionsOf(autoscaler()).includes("ScalingActive=False/FailedGetResourceMetric"), 60);
    const seeing = await until(() => conditionsOf(autoscaler()).includes("ScalingActive=True/ValidMetricFound"), 60);
    expect(blind).toBeLessThan(30);
    expect(seeing).toBeLessThanOrEqual(30);
  });
});

describe("a rollback with a schema in the way", () => {
  const needs = (version: string) => ({
    template: { "load/schema-needs": version },
    annotations: { "load/database": "shop-db" },
  });
  const objects = [aService(needs("41")), anAutoscaler(), others()];
  const forward = aRollout("registry.example/shop:2", { "load/schema-needs": "42", "load/cost-doubles-every": "1m" });
  const back = aRollout("registry.example/shop:1", { "load/schema-needs": "41", "load/cost-doubles-every": null });

  it("recovers when the schema goes back with it", async () => {
    await using played = await playCluster({ objects, databases: { "shop-db": 41 } });
    const { cluster, read, until, isUsual } = played;
    cluster.setSchema("shop-db", 42);
    cluster.apply(forward);
    await until(() => read().spec.replicas > 100, 400);

    cluster.setSchema("shop-db", 41);
    cluster.apply(back);

    await until(isUsual, 900);
    expect(read().status?.updatedReplicas).toBe(read().spec.replicas);
  });

  it("never gets ready while the schema stays: old code, new schema", async () => {
    const capped = [aService(needs("41")), anAutoscaler({ most: 120 }), others()];
    await using played = await playCluster({ objects: capped, databases: { "shop-db": 41 } });
    const { cluster, read, until, live } = played;
    cluster.setSchema("shop-db", 42);
    cluster.apply(forward);
    await until(() => read().spec.replicas === 120 && read().status?.readyReplicas === 120, 400);

    cluster.apply(back);
    await live(700);

    expect(read().status).toMatchObject({ replicas: 150, updatedReplicas: 60, readyReplicas: 90, unavailableReplicas: 60 });
    expect(conditionsOf(read().status)).toContain("Progressing=False/ProgressDeadlineExceeded");
  }, 60_000);

  it("turns pods unready that were ready, when the schema moves away from them", async () => {
    await using played = await playCluster({ objects, databases: { "shop-db": 41 } });
    const { cluster, read, until } = played;
    cluster.setSchema("shop-db", 42);
    await until(() => (read().status?.readyReplicas ?? 0) === 0, 10);
    expect(conditionsOf(read().status)).toContain("Available=False/MinimumReplicasUnavailable");
    cluster.setSchema("shop-db", 41);
    await until(() => read().status?.readyReplicas === 30, 10);
  });
});

describe("nodes", () => {
  it("that are cordoned and empty go, down to the least number", async () => {
    await using played = await playCluster();
    const { cluster, isUsual, nodes, until, store, pods, live } = played;
    cluster.apply(bad);
    await until(() => nodes() >= 15, 600);
    cluster.apply(good);
    await until(isUsual, 900);

    const born = [...store.list("v1/nodes")].slice(10).map(({ metadata }) => metadata.name);
    for (const name of born) cluster.apply({ apiVersion: "v1", kind: "Node", metadata: { name }, spec: { unschedulable: true } });
    await live(2);
    const node = store.get("v1/nodes", undefined, born[0] ?? "");
    expect(node?.spec?.["taints"]).toMatchObject([{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }]);
    for (const { metadata, spec } of pods().filter(({ spec }) => born.includes(spec.nodeName ?? ""))) {
      store.delete("v1/pods", metadata.namespace, metadata.name);
      expect(spec.nodeName).toBeDefined();
    }
    await until(() => nodes() === 10, 60);
    await until(isUsual, 30);
    expect(pods().filter(({ spec }) => born.includes(spec.nodeName ?? ""))).toEqual([]);
  });

  it("that are deleted by hand are bought back", async () => {
    await using played = await playCluster();
    const { isUsual, nodes, until, store, live, pods } = played;
    for (const number of [0, 1, 2]) store.delete("v1/nodes", undefined, `node-00${number}`);
    await live(2);
    await until(() => nodes() === 10 && isUsual(), 60);
    expect(pods()).toHaveLength(190);
  });
});
