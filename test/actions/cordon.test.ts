import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Intent } from "#domain/intent.ts";
import { expectPreview, untilReady } from "#test/actions/harness.ts";
import { type Yard, openYard } from "#test/actions/yard.ts";

let yard: Yard;
beforeEach(async () => {
  yard = await openYard();
});
afterEach(() => yard[Symbol.asyncDispose]());

const mark = "k8s-why.dev/cordoned-for";
const markOf = async (name: string) => (await yard.read("v1/nodes", yard.nodeName(name))).metadata.annotations?.[mark];
const nodesOf = (intent: Intent) => ("nodes" in intent ? intent.nodes : []);
const both = () => [yard.nodeName("new-a"), yard.nodeName("new-b")];

describe("cordon", () => {
  it("lets the nodes of the spike take no more pods, marks them in the same write, and evicts nothing", async () => {
    await yard.spread();
    const order = yard.order({ kind: "cordon" });
    const preview = expectPreview(await yard.steps.preview(order));
    const before = await yard.cordoned();

    const result = await yard.steps.act(await yard.approve(order), order);
    const again = await yard.steps.preview(order);

    expect(preview.intent.kind).toBe("cordon");
    expect(nodesOf(preview.intent).map(({ name }) => name)).not.toContain(yard.nodeName("old"));
    expect(before).toEqual([]);
    expect(result).toMatchObject({ kind: "done", text: expect.stringContaining("2 nodes cordoned; nothing was evicted.") });
    expect(await yard.cordoned()).toEqual(both());
    expect([await markOf("new-a"), await markOf("new-b"), await markOf("old")]).toEqual(["inc-1", "inc-1", undefined]);
    await untilReady(yard, 12);
    expect((await yard.podsOn("new-a")).length).toBeGreaterThan(0);
    const left = again.kind === "preview" ? nodesOf(again.preview.intent).map(({ name }) => name) : [];
    expect(left.filter((name) => name.startsWith(yard.namespace))).toEqual([]);
  });

  it("marks a node that has no annotation yet without writing over one that comes meanwhile", async () => {
    await yard.merge("v1/nodes", yard.nodeName("new-a"), { metadata: { annotations: null } });
    const order = yard.order({ kind: "cordon" });

    await yard.steps.act(await yard.approve(order), order);

    expect(await yard.cordoned()).toEqual(both());
    expect(await markOf("new-a")).toBe("inc-1");
  });

  it("finds its work done the second time, and keeps as many nodes as must be kept", async () => {
    const order = yard.order({ kind: "cordon" });
    const approval = await yard.approve(order);

    const kept = await yard.steps.act(approval, { ...order, keepNodes: 1_000 });
    const first = await yard.steps.act(approval, order);
    const second = await yard.steps.act(approval, order);

    expect(kept).toMatchObject({ kind: "refused", text: expect.stringContaining("2 nodes left alone") });
    expect([first.kind, second.kind]).toEqual(["done", "already-done"]);
    expect((await yard.steps.preview({ ...order, bornSince: undefined })).kind).toBe("refused");
  });
});

describe("uncordon", () => {
  it("gives back what a cordon took: only our nodes, only those that are still there", async () => {
    await yard.createNode("new-c");
    await yard.createNode("new-d");
    const cordon = yard.order({ kind: "cordon" });
    await yard.merge("v1/nodes", yard.nodeName("new-d"), { spec: { unschedulable: true } });
    const approval = await yard.approve(cordon);
    await yard.steps.act(approval, cordon);
    const theirs = { name: yard.nodeName("new-d"), uid: (await yard.read("v1/nodes", yard.nodeName("new-d"))).metadata.uid };
    await yard.deleteNode("new-c");
    await yard.createNode("new-c");
    await yard.merge("v1/nodes", yard.nodeName("new-c"), {
      spec: { unschedulable: true },
      metadata: { annotations: { [mark]: "inc-1" } },
    });
    const order = yard.order({ kind: "uncordon", nodes: [...nodesOf(approval.intent), theirs, theirs] });

    const preview = expectPreview(await yard.steps.preview(order));
    const result = await yard.steps.act(await yard.approve(order), order);

    expect(
      nodesOf(preview.intent)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(both());
    expect(preview.warnings[0]).toContain(`Somebody else cordoned ${yard.nodeName("new-d")}: left as it is.`);
    expect(preview.warnings[0]).toContain("1 node is gone.");
    expect(result).toMatchObject({ kind: "done", text: "2 nodes take pods again." });
    expect(await yard.cordoned()).toEqual([yard.nodeName("new-c"), yard.nodeName("new-d")]);
    expect(await markOf("new-a")).toBeUndefined();
    expect((await yard.steps.act(await approvalOf(preview.intent), order)).kind).toBe("already-done");
  });

  it("leaves a node that was cordoned for another incident", async () => {
    const cordon = yard.order({ kind: "cordon" });
    const approval = await yard.approve(cordon);
    await yard.steps.act(approval, cordon);
    const order = yard.order({ kind: "uncordon", incidentId: "inc-2", nodes: nodesOf(approval.intent) });

    const result = await yard.steps.preview(order);

    expect(result).toMatchObject({ kind: "already-done", text: expect.stringContaining("Somebody else cordoned") });
    expect(await yard.cordoned()).toEqual(both());
  });

  const approvalOf = async (intent: Intent) => ({ incidentId: "inc-1", stepId: "uncordon", by: "U1", at: 0, intent });
});
