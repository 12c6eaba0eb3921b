import { expect, test, vi } from "vitest";
import { createManualClock } from "#sim/clock.ts";
import { createObjectStore } from "#sim/cluster/store.ts";
import type { KubeObject } from "#sim/cluster/types.ts";

const start = Date.UTC(2026, 10, 2, 1);
const pod = (name: string) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "shop" },
  spec: { containers: [{ name: "app" }] },
});

test("A write raises the resourceVersion, dates the object and is told in order, also when a listener writes.", () => {
  const store = createObjectStore({ now: () => start });
  const told: string[] = [];
  store.onChange(({ type, object }) => {
    if (type === "ADDED")
      store.modify("v1/pods", "shop", object.metadata.name, (old) => ({ ...old, status: { phase: "Running" } }));
  });
  store.onChange(({ type, object }) => told.push(`${type} ${object.metadata.resourceVersion}`));

  const created = store.create("v1/pods", pod("a"));

  expect(created.metadata.creationTimestamp).toBe("2026-11-02T01:00:00Z");
  expect(told).toEqual(["ADDED 1001", "MODIFIED 1002"]);
  expect(store.resourceVersion).toBe("1002");
});

test("A change that changes nothing is not a write.", () => {
  const store = createObjectStore({ now: () => start });
  store.create("v1/pods", pod("a"));
  const before = store.resourceVersion;

  store.modify("v1/pods", "shop", "a", (old) => ({ ...old, spec: { ...old.spec } }));

  expect(store.resourceVersion).toBe(before);
});

test("What an object owned goes in the background, level by level; a pod on a node is only marked.", async () => {
  const store = createObjectStore({ now: () => start });
  const owner = (kind: string, { metadata: { name, uid } }: KubeObject) => [
    { apiVersion: "apps/v1", kind, name, uid, controller: true },
  ];
  const deployment = store.create("apps/v1/deployments", {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d", namespace: "shop" },
  });
  const metadata = { name: "r", namespace: "shop", ownerReferences: owner("Deployment", deployment) };
  const set = store.create("apps/v1/replicasets", { apiVersion: "apps/v1", kind: "ReplicaSet", metadata });
  const ownerReferences = owner("ReplicaSet", set);
  for (const name of ["waiting", "running"])
    store.create("v1/pods", { ...pod(name), metadata: { name, namespace: "shop", ownerReferences } });
  store.modify("v1/pods", "shop", "running", (old) => ({ ...old, spec: { ...old.spec, nodeName: "node-000" } }));

  store.delete("apps/v1/deployments", "shop", "d");

  await vi.waitFor(() => expect(store.get("v1/pods", "shop", "waiting")).toBeUndefined());
  expect(store.get("apps/v1/replicasets", "shop", "r")).toBeUndefined();
  expect(store.get("v1/pods", "shop", "running")?.metadata.deletionTimestamp).toBe("2026-11-02T01:00:30Z");
});

test("Sleepers of a manual clock wake in their order, at their time.", async () => {
  const clock = createManualClock(start);
  const woken: number[] = [];
  const twice = async () => {
    await clock.sleep(10);
    woken.push(clock.now() - start);
    await clock.sleep(10);
    woken.push(clock.now() - start);
  };
  const done = Promise.all([twice(), clock.sleep(15).then(() => woken.push(clock.now() - start))]);

  await clock.advance(100);
  await done;

  expect(woken).toEqual([10, 15, 20]);
  expect(clock.now() - start).toBe(100);
});
