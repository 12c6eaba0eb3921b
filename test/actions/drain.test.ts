import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { expectKube, findKube } from "#clients/kubernetes/answer.ts";
import { listNodes, listPods } from "#clients/kubernetes/api.ts";
import { createSteps } from "#actions/steps.ts";
import { foretell } from "#analysis/rollout/foretell.ts";
import { silentLog } from "#lib/log.ts";
import { createPace } from "#actions/pace.ts";
import { evictPod } from "#clients/kubernetes/eviction.ts";
import { readPodsOn } from "#actions/pods.ts";
import { type Live, expectPreview, quickClock, untilReady } from "#test/actions/harness.ts";
import { patient, realCluster } from "#test/real-cluster.ts";
import { type Yard, anOwnDeployment, openYard } from "#test/actions/yard.ts";

// The nodes are kwok's or the simulation's, of our own making: only pods of this test may run on them.
let field: Yard;
beforeEach(async () => {
  field = await openYard();
});
afterEach(async () => {
  await findKube(field.connection, { method: "DELETE", path: `/api/v1/namespaces/${field.namespace}-guarded` });
  await field[Symbol.asyncDispose]();
});

describe("drain", () => {
  it("shows the nodes born in the spike and the pods that move, and does nothing", async () => {
    await field.spread();
    const moving = (await field.podsOn("new-a")).length + (await field.podsOn("new-b")).length;

    const preview = expectPreview(await field.steps.preview(field.order()));

    const { intent } = preview;
    const names = intent.kind === "drain" ? intent.nodes.map(({ name }) => name) : [];
    expect(names).toEqual(expect.arrayContaining([field.nodeName("new-a"), field.nodeName("new-b")]));
    expect(names).not.toContain(field.nodeName("old"));
    expect(preview.dryRun).toBe("accepted");
    expect(Number(/^(\d+) pods/.exec(preview.effects[1] ?? "")?.[1])).toBeGreaterThanOrEqual(moving);
    expect(await field.cordoned()).toEqual([]);
  });

  it("cordons and empties them, leaves the old one alone, and finds it done the second time", async () => {
    await field.spread();
    const order = field.order();
    const approval = await field.approve(order);

    const first = await field.steps.act(approval, order);

    expect(first).toMatchObject({ kind: "done", text: expect.stringContaining("2 nodes cordoned and emptied") });
    expect([(await field.podsOn("new-a")).length, (await field.podsOn("new-b")).length]).toEqual([0, 0]);
    expect(field.progress).toContain("2 nodes of 2 emptied.");
    await untilReady(field, 12);
    expect((await field.podsOn("old")).length).toBeGreaterThan(0);
    expect(await field.cordoned()).not.toContain(field.nodeName("old"));
    expect((await field.steps.act(approval, order)).kind).toMatch(/^(done|already-done)$/);
  });

  it("lets a tenth of a workload go at once, and no more until others are ready in their place", async () => {
    await field.create("apps/v1/deployments", anOwnDeployment(field, {}, 30));
    await untilReady(field, 30);
    for (const node of await field.nodes()) await field.merge("v1/nodes", node.metadata.name, { spec: { unschedulable: true } });
    const all = await readPodsOn({ ...field, isProtected: () => false }, field.nodeName("new-a"));
    const pods = all.filter(({ fate }) => fate.kind === "evict");
    let now = 0;
    const pace = createPace({ connection: field.connection, clock: { now: () => now, sleep: async () => {} } });

    const asked = await Promise.all(pods.slice(0, 5).map((pod) => pace.mayGo(pod)));
    for (const pod of pods.slice(0, 3)) await evictPod(field.connection, pod);
    const ready = () => field.read("apps/v1/deployments", "web").then(({ status }) => status.readyReplicas);
    await expect.poll(ready, patient).toBe(27);
    now += 60_000;
    const whileAway = await pace.mayGo(pods[3]!);
    for (const node of await field.nodes()) await field.merge("v1/nodes", node.metadata.name, { spec: { unschedulable: null } });
    await expect.poll(ready, patient).toBe(30);
    now += 60_000;
    const afterwards = await pace.mayGo(pods[3]!);

    expect(asked.filter(Boolean)).toHaveLength(3);
    expect([whileAway, afterwards]).toEqual([false, true]);
  });

  it("goes on where a crash left it", async () => {
    await field.spread();
    const order = field.order();
    const approval = await field.approve(order);
    await field.merge("v1/nodes", field.nodeName("new-b"), { spec: { unschedulable: true } });
    const [pod] = await field.podsOn("new-b");
    const path = `/api/v1/namespaces/${field.namespace}/pods/${pod?.metadata.name}/eviction`;
    const metadata = { name: pod?.metadata.name, namespace: field.namespace };
    await expectKube(field.connection, { method: "POST", path, body: { apiVersion: "policy/v1", kind: "Eviction", metadata } });

    const result = await field.steps.act(approval, order);

    expect(result.kind).toBe("done");
    expect([(await field.podsOn("new-a")).length, (await field.podsOn("new-b")).length]).toEqual([0, 0]);
  });

  // A real control plane makes the pods of a DaemonSet itself.
  it.skipIf(realCluster)(
    "leaves a node alone where a pod of a protected namespace would have to move, and counts none that belongs to its node",
    async () => {
      await field.spread();
      const guarded = `${field.namespace}-guarded`;
      const create = <T>(path: string, body: object) => expectKube<T>(field.connection, { method: "POST", path, body });
      await create("/api/v1/namespaces", { metadata: { name: guarded } });
      const held = (name: string, unschedulable: boolean | null) =>
        field.merge("v1/nodes", field.nodeName(name), { spec: { unschedulable } });
      for (const name of ["old", "new-b"]) await held(name, true);
      await create(`/apis/apps/v1/namespaces/${guarded}/deployments`, anOwnDeployment(field, {}, 1));
      const { replicas: _, ...spec } = anOwnDeployment(field).spec;
      const daemons = `/apis/apps/v1/namespaces/${guarded}/daemonsets`;
      const { metadata } = await create<Live>(daemons, { metadata: { name: "agent" }, spec });
      const owner = { apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: metadata.uid, controller: true };
      await create(`/api/v1/namespaces/${guarded}/pods`, {
        metadata: { name: "agent-b", ownerReferences: [owner] },
        spec: { ...spec.template.spec, nodeName: field.nodeName("new-b") },
      });
      const standing = async () =>
        (await listPods(field.connection, guarded))
          .map(({ spec: { nodeName } }) => nodeName ?? "")
          .toSorted((one, other) => (one < other ? -1 : 1));
      const [a, b] = ["new-a", "new-b"].map(field.nodeName);
      await expect.poll(standing, patient).toEqual([a, b]);
      for (const name of ["old", "new-b"]) await held(name, null);
      const isProtected = (namespace: string) => namespace === guarded;
      const steps = createSteps({
        ...field,
        cluster: "prod",
        clock: quickClock(field.real),
        log: silentLog,
        foretell,
        isProtected,
      });
      const order = field.order();

      const open = expectPreview(await field.steps.preview(order));
      const preview = expectPreview(await steps.preview(order));
      const result = await steps.act(await field.approve(order), order);

      expect(open.effects[2]).toMatch(new RegExp(`^Their namespaces: .*${field.namespace}, ${guarded}`));
      expect(preview.effects[2]).not.toContain(guarded);
      const names = preview.intent.kind === "drain" ? preview.intent.nodes.map(({ name }) => name) : [];
      expect(names).toContain(b);
      expect(names).not.toContain(a);
      expect(preview.warnings.join("\n")).toMatch(new RegExp(`on ${a}, ${guarded}/web-\\S+ is in a protected namespace`));
      expect(result.kind).toBe("done");
      expect(await field.cordoned()).toEqual([b]);
      expect(await standing()).toEqual([a, b]);
    },
  );

  it("stops short of the nodes that must be kept", async () => {
    // Others' nodes come and go while one looks.
    const all = await vi.waitFor(async () => {
      const all = (await listNodes(field.connection)).length;
      const preview = expectPreview(await field.steps.preview(field.order({ keepNodes: all - 1 })));
      expect(preview.intent).toMatchObject({ nodes: [expect.anything()] });
      return all;
    }, patient);
    const none = await field.steps.preview(field.order({ keepNodes: all + 100 }));
    expect(none.kind).toBe("already-done");
    const order = field.order();
    const result = await field.steps.act(await field.approve(order), { ...order, keepNodes: all + 100 });
    expect(result).toMatchObject({ kind: "refused", text: expect.stringContaining("No node was given back") });
    expect(await field.cordoned()).toEqual([]);
  });

  it("leaves a node whose pods keep data there", async () => {
    await field.spread({ volumes: [{ name: "cache", emptyDir: {} }] });

    const result = await field.steps.preview(field.order());

    const said = result.kind === "preview" ? result.preview.warnings.join() : result.text;
    expect(said).toContain("keeps data in an emptyDir");
    const nodes = result.kind === "preview" && result.preview.intent.kind === "drain" ? result.preview.intent.nodes : [];
    expect(nodes.filter(({ name }) => name.startsWith(field.namespace))).toEqual([]);
  });

  it("stops at the first pod that a budget never lets go, as foretold, and goes on when it is pressed again", async () => {
    await field.spread();
    const order = field.order();
    await field.guard("web", { minAvailable: 12 }, { currentHealthy: 12 });
    const preview = expectPreview(await field.steps.preview(order));
    const approval = await field.approve(order);

    const blocked = await field.steps.act(approval, order);
    const running = await listPods(field.connection, field.namespace, "app=web");
    const cordoned = await field.cordoned();
    await field.merge("policy/v1/poddisruptionbudgets", "web", { spec: { minAvailable: 1 } });
    await expect
      .poll(async () => (await field.read("policy/v1/poddisruptionbudgets", "web")).status?.disruptionsAllowed, patient)
      .toBe(11);
    const freed = await field.steps.act(approval, order);

    expect(preview.warnings.join("\n")).toContain(`"${field.namespace}/web" never allows an eviction`);
    expect(preview.effects.join("\n")).toMatch(/Foretold: \d+ evictions in about .*; then it stops at .*\/web-/);
    expect(blocked).toMatchObject({ kind: "refused", partly: true });
    expect(blocked.text).toMatch(
      /^Stopped at .*\/web-\S+ on \S+-new-[ab]: the disruption budget ".*\/web" needs all of its pods/,
    );
    expect(blocked.text).toContain("0 of 2 nodes were emptied; 2 are still there, and cordoned. Press again to go on");
    expect(blocked.text).toMatch(/Foretold: 0 evictions, then it stops at \S+, about .* It was: 0, stopped at /);
    expect(running).toHaveLength(12);
    expect(cordoned).toEqual([field.nodeName("new-a"), field.nodeName("new-b")]);
    expect(freed.kind).toBe("done");
  });

  it("has nothing to do when no node was added, and refuses without a moment", async () => {
    const later = Date.now() + 365 * 24 * 3_600_000;

    expect((await field.steps.preview(field.order({ bornSince: later }))).kind).toBe("already-done");
    expect((await field.steps.preview(field.order({ bornSince: undefined }))).kind).toBe("refused");
  });
});
