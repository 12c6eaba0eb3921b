import { describe, expect, it } from "vitest";
import type { Pod } from "#sim/cluster/stages/kinds.ts";
import { defaultPool, nodesFor } from "#sim/cluster/stages/nodes.ts";
import { firstToGo } from "#sim/cluster/stages/replicasets.ts";
import { createPlacer, type Room, whyNot } from "#sim/cluster/stages/scheduler.ts";
import { toleratesAll } from "#sim/cluster/stages/taints.ts";

function aPod(name: string, { node = "node-000", ready = true, at = "2026-11-20T00:00:00Z" } = {}): Pod {
  const conditions = [{ type: "Ready", status: ready ? ("True" as const) : ("False" as const), lastTransitionTime: at }];
  const containers = [{ name: "app", image: "app:1", resources: { requests: { cpu: "200m" } } }];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, uid: name, resourceVersion: "1", creationTimestamp: at },
    spec: node ? { containers, nodeName: node } : { containers },
    status: { phase: ready ? "Running" : "Pending", conditions },
  };
}

function aRoom(name: string, cpuFree: number, podsFree = 110): Room {
  return { name, cpuMilli: 4_000, cpuFree, podsFree };
}

describe("the scheduler", () => {
  it("takes the emptiest node, and the next when that is fuller", () => {
    const place = createPlacer([aRoom("a", 600), aRoom("b", 1_000)]);
    const names = [200, 200, 200, 200].map((cpu) => place(cpu)?.name);
    expect(names).toEqual(["b", "b", "a", "b"]);
  });

  it("leaves out nodes that are full, and tries nothing larger than what did not fit", () => {
    const place = createPlacer([aRoom("a", 600), aRoom("b", 4_000, 0)]);
    expect([place(800), place(700), place(600)].map((room) => room?.name)).toEqual([undefined, undefined, "a"]);
  });

  it("says why a pod fits nowhere, in the real one's words", () => {
    expect(whyNot([aRoom("a", 100), aRoom("b", 4_000, 0)], 3, 200)).toBe(
      "0/3 nodes are available: 1 Insufficient cpu, 1 Too many pods, 1 node(s) were unschedulable. no new claims to deallocate, " +
        "preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.",
    );
  });
});

describe("scaling down", () => {
  it("takes pods on no node, then unready ones, then those that share a node, then the youngest", () => {
    const pods = [
      aPod("old", { node: "node-001" }),
      aPod("young", { node: "node-002", at: "2026-11-20T01:00:00Z" }),
      aPod("crowded-1"),
      aPod("crowded-2"),
      aPod("unready", { node: "node-003", ready: false }),
      aPod("homeless", { node: "", ready: false }),
    ];
    const names = firstToGo(pods, 5).map(({ metadata }) => metadata.name);
    expect(names).toEqual(["homeless", "unready", "crowded-1", "crowded-2", "young"]);
  });
});

describe("the node autoscaler", () => {
  it.each([
    [1, 1],
    [20, 1],
    [21, 2],
    [4_000, 10],
    [0, 0],
  ])("wants for %d pods of 200m that wait %d nodes of 4 cores", (waiting, nodes) => {
    expect(
      nodesFor(
        Array.from({ length: waiting }, (_, index) => aPod(`pod-${index}`)),
        defaultPool,
      ),
    ).toBe(nodes);
  });
});

describe("a taint", () => {
  const own = { key: "own", value: "search", effect: "NoSchedule" };

  it.each([
    ["nobody tolerates it", [own], [], false],
    ["it only asks", [{ ...own, effect: "PreferNoSchedule" }], [], true],
    ["key and value are tolerated", [own], [{ key: "own", value: "search" }], true],
    ["another value is tolerated", [own], [{ key: "own", value: "cart" }], false],
    ["the key is tolerated", [own], [{ key: "own", operator: "Exists", effect: "NoSchedule" }], true],
    ["another effect is tolerated", [own], [{ key: "own", operator: "Exists", effect: "NoExecute" }], false],
    ["everything is tolerated", [own], [{ operator: "Exists" }], true],
    ["only one of two is tolerated", [own, { key: "gpu", effect: "NoExecute" }], [{ key: "own", operator: "Exists" }], false],
  ])("where %s", (_, taints, tolerations, isOpen) => {
    expect(toleratesAll(tolerations, taints)).toBe(isOpen);
  });
});
