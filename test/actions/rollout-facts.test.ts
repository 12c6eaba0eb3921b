import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { roomOf, takes } from "#actions/node-room.ts";
import { spareInPools, spareInStatus } from "#actions/pool-limits.ts";
import { type SeenPod, secondsToNode, secondsToReady } from "#actions/seen-pods.ts";
import type { KubeNode } from "#clients/kubernetes/objects.ts";
import { type Field, aDeployment, anOrder, expectPreview, openField, setQuota, untilReady } from "#test/actions/harness.ts";
import { NOON, SECOND } from "#test/builders.ts";

function aKubeNode(
  over: object = {},
  spec: object = {},
  allocatable: object = { cpu: "4", memory: "8Gi", pods: "110" },
): KubeNode {
  const creationTimestamp = new Date(NOON).toISOString();
  return {
    metadata: { name: "n1", uid: "u1", resourceVersion: "1", creationTimestamp, ...over },
    spec,
    status: { allocatable },
  } as KubeNode;
}

const aPod = (over: Partial<SeenPod> = {}): SeenPod => ({
  node: "n1",
  own: true,
  daemon: false,
  createdAt: NOON + SECOND,
  scheduledAt: NOON + 2 * SECOND,
  readyAt: NOON + 9 * SECOND,
  cores: 0.5,
  memory: 2 ** 30,
  pods: 1,
  ...over,
});

describe("room on a node", () => {
  test("is what is allocatable less what its pods ask for", () => {
    expect(roomOf(aKubeNode(), [aPod(), aPod()])).toEqual({ cores: 3, memory: 6 * 2 ** 30, pods: 108 });
  });

  test("has no more places than addresses", () => {
    expect(roomOf(aKubeNode({}, { podCIDR: "10.4.2.0/27" }), [aPod()]).pods).toBe(29);
    expect(roomOf(aKubeNode({}, { podCIDR: "fd00::/64" }), []).pods).toBe(110);
  });

  test.each<[string, boolean, object, object, object]>([
    ["labels that are asked for", true, { labels: { disk: "ssd" } }, {}, { nodeSelector: { disk: "ssd" } }],
    ["no such label", false, {}, {}, { nodeSelector: { disk: "ssd" } }],
    ["a taint", false, {}, { taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }] }, {}],
    ["a taint that is only a wish", true, {}, { taints: [{ key: "gpu", effect: "PreferNoSchedule" }] }, {}],
    ["a taint that passes", true, {}, { taints: [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }] }, {}],
    [
      "a taint that is tolerated",
      true,
      {},
      { taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }] },
      { tolerations: [{ key: "gpu", value: "yes" }] },
    ],
    [
      "a taint of another value",
      false,
      {},
      { taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }] },
      { tolerations: [{ key: "gpu", value: "no" }] },
    ],
    [
      "a taint of another effect",
      false,
      {},
      { taints: [{ key: "gpu", effect: "NoExecute" }] },
      { tolerations: [{ key: "gpu", operator: "Exists", effect: "NoSchedule" }] },
    ],
    [
      "all taints tolerated",
      true,
      {},
      { taints: [{ key: "gpu", effect: "NoExecute" }] },
      { tolerations: [{ operator: "Exists" }] },
    ],
  ])("%s: %s", (_, let_, metadata, spec, pod) => {
    expect(takes(aKubeNode(metadata, spec), { containers: [], ...pod })).toBe(let_);
  });
});

describe("seconds, as seen of pods", () => {
  const nodes = [aKubeNode(), aKubeNode({ name: "n2", creationTimestamp: new Date(NOON + 30 * SECOND).toISOString() })];

  test("to being ready: of nine in ten of the newest of its own, without those that waited for a node", () => {
    const slow = aPod({ readyAt: NOON + 600 * SECOND });
    const waited = aPod({ node: "n2", scheduledAt: NOON + 41 * SECOND, readyAt: NOON + 50 * SECOND });
    const pods = [...Array.from({ length: 19 }, () => aPod()), slow, ...Array.from({ length: 30 }, () => waited)];
    expect(secondsToReady(pods, nodes)).toBe(8);
    expect(secondsToReady([aPod({ own: false }), aPod({ readyAt: undefined })], nodes)).toBeUndefined();
    expect(secondsToReady([aPod({ readyAt: NOON + SECOND })], nodes)).toBe(1);
  });

  test("to a new node: of those that are older than their node", () => {
    const waited = (seconds: number) => aPod({ node: "n2", own: false, scheduledAt: NOON + (1 + seconds) * SECOND });
    expect(secondsToNode([waited(40), waited(45), waited(300), aPod()], nodes)).toBe(45);
    expect(secondsToNode([aPod(), aPod({ node: "n2", daemon: true })], nodes)).toBeUndefined();
  });
});

describe("how far the pool can grow", () => {
  test("is what Cluster Autoscaler's status leaves, as YAML and as text", () => {
    const yaml = `nodeGroups:
- name: a
  health:
    status: Healthy
    cloudProviderTarget: 3
    minSize: 1
    maxSize: 10
- name: b
  health:
    cloudProviderTarget: 9
    minSize: 0
    maxSize: 5
`;
    const text =
      "Health: Healthy (ready=3 cloudProviderTarget=3 (minSize=1, maxSize=10))\nHealth: (cloudProviderTarget=4 (minSize=0, maxSize=6))";
    expect(spareInStatus(yaml)).toBe(7);
    expect(spareInStatus(text)).toBe(9);
    expect(spareInStatus("Initializing")).toBeUndefined();
  });

  test("is what the limits of Karpenter's pools leave for nodes like the newest", () => {
    const pool = (limits: object | undefined, resources: object) =>
      ({ metadata: aKubeNode().metadata, spec: { limits }, status: { resources } }) as never;
    const room = { cores: 4, memory: 8 * 2 ** 30, pods: 110 };
    expect(spareInPools([pool({ cpu: "100", memory: "1000Gi" }, { cpu: "82" })], room)).toBe(4);
    expect(spareInPools([pool({ cpu: 100 }, { cpu: "120" }), pool({ nodes: "9" }, { nodes: "2" })], room)).toBe(7);
    expect(spareInPools([pool({ cpu: "100" }, {}), pool(undefined, {})], room)).toBeUndefined();
    expect(spareInPools([], room)).toBeUndefined();
  });
});

describe("a forecast of a cluster", () => {
  let field: Field;
  beforeEach(async () => {
    field = await openField();
  });
  afterEach(() => field[Symbol.asyncDispose]());

  async function twoRevisions(cpu: string): Promise<void> {
    await field.create("apps/v1/deployments", aDeployment());
    await untilReady(field, 4);
    const containers = [{ name: "app", image: "registry.example/web:2", resources: { requests: { cpu: "10m" } } }];
    await field.merge("apps/v1/deployments", "web", { spec: { template: { spec: { containers } } } });
    await untilReady(field, 4);
    const third = [{ ...containers[0], resources: { requests: { cpu } } }];
    await field.merge("apps/v1/deployments", "web", { spec: { template: { spec: { containers: third } } } });
    await untilReady(field, 4);
  }

  it("counts with the quotas of the namespace", async () => {
    await twoRevisions("20m");
    await setQuota(field, "4", "4");

    const preview = expectPreview(await field.steps.preview(anOrder(field, { kind: "rollback", revision: 1 })));

    expect(preview.warnings.join("\n")).toContain(
      'The quota "small" leaves pods for 0 of the 1 more pods: the rollout goes on with none more.',
    );
    expect(preview.forecast).toMatchObject({ mostPods: 4, leastReady: 3 });
  });

  it("goes on where nobody tells how far the pool can grow", async () => {
    await twoRevisions("20m");
    const { steps } = field;
    const preview = expectPreview(await steps.preview(anOrder(field, { kind: "rollback", revision: 2 })));

    // Neither the simulation nor the test control plane has a status of an autoscaler, or NodePools.
    expect(preview.forecast).toMatchObject({ mostPods: 5, addedNodes: 0 });
  });
});
