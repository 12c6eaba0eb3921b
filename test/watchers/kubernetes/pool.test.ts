import { expect, test } from "vitest";
import type { Observation } from "#domain/ports/cluster.ts";
import type { NodeState } from "#domain/workload.ts";
import { createPool } from "#watchers/kubernetes/pool.ts";
import { toClusterEvent } from "#watchers/kubernetes/cluster-event.ts";
import { toNodeState } from "#watchers/kubernetes/node-state.ts";
import { findQuantity } from "#clients/kubernetes/quantity.ts";

const nodes: NodeState[] = Array.from({ length: 20 }, (_, i) => ({
  name: `n${i}`,
  uid: `u${i}`,
  createdAt: 0,
  ready: true,
  cordoned: false,
  cores: 4,
}));

function aPool() {
  const told: Observation[] = [];
  let time = 1_000_000;
  const pool = createPool({ cluster: "prod", now: () => time, emit: (observation) => void told.push(observation) });
  const changes = () => told.flatMap((observation) => (observation.kind === "change" ? [observation.change] : []));
  return { pool, told, changes, pass: (ms: number) => void (time += ms) };
}

test("tells a pool once while nothing moves", () => {
  const { pool, told, changes } = aPool();

  pool.flush(nodes.slice(0, 10), 0);
  pool.flush(nodes.slice(0, 10), 0);
  pool.flush(nodes.slice(0, 10), 3);

  expect(told.map((observation) => observation.kind === "pool" && observation.pool.pendingPods)).toEqual([0, 3]);
  expect(changes()).toEqual([]);
});

test("takes moves of the count within a minute for one change that grows", () => {
  const { pool, changes, pass } = aPool();
  pool.flush(nodes.slice(0, 10), 0);

  pool.flush(nodes.slice(0, 12), 0);
  pass(59_000);
  pool.flush(nodes.slice(0, 15), 0);
  pass(2_000);
  pool.flush(nodes.slice(0, 20), 0);

  const base = { kind: "pool-change", cluster: "prod" };
  expect(changes()).toEqual([
    { ...base, id: "pool-change/prod/1000000", at: 1_000_000, from: 10, to: 12 },
    { ...base, id: "pool-change/prod/1000000", at: 1_000_000, from: 10, to: 15 },
    { ...base, id: "pool-change/prod/1061000", at: 1_061_000, from: 15, to: 20 },
  ]);
});

test.each([
  ["karpenter.sh/nodepool", "blue"],
  ["cloud.google.com/gke-nodepool", "blue"],
  ["eks.amazonaws.com/nodegroup", "blue"],
  ["kubernetes.azure.com/agentpool", "blue"],
  ["example.com/pool", undefined],
])("knows the pool of a Node by its label %s: %s", (label, pool) => {
  const metadata = {
    name: "n1",
    uid: "u1",
    resourceVersion: "1",
    creationTimestamp: "2026-11-02T09:00:00Z",
    labels: { [label]: "blue" },
  };
  expect(toNodeState({ metadata })?.pool).toBe(pool);
});

test("maps a Node", () => {
  const node = toNodeState({
    metadata: { name: "n1", uid: "u1", resourceVersion: "1", creationTimestamp: "2026-11-02T09:00:00Z" },
    spec: { unschedulable: true },
    status: { allocatable: { cpu: "3920m" }, capacity: { cpu: "4" }, conditions: [{ type: "Ready", status: "True" }] },
  });

  expect(node).toEqual({
    name: "n1",
    uid: "u1",
    createdAt: Date.parse("2026-11-02T09:00:00Z"),
    ready: true,
    cordoned: true,
    cores: 3.92,
  });
});

test("maps an event, at its last occurrence, with a long message cut", () => {
  const event = toClusterEvent({
    metadata: { name: "web.1", uid: "u", resourceVersion: "1", creationTimestamp: "2026-11-02T09:00:00Z" },
    type: "Normal",
    reason: "TriggeredScaleUp",
    message: "m".repeat(1_000),
    lastTimestamp: "2026-11-02T09:10:00Z",
    eventTime: null,
    involvedObject: { kind: "Pod", namespace: "shop", name: "web-1" },
  });

  expect(event).toMatchObject({
    at: Date.parse("2026-11-02T09:10:00Z"),
    reason: "TriggeredScaleUp",
    namespace: "shop",
    involved: "Pod/web-1",
  });
  expect(event.message).toHaveLength(300);
});

test.each([
  ["4", 4],
  ["3920m", 3.92],
  ["1.5", 1.5],
  ["2k", 2000],
  ["1Ki", 1024],
  ["12e2", 1200],
  ["", undefined],
  ["four", undefined],
  ["4x", undefined],
])("reads the quantity %j", (text, value) => {
  expect(findQuantity(text)).toBe(value);
});
