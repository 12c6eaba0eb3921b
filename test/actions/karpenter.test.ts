import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { NodeRef } from "#domain/intent.ts";
import { foretell } from "#analysis/rollout/foretell.ts";
import { createSteps } from "#actions/steps.ts";
import { findKube } from "#clients/kubernetes/answer.ts";
import { silentLog } from "#lib/log.ts";
import { type Door, openDoor } from "#test/actions/door.ts";
import { expectPreview, openField, quickClock, untilReady } from "#test/actions/harness.ts";
import { createClaim, defineNodeClaims, findClaim, playNodeClaims, reconcile } from "#test/actions/node-claims.ts";
import { realCluster } from "#test/real-cluster.ts";
import { type Yard, openYard } from "#test/actions/yard.ts";

/*
 * Karpenter itself is played, by `reconcile`: it evicts what is on the node of a claim that is being deleted, and ends the node. On a real control
 * plane the NodeClaims are real objects of a minimal definition; the simulated cluster has none, so they are played at its door.
 */
const real = realCluster !== undefined;
let stack = new AsyncDisposableStack();
let yard: Yard;
let door: Door | undefined;
let undefine = async () => {};
const bought = { "karpenter.sh/nodepool": "general" };

beforeAll(async () => {
  if (realCluster !== undefined) undefine = await defineNodeClaims(realCluster);
});
afterAll(() => undefine());
beforeEach(async () => {
  door = real ? undefined : stack.use(await openDoor());
  if (door) playNodeClaims(door);
  const path = await door?.kubeconfig();
  yard = stack.use(await openYard(async () => openField(path)));
  for (const name of ["new-a", "new-b"]) await yard.merge("v1/nodes", yard.nodeName(name), { metadata: { labels: bought } });
});
afterEach(async () => {
  for (const name of ["new-a", "new-b"]) {
    const path = `/apis/karpenter.sh/v1/nodeclaims/${claimName(name)}`;
    const body = { metadata: { finalizers: null } };
    await findKube(yard.connection, { method: "PATCH", path, body, contentType: "application/merge-patch+json" });
    await findKube(yard.connection, { method: "DELETE", path });
  }
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

const claimName = (name: string) => `claim-of-${yard.nodeName(name)}`;

const claim = (name: string, annotations = {}) => createClaim(yard.connection, claimName(name), yard.nodeName(name), annotations);

/** Steps under whose sleep Karpenter works. */
function withKarpenter(more: Partial<Parameters<typeof createSteps>[0]> = {}) {
  const clock = quickClock(yard.real);
  const sleep = async (ms: number) => {
    for (const name of ["new-a", "new-b"]) await reconcile(yard.connection, claimName(name), yard.nodeName(name));
    await clock.sleep(ms);
  };
  return createSteps({
    connection: yard.connection,
    cluster: "prod",
    clock: { ...clock, sleep },
    log: silentLog,
    foretell,
    isProtected: () => false,
    ...more,
  });
}

const ownNodes = (nodes: readonly NodeRef[]) => nodes.filter(({ name }) => name.startsWith(yard.namespace));

describe("where Karpenter owns a node", () => {
  it("its NodeClaim is deleted, and Karpenter empties and ends it; other nodes are drained as ever", async () => {
    await yard.spread();
    await claim("new-a");
    const order = yard.order();
    const preview = expectPreview(await yard.steps.preview(order));
    const approval = await yard.approve(order);

    const result = await withKarpenter().act(approval, order);

    const nodes = preview.intent.kind === "drain" ? ownNodes(preview.intent.nodes) : [];
    expect(nodes.find(({ name }) => name === yard.nodeName("new-a"))?.claim).toMatchObject({ name: claimName("new-a") });
    expect(nodes.find(({ name }) => name === yard.nodeName("new-b"))?.claim).toBeUndefined();
    expect(preview.effects.join("\n")).toContain("Karpenter owns 1 of them");
    expect(result).toMatchObject({ kind: "done" });
    expect(result.text).toContain("Karpenter has ended 1, the node autoscaler removes the other 1.");
    expect(result.text).toMatch(/Foretold: (\d+) evictions, none blocked, about .* It was: \1, none, /);
    expect((await yard.nodes()).map(({ metadata }) => metadata.name)).not.toContain(yard.nodeName("new-a"));
    expect(await findClaim(yard.connection, claimName("new-a"))).toBeUndefined();
    await untilReady(yard, 12);
    expect((await yard.steps.act(approval, order)).kind).toMatch(/^(done|already-done)$/);
  });

  it("is left alone where its claim says that it must not be disrupted", async () => {
    await claim("new-a", { "karpenter.sh/do-not-disrupt": "true" });

    const { intent, warnings } = expectPreview(await yard.steps.preview(yard.order()));

    const names = intent.kind === "drain" ? intent.nodes.map(({ name }) => name) : [];
    expect(names).toContain(yard.nodeName("new-b"));
    expect(names).not.toContain(yard.nodeName("new-a"));
    expect(warnings.join("\n")).toContain(`${yard.nodeName("new-a")} says that Karpenter must not disrupt it`);
  });

  it("is not given back by a claim of the same name that was made meanwhile", async () => {
    await claim("new-a");
    const order = yard.order();
    const approval = await yard.approve(order);
    const { intent } = approval;
    if (intent.kind !== "drain") throw new Error("Expected an intent to drain");
    const nodes = intent.nodes.map((node) => ({ ...node, ...(node.claim && { claim: { ...node.claim, uid: "another" } }) }));

    const result = await withKarpenter().act({ ...approval, intent: { ...intent, nodes } }, order);

    expect(result).toMatchObject({ kind: "refused", partly: true, text: expect.stringContaining("was replaced by another") });
    expect((await findClaim(yard.connection, claimName("new-a"))).metadata.deletionTimestamp).toBeUndefined();
  });

  it.skipIf(real)("the deletion is bound to the claim's uid", async () => {
    await claim("new-a");
    const order = yard.order();

    await withKarpenter().act(await yard.approve(order), order);

    const deleted = door?.calls.filter(({ method, path }) => method === "DELETE" && path.includes("nodeclaims"));
    expect(deleted).toMatchObject([{ body: { preconditions: { uid: `uid-of-${claimName("new-a")}` } } }]);
  });

  it("and a budget holds Karpenter up, it stops there and says that the claim is deleted", async () => {
    await yard.spread();
    await claim("new-a");
    await claim("new-b");
    const order = yard.order();
    const approval = await yard.approve(order);
    await yard.guard("web", { maxUnavailable: 0 }, { disruptionsAllowed: 0, expectedPods: 12 });

    const result = await withKarpenter({ mostNodes: 1 }).act(approval, order);

    expect(result).toMatchObject({ kind: "refused", partly: true });
    expect(result.text).toMatch(
      /^Stopped at \S+\/web-\S+ on \S+: its NodeClaim \S+ is deleted, and Karpenter has not ended it yet/,
    );
    const deleted = await Promise.all(["new-a", "new-b"].map((name) => findClaim(yard.connection, claimName(name))));
    expect(deleted.filter(({ metadata }) => metadata.deletionTimestamp !== undefined)).toHaveLength(1);
    await findKube(yard.connection, {
      method: "DELETE",
      path: `/apis/policy/v1/namespaces/${yard.namespace}/poddisruptionbudgets/web`,
    });
    expect((await withKarpenter({ mostNodes: 1 }).act(approval, order)).kind).toBe("done");
  });

  it("its claim stays where a pod of a protected namespace came to stand on it since it was shown", async () => {
    await yard.spread();
    await claim("new-a");
    const order = yard.order();
    const approval = await yard.approve(order);
    const isProtected = (namespace: string) => namespace === yard.namespace;

    const result = await withKarpenter({ isProtected }).act(approval, order);

    expect(result).toMatchObject({ kind: "refused", text: expect.stringContaining("No node was given back") });
    expect((await findClaim(yard.connection, claimName("new-a"))).metadata.deletionTimestamp).toBeUndefined();
    expect(await yard.cordoned()).toEqual([]);
  });

  it.skipIf(real)("is refused where the agent may not evict in a namespace whose pods Karpenter would move", async () => {
    await yard.spread();
    await claim("new-a");
    await claim("new-b");
    const { answer } = door!;
    const message = `pods "web" is forbidden: User "k8s-why" cannot create resource "pods/eviction"`;
    door!.answer = (call) =>
      call.path.includes("/eviction")
        ? { code: 403, body: { kind: "Status", status: "Failure", code: 403, message } }
        : answer(call);

    const result = await yard.steps.preview(yard.order());

    expect(result).toMatchObject({ kind: "refused", text: expect.stringContaining("pods/eviction") });
  });

  it.skipIf(real).each(["GET", "DELETE"])(
    "and the agent may not %s its claim, it is refused with where to find the right",
    async (verb) => {
      await claim("new-a");
      const { answer } = door!;
      const message = `nodeclaims.karpenter.sh is forbidden: User "k8s-why" cannot do that`;
      door!.answer = (call) =>
        call.method === verb && call.path.includes("nodeclaims")
          ? { code: 403, body: { kind: "Status", status: "Failure", code: 403, message } }
          : answer(call);

      const result = await yard.steps.preview(yard.order());
      door!.answer = answer;

      expect(result).toMatchObject({ kind: "refused", text: expect.stringContaining("is forbidden") });
      expect(result.kind === "refused" && result.text).toContain(`Karpenter owns ${yard.namespace}-new-`);
      expect(result.kind === "refused" && result.text).toContain("deploy/karpenter.yaml");
    },
  );
});
