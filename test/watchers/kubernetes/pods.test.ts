import { describe, expect, test } from "vitest";
import type { KubeContainerStatus, KubePod } from "#clients/kubernetes/objects.ts";
import { type PodState, findPodState } from "#watchers/kubernetes/pod-state.ts";
import { createPodTally } from "#watchers/kubernetes/pod-tally.ts";
import { aPod, crashLooping } from "./objects.ts";

const ill = (container: Partial<KubeContainerStatus>, over: Parameters<typeof aPod>[1] = {}) =>
  findPodState(aPod("web-1", { ...over, status: { containerStatuses: [{ name: "app", ...container }], ...over.status } }));

function kept(pod: KubePod): PodState {
  const state = findPodState(pod);
  if (!state) throw new Error("Expected that something is kept");
  return state;
}

describe("what is kept of a pod", () => {
  test("nothing, when it is well, has ended or is on its way out", () => {
    expect(findPodState(aPod("web-1"))).toBeUndefined();
    expect(findPodState(aPod("web-1", { status: { phase: "Succeeded" } }))).toBeUndefined();
    const going = { deletionTimestamp: "2026-11-02T09:00:00Z" };
    expect(findPodState(aPod("web-1", { meta: going, status: { containerStatuses: [crashLooping] } }))).toBeUndefined();
    expect(
      ill({ restartCount: 0, state: { waiting: { reason: "ContainerCreating" } } }, { status: { phase: "Pending" } }),
    ).toBeUndefined();
  });

  test("a crash loop, with its exit code, also while it runs for a moment", () => {
    const crashing = { blocked: "crash", exitCode: 1, restarts: 6, templateHash: "hash3", ownerUid: "uid-web-hash3" };
    expect(kept(aPod("web-1", { status: { containerStatuses: [crashLooping] } }))).toMatchObject(crashing);
    expect(ill({ ...crashLooping, state: {} })).toMatchObject(crashing);
    expect(ill({ ...crashLooping, restartCount: 1, state: {} })?.blocked).toBeUndefined();
  });

  test.each([
    ["ImagePullBackOff", "image"],
    ["ErrImagePull", "image"],
    ["InvalidImageName", "image"],
    ["CreateContainerConfigError", "configuration"],
    ["RunContainerError", "configuration"],
  ])("%s, with what the kubelet says", (reason, blocked) => {
    const message = `why${"y".repeat(10_000)}`;
    const state = ill({ state: { waiting: { reason, message } } }, { status: { phase: "Pending" } });
    expect(state).toMatchObject({ blocked, unscheduled: false });
    expect(state?.message).toHaveLength(200);
  });

  test("that it waits for a node, whoever owns it", () => {
    const status = { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] };
    expect(findPodState(aPod("job-1", { node: null, meta: { ownerReferences: [] }, status }))).toMatchObject({
      unscheduled: true,
    });
  });

  test("that the kernel killed it for its memory, though it is well again", () => {
    const status = {
      conditions: [{ type: "Ready", status: "True" }],
      containerStatuses: [
        { name: "app", ready: true, restartCount: 3, lastState: { terminated: { reason: "OOMKilled", exitCode: 137 } } },
      ],
    };
    expect(findPodState(aPod("web-1", { status }))).toMatchObject({ memoryKilled: true, restarts: 3, unready: false });
  });
});

describe("the tally", () => {
  const crashing = kept(aPod("web-1", { status: { containerStatuses: [crashLooping] } }));

  test("says on which nodes pods are not well, most first; one that restarted and is well again is on none", () => {
    const tally = createPodTally();
    const on = (name: string, node: string | null) =>
      kept(aPod(name, { node, status: { containerStatuses: [crashLooping], ...(node === null && { phase: "Pending" }) } }));
    const first = on("web-1", "node-b");
    for (const pod of [first, on("web-2", "node-b"), on("web-3", "node-a"), on("web-4", null)])
      tally.upsert(pod, undefined, true);
    expect(tally.find("uid-web-hash3", "hash3")?.nodes).toEqual(["node-b", "node-a"]);
    const well = { ...first, unready: false, blocked: undefined };
    tally.upsert(well, first, true);
    tally.remove(on("web-3", "node-a"));
    expect(tally.find("uid-web-hash3", "hash3")?.nodes).toEqual(["node-b"]);
    tally.remove(on("web-2", "node-b"));
    expect(tally.find("uid-web-hash3", "hash3")).not.toHaveProperty("nodes");
  });

  test("counts by owner and template, and forgets what got well", () => {
    const tally = createPodTally();
    tally.upsert(crashing, undefined, true);
    tally.upsert({ ...crashing, templateHash: "hash2" }, undefined, true);
    expect(tally.find("uid-web-hash3", "hash3")).toMatchObject({ crashing: 1, restarts: 6, exitCode: 1 });
    tally.upsert({ ...crashing, restarts: 8 }, crashing, true);
    expect(tally.find("uid-web-hash3", "hash3")).toMatchObject({ crashing: 1, restarts: 8 });
    tally.remove(crashing);
    expect(tally.find("uid-web-hash3", "hash3")).toMatchObject({ crashing: 0, restarts: 8 });
    expect(tally.takeMoved()).toEqual(["uid-web-hash3"]);
    expect(tally.takeMoved()).toEqual([]);
    tally.forget("uid-web-hash3");
    expect(tally.find("uid-web-hash3", "hash3")).toBeUndefined();
  });

  test("takes restarts of a first list for the past", () => {
    const tally = createPodTally();
    tally.upsert(crashing, undefined, false);
    expect(tally.find("uid-web-hash3", "hash3")).toMatchObject({ crashing: 1, restarts: 0 });
  });

  test("counts what waits for a node, of every owner", () => {
    const tally = createPodTally();
    const waiting = { ...crashing, blocked: undefined, unscheduled: true };
    tally.upsert(waiting, undefined, true);
    tally.upsert({ ...waiting, ownerUid: undefined }, undefined, true);
    expect(tally.unscheduled).toBe(2);
    tally.remove(waiting);
    expect(tally.unscheduled).toBe(1);
  });
});
