import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { MINUTE, NOON, aNode, aPool, aRollout, aSpike, aState, shopWeb, shopWebKey } from "#test/builders.ts";
import { type Incident, troublesOf } from "#domain/incident.ts";
import type { Instant, WorkloadState } from "#domain/workload.ts";
import { renderHeadline } from "#bot/cards/headline.ts";
import { somePods } from "#test/analysis/illness/builders.ts";
import { repliesOf } from "#workflow/replies.ts";
import { createIllnessWorld } from "#test/workflow/illness-world.ts";
import { startRedis, type TestRedis } from "#test/redis.ts";

type World = ReturnType<typeof createIllnessWorld>;

let server: TestRedis;
let tests = 0;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  tests += 1;
});
const aWorld = () => createIllnessWorld(server.url, `{illness-${tests}}`);

const well = (at: Instant, over: Partial<WorkloadState> = {}) =>
  aState({ desired: 8, revision: 11, templateHash: "hash11", at, ...over });
const crashing = (at: Instant, over: Partial<WorkloadState> = {}) =>
  well(at, {
    revision: 12,
    templateHash: "hash12",
    ready: 3,
    pods: somePods({ crashing: 5, restarts: 14, exitCode: 1 }),
    ...over,
  });
const tell = (world: World, state: WorkloadState) => world.hear({ kind: "workload", state });

/** A week of revision 11, then revision 12 crashes. */
async function fail(world: World): Promise<Incident> {
  await tell(world, well(world.now()));
  await world.hear({ kind: "change", change: aRollout({ revision: 11, at: NOON - 24 * 60 * MINUTE }) });
  await world.pass(1);
  await world.hear({ kind: "change", change: aRollout({ revision: 12, at: world.now() }) });
  await tell(world, crashing(world.now()));
  await world.pass(4);
  const [incident] = await world.store.openIncidents();
  if (!incident) throw new Error("Expected an open incident");
  return incident;
}

const said = (incident: Incident): string => JSON.stringify(renderHeadline(incident, incident.now.at));

test("a rollout that fails is one incident: told once, with the way back, closed five minutes after it is well", async () => {
  await using world = aWorld();
  const { id } = await fail(world);

  const open = await world.find(id);
  expect(open).toMatchObject({ status: "open", key: shopWebKey, spike: { trouble: "rollout-failing", value: 5 } });
  expect(open.illnesses?.map(({ kind }) => kind)).toEqual(["crash-loop"]);
  expect(open.diagnosis).toMatchObject({ rollout: { revision: 12 }, goodRevision: { revision: 11 } });
  expect(orderedOf(open).map(({ kind, state }) => [kind, state])).toEqual([
    ["rollback", "ready"],
    ["verify", "waiting"],
  ]);
  expect(said(open)).toContain("shop/web: revision 12 fails");
  expect(said(open)).toContain("5 of 8 pods crash (exit code 1");

  await tell(world, crashing(world.now(), { pods: somePods({ crashing: 4, restarts: 30, exitCode: 1 }), ready: 4 }));
  await world.pass(20);
  expect(world.told).toHaveLength(1);
  expect((await world.find(id)).illnesses?.[0]?.value).toBe(4);

  await tell(world, well(world.now(), { revision: 13, ready: 6 }));
  await world.pass(1);
  expect(await world.find(id)).toMatchObject({ status: "mitigated", illnesses: [] });
  await tell(world, well(world.now(), { revision: 13 }));
  await world.pass(4.5);
  expect((await world.find(id)).status).toBe("recovered");
  await world.pass(1);
  expect(await world.find(id)).toMatchObject({
    status: "settled",
    timeline: expect.arrayContaining([expect.objectContaining({ kind: "illness" })]),
  });
  expect(said(await world.find(id))).toContain("shop/web: its pods are well again");
  expect(await world.store.openIncidents()).toEqual([]);
});

test("a runaway of the same workload joins it and leads, and it stays open until both are over", async () => {
  await using world = aWorld();
  const { id } = await fail(world);

  const spike = aSpike({ startedAt: world.now() - MINUTE, detectedAt: world.now() });
  await tell(world, crashing(world.now(), { desired: 75, total: 75, updated: 75, ready: 60 }));
  await world.open({ spike, state: crashing(world.now(), { desired: 75 }), peakReplicas: 36 });
  await world.pass(1);

  const both = await world.find(id);
  expect(await world.store.openIncidents()).toHaveLength(1);
  expect(troublesOf(both)).toEqual(["runaway", "rollout-failing"]);
  expect(orderedOf(both).map(({ kind }) => kind)).toEqual(["cap", "rollback", "verify", "lower", "drain"]);
  expect(said(both)).toContain("75 replicas, usually 30");
  // The headline was posted before: a reply calls who is on call.
  expect(repliesOf(both)).toMatchObject([{ part: expect.stringMatching(/^joined\/runaway\//), reply: { callsOnCall: true } }]);
  expect(said(both)).toContain("pods crash (exit code 1");
});

test("another trouble within five minutes after the first joins it, and later is an incident of its own", async () => {
  await using world = aWorld();
  const { id } = await fail(world);
  await tell(world, well(world.now(), { revision: 13 }));
  await world.pass(2);
  expect((await world.find(id)).status).toBe("recovered");

  const spike = aSpike({ trouble: "autoscaler-ill", detectedAt: world.now() });
  await world.open({ spike, state: well(world.now()), peakReplicas: 8 });
  expect(await world.store.openIncidents()).toHaveLength(1);
  expect(troublesOf(await world.find(id))).toEqual(["rollout-failing", "autoscaler-ill"]);

  await world.pass(6);
  await world.open({ spike: { ...spike, detectedAt: world.now() }, state: well(world.now()), peakReplicas: 8 });
  const [later] = await world.store.openIncidents();
  expect(later?.id).not.toBe(id);
});

test("an autoscaler without metrics and demand above a ceiling open and close too", async () => {
  await using world = aWorld();
  const hpa = { name: "web", uid: "uid-hpa", min: 3, max: 40, atCeiling: false };
  const ill = {
    ...hpa,
    inactive: { reason: "FailedGetResourceMetric", message: "no metrics returned from resource metrics API" },
  };
  await tell(world, well(world.now(), { autoscaler: ill }));
  await world.pass(9.5);
  expect(await world.store.openIncidents()).toEqual([]);
  await world.pass(1);
  const [first] = await world.store.openIncidents();
  expect(first).toMatchObject({ spike: { trouble: "autoscaler-ill" }, status: "open" });
  await tell(world, well(world.now(), { autoscaler: hpa }));
  await world.pass(6);
  expect(await world.store.openIncidents()).toEqual([]);

  const at = { ...hpa, max: 8, atCeiling: true, wanted: 14 };
  await tell(world, well(world.now(), { autoscaler: at }));
  const spike = aSpike({
    trouble: "above-ceiling",
    detectedAt: world.now(),
    baseline: 8,
    value: 8,
    reason: "It stands at its ceiling of 8.",
  });
  await world.open({ spike, state: well(world.now(), { autoscaler: at }), peakReplicas: 8 });
  await world.pass(30);
  const [second] = await world.store.openIncidents();
  expect(second).toMatchObject({ status: "open", spike: { trouble: "above-ceiling" }, now: { wanted: 14 } });
  expect(second && said(second)).toContain("needs more than its ceiling of 8 replicas");
  await tell(world, well(world.now(), { autoscaler: { ...at, wanted: 7, atCeiling: false } }));
  await world.pass(9.5);
  expect(await world.store.openIncidents()).toHaveLength(1);
  await world.pass(1);
  expect(await world.store.openIncidents()).toEqual([]);
});

test("a cluster and a namespace have incidents of their own, without a step, with advice", async () => {
  await using world = aWorld();
  const refused =
    'pods "web-x" is forbidden: exceeded quota: compute, requested: requests.cpu=1, used: requests.cpu=40, limited: requests.cpu=40';
  await tell(world, well(world.now(), { total: 5, ready: 5, cannotCreate: refused }));
  await world.hear({ kind: "pool", pool: aPool({ pendingPods: 40 }) });
  await world.pass(12);

  const incidents = await world.store.openIncidents();
  const byKey = new Map(incidents.map((incident) => [incident.key, incident]));
  expect([...byKey.keys()].toSorted()).toEqual(["prod//", "prod/shop/"]);
  const cluster = byKey.get("prod//");
  const namespace = byKey.get("prod/shop/");
  expect(cluster).toMatchObject({
    workload: { kind: "Cluster" },
    now: { pendingPods: 40 },
    plan: [],
    diagnosis: { named: false },
  });
  expect(cluster && said(cluster)).toContain("cluster prod: many pods wait for a node");
  expect(namespace && said(namespace)).toContain("namespace shop: a quota is exhausted");
  expect(namespace && said(namespace)).toContain("kubectl describe resourcequota");

  await tell(world, well(world.now()));
  await world.hear({ kind: "pool", pool: aPool({ pendingPods: 0 }) });
  await world.pass(6);
  expect(await world.store.openIncidents()).toEqual([]);
});

test("while a workload runs away, its nodes and pods that wait are not told again as the cluster's", async () => {
  await using world = aWorld();
  world.runAway(true);
  await world.hear({ kind: "pool", pool: aPool({ pendingPods: 400, nodes: Array.from({ length: 90 }, () => aNode()) }) });
  await world.pass(20);
  expect(world.told).toEqual([]);
});

test("an agent that restarts tells nothing again, and its incident stays", async () => {
  await using world = aWorld();
  const { id } = await fail(world);

  await world.restart();
  await world.hear({ kind: "change", change: aRollout({ revision: 12, at: NOON + MINUTE }) });
  await tell(world, crashing(world.now(), { pods: somePods({ crashing: 5 }) }));
  await world.pass(10);

  expect(world.told).toHaveLength(1);
  expect(await world.find(id)).toMatchObject({ status: "open" });
});

test("what is gone is well: a deleted workload leaves no illness behind", async () => {
  await using world = aWorld();
  await fail(world);
  expect(await world.store.illnesses("prod")).toHaveLength(1);
  await world.hear({ kind: "workload-gone", key: shopWebKey });
  await world.pass(1);
  expect(await world.store.illnesses("prod")).toEqual([]);
});

test("nor does one that was deleted while no agent looked", async () => {
  await using world = aWorld();
  await fail(world);
  await world.restart();
  await world.pass(1);
  expect(await world.store.illnesses("prod")).toEqual([]);
});

test("names and messages of the cluster are escaped on the card, and cut", async () => {
  await using world = aWorld();
  const message = `<!channel> *bold* \`code\` <https://evil.example|click> ${"x".repeat(5_000)}`;
  const pods = somePods({ imagePull: 5, message });
  await tell(world, well(world.now()));
  await world.hear({ kind: "change", change: aRollout({ revision: 12, at: world.now() }) });
  await tell(world, crashing(world.now(), { workload: shopWeb, pods }));
  await world.pass(4);
  const [incident] = await world.store.openIncidents();
  const text = incident ? said(incident) : "";
  expect(text).toContain("cannot pull their image");
  expect(text).not.toMatch(/<!channel>|<https:\/\/evil|\*bold\*/);
  expect(text.length).toBeLessThan(12_000);
});

function orderedOf({ plan }: Incident) {
  return plan.filter(({ aside }) => aside === undefined);
}
