import { describe, expect, it } from "vitest";
import type { Manifest } from "#sim/cluster/cluster.ts";
import { aService, anAutoscaler, conditionsOf, others, playCluster, start } from "./played-cluster.ts";

describe("a simulated cluster at the start", () => {
  it("has run for long: ready pods on ten nodes, one revision, nothing in motion", async () => {
    await using played = await playCluster();
    const { read, pods, sets, nodes, live, autoscaler } = played;

    await live(120);

    expect(read().status).toMatchObject({
      replicas: 30,
      updatedReplicas: 30,
      readyReplicas: 30,
      availableReplicas: 30,
      observedGeneration: 1,
    });
    expect(conditionsOf(read().status)).toEqual([
      "Available=True/MinimumReplicasAvailable",
      "Progressing=True/NewReplicaSetAvailable",
    ]);
    expect(pods()).toHaveLength(190);
    expect(pods().every(({ metadata }) => Date.parse(metadata.creationTimestamp) < start)).toBe(true);
    expect(sets()).toHaveLength(1);
    expect(nodes()).toBe(10);
    expect(autoscaler()).toMatchObject({ currentReplicas: 30, desiredReplicas: 30 });
    expect(conditionsOf(autoscaler())).toEqual([
      "AbleToScale=True/ReadyForNewScale",
      "ScalingActive=True/ValidMetricFound",
      "ScalingLimited=False/DesiredWithinRange",
    ]);
  });

  it("keeps a given revision and takes ReplicaSets for earlier ones", async () => {
    const service = aService({ annotations: { "deployment.kubernetes.io/revision": "41" } });
    const earlier: Manifest = {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: {
        name: "",
        namespace: "prod",
        creationTimestamp: "2026-10-30T10:00:00Z",
        annotations: { "deployment.kubernetes.io/revision": "40" },
      },
      spec: { template: (aService({ image: "registry.example/shop:0" }).spec as { template: unknown }).template },
    };
    await using played = await playCluster({ objects: [service, anAutoscaler(), earlier] });
    const { read, sets, live } = played;

    await live(60);

    const revisions = sets().map(({ metadata, spec }) => [
      metadata.annotations?.["deployment.kubernetes.io/revision"],
      spec?.["replicas"],
    ]);
    expect(revisions).toEqual([
      ["40", 0],
      ["41", 30],
    ]);
    expect(sets()[0]?.metadata).toMatchObject({
      name: expect.stringMatching(/^shop-[a-z0-9]+$/),
      creationTimestamp: "2026-10-30T10:00:00Z",
    });
    expect(sets()[0]?.metadata.ownerReferences?.[0]?.uid).toBe(read().metadata.uid);
    expect(read().metadata.annotations?.["deployment.kubernetes.io/revision"]).toBe("41");
  });

  it("is the same for the same seed", async () => {
    await using one = await playCluster({ objects: [aService(), others()] });
    await using two = await playCluster({ objects: [aService(), others()] });
    const names = (played: typeof one) => played.pods().map(({ metadata, spec }) => [metadata.name, spec.nodeName]);
    expect(names(one)).toEqual(names(two));
  });
});
