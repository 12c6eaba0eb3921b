import { describe, expect, it } from "vitest";
import type { KubePdb } from "#clients/kubernetes/objects.ts";
import { budgetWarnings, neverBecause, toBudget } from "#actions/budgets.ts";
import { toResult } from "#actions/drain-words.ts";
import { batchesOf } from "#actions/foretell-drain.ts";
import { type FullNode, foretell } from "#actions/foretell.ts";
import { shareOf } from "#actions/pace.ts";
import type { NodePod } from "#actions/pods.ts";
import { roomWarnings } from "#actions/room.ts";

let pods = 0;

function aPod(over: Partial<NodePod> = {}): NodePod {
  const name = `web-7d9f-${(pods += 1)}`;
  return {
    namespace: "shop",
    name,
    uid: name,
    labels: { app: "web", "pod-template-hash": "7d9f" },
    node: "n1",
    controller: "web-7d9f",
    fate: { kind: "evict" },
    ended: false,
    going: false,
    ready: true,
    startSeconds: 5,
    graceSeconds: 3,
    cores: 1,
    memory: 2 ** 30,
    ...over,
  };
}

const some = (count: number, over: Partial<NodePod> = {}) => Array.from({ length: count }, () => aPod(over));
const aNode = (name: string, on: readonly NodePod[], byKarpenter = false): FullNode => ({ name, pods: on, byKarpenter });

/** Of so many healthy pods. */
function aBudget(spec: KubePdb["spec"], expectedPods = 40, status: KubePdb["status"] = {}, name = "web") {
  const metadata = { namespace: "shop", name, uid: name, resourceVersion: "1", creationTimestamp: "", generation: 1 };
  const counts = { observedGeneration: 1, expectedPods, currentHealthy: expectedPods, disruptionsAllowed: 1, ...status };
  return toBudget({ metadata, spec: { selector: { matchLabels: { app: "web" } }, ...spec }, status: counts });
}

const ofForty = () => shareOf(40);

describe("a budget", () => {
  it.each([
    ["a number that must stay", { minAvailable: 38 }, 2],
    ["a share that must stay, rounded up", { minAvailable: "81%" }, 7],
    ["a number that may be away", { maxUnavailable: 3 }, 3],
    ["a share that may be away, rounded up", { maxUnavailable: "6%" }, 3],
    ["all must stay", { minAvailable: "100%" }, 0],
    ["none may be away", { maxUnavailable: 0 }, 0],
    ["more must stay than there are", { minAvailable: 41 }, 0],
  ])("with %s lets so many go at the very most", (_, spec, most) => {
    expect(aBudget(spec).most).toBe(most);
  });

  it("that was edited since its last count allows nothing, and one that was never counted says nothing of its most", () => {
    expect(aBudget({ minAvailable: 1 }, 40, { observedGeneration: 0, disruptionsAllowed: 39 }).allowed).toBe(0);
    expect(toBudget({ metadata: { namespace: "shop", name: "new" } as KubePdb["metadata"], spec: {} })).toMatchObject({
      allowed: 0,
      most: undefined,
    });
  });

  it("that never allows one blocks a ready pod for ever, and an unready one only where it is not met", () => {
    const met = aBudget({ maxUnavailable: 0 });
    const unmet = aBudget({ maxUnavailable: 0 }, 40, { currentHealthy: 39, disruptionsAllowed: 0 });

    expect(neverBecause(aPod(), [met])).toContain(`"shop/web" needs all of its pods`);
    expect(neverBecause(aPod({ ready: false }), [met])).toBeUndefined();
    expect(neverBecause(aPod({ ready: false }), [unmet])).toBeDefined();
    expect(neverBecause(aPod({ labels: { app: "other" } }), [met])).toBeUndefined();
  });

  it("warns of what waits, of what takes longer and of what never goes, and not where there is room", () => {
    const moving = some(6);
    const say = (...args: Parameters<typeof aBudget>) => budgetWarnings(moving, [aBudget(...args)]).join();

    expect(say({ maxUnavailable: 0 }, 40, { disruptionsAllowed: 0 })).toContain("never allows an eviction, and 6 pods");
    expect(say({ maxUnavailable: 2 }, 40, { disruptionsAllowed: 0 })).toContain("allows no eviction now");
    expect(say({ maxUnavailable: 2 }, 40, { disruptionsAllowed: 2 })).toContain("allows 2 at a time");
    expect(say({ maxUnavailable: 6 }, 40, { disruptionsAllowed: 6 })).toBe("");
  });
});

describe("what a drain will come to", () => {
  it("counts evictions and rounds: four of forty at once, then until they are ready elsewhere", () => {
    const batches = [[aNode("n1", some(6)), aNode("n2", some(6))], [aNode("n3", some(5))]];

    const foretold = foretell(batches, [], ofForty);

    // A start of 5 s, and a look every 6 s of each node that has pods left; after each batch the last look, and a second of grace.
    expect(foretold).toEqual({ evictions: 17, nodes: 3, seconds: 8 + 8 + 11 + 7 + (11 + 11 + 7) });
  });

  it("goes by the budget where that allows less, and waits for one that allows nothing yet", () => {
    const nodes = [[aNode("n1", some(6))]];
    const none = foretell(nodes, [], ofForty).seconds;
    const two = foretell(nodes, [aBudget({ maxUnavailable: 2 })], ofForty).seconds;
    const later = foretell(nodes, [aBudget({ maxUnavailable: 2 }, 40, { disruptionsAllowed: 0 })], ofForty);

    expect([none, two, later.seconds]).toEqual([2 * 11 + 7, 3 * 11 + 7, 6 + 3 * 11 + 7]);
    expect(later).toMatchObject({ evictions: 6, nodes: 1 });
  });

  it("stops after the batch of the first pod that never goes, and says which and why", () => {
    const guarded = { labels: { app: "db" }, controller: "db", namespace: "shop" };
    const [stuck] = some(1, guarded);
    const budget = { ...aBudget({ maxUnavailable: 0 }), covers: (pod: NodePod) => pod.labels["app"] === "db" };
    const batches = [
      [aNode("n1", some(2))],
      [aNode("n2", [aPod(), stuck!, aPod()]), aNode("n3", some(3))],
      [aNode("n4", some(9))],
    ];

    const foretold = foretell(batches, [budget], ofForty);

    // Of n2 only what stands before it is asked; n3 ends its batch, n4 is not begun.
    expect(foretold).toMatchObject({ evictions: 2 + 1 + 3, nodes: 2 });
    expect(foretold.blocked).toMatchObject({
      pod: `shop/${stuck!.name}`,
      node: "n2",
      why: expect.stringContaining("never allows"),
    });
  });

  it("stops where two budgets cover one pod: the API refuses that", () => {
    const two = [aBudget({ maxUnavailable: 9 }), aBudget({ maxUnavailable: 9 }, 40, {}, "second")];

    expect(foretell([[aNode("n1", some(2))]], two, ofForty)).toMatchObject({
      evictions: 0,
      nodes: 0,
      blocked: { why: expect.stringContaining(`"shop/web" and "shop/second" both cover it`) },
    });
  });

  it("does not count pods that are going already, and lets Karpenter go as fast as budgets allow", () => {
    const going = foretell([[aNode("n1", [...some(2), aPod({ going: true })])]], [], ofForty);
    const karpenter = foretell([[aNode("n1", some(30), true)]], [aBudget({ maxUnavailable: 15 })], ofForty);

    expect(going.evictions).toBe(2);
    expect(karpenter).toMatchObject({ evictions: 30, seconds: 2 * 11 + 7 + 60 });
  });

  it("takes a tenth of the nodes at once, four at least, and never more than the guardrail", () => {
    const sizes = (count: number, most = 20) => batchesOf(Array.from({ length: count }), most).map(({ length }) => length);

    expect(sizes(9)).toEqual([4, 4, 1]);
    expect(sizes(100)).toEqual(Array(10).fill(10));
    expect(Math.max(...sizes(400))).toBe(20);
    expect(sizes(4, 1)).toEqual([1, 1, 1, 1]);
    expect(sizes(0)).toEqual([]);
  });
});

describe("foretold beside seen", () => {
  const ended = { cordoned: 9, there: 0, claimed: 0, stopped: false, aside: "" };

  it("is told at the end", () => {
    const result = toResult({
      ...ended,
      foretold: { evictions: 112, nodes: 9, seconds: 370 },
      was: { evictions: 111, nodes: 9, seconds: 425 },
    });

    expect(result).toEqual({
      kind: "done",
      text: "9 nodes cordoned and emptied; the node autoscaler removes them. Foretold: 112 evictions, none blocked, about 6 minutes. It was: 111, none, 7 minutes.",
    });
  });

  it("is told where it stopped, with what to do next", () => {
    const blocked = { pod: "shop/db-0", node: "n7", why: "it needs all" };
    const result = toResult({
      ...ended,
      foretold: { evictions: 112, nodes: 9, seconds: 370 },
      there: 6,
      was: { evictions: 40, nodes: 5, seconds: 44, blocked },
    });

    expect(result).toEqual({
      kind: "refused",
      partly: true,
      text: "Stopped at shop/db-0 on n7: it needs all. 5 of 9 nodes were emptied; 6 are still there, and cordoned. Press again to go on where it stopped, or uncordon them. Foretold: 112 evictions, none blocked, about 6 minutes. It was: 40, stopped at shop/db-0, 40 seconds.",
    });
  });

  it("says who removes the nodes", () => {
    const was = { evictions: 1, nodes: 9, seconds: 5 };
    const text = (claimed: number) => toResult({ ...ended, claimed, foretold: was, was }).text;

    expect(text(9)).toContain("emptied; Karpenter has ended them.");
    expect(text(2)).toContain("Karpenter has ended 2, the node autoscaler removes the other 7.");
  });
});

describe("room", () => {
  const staying = (...cores: number[]) =>
    cores.map((cpu, index) => ({
      metadata: { name: `n${index}`, uid: `n${index}`, resourceVersion: "1", creationTimestamp: "" },
      status: { allocatable: { cpu: `${cpu}`, memory: "16Gi", pods: "10" } },
    }));
  const away = { node: "gone" };

  it("is enough where each pod finds a node", () => {
    expect(roomWarnings(some(4, { ...away, cores: 2 }), staying(4, 4), [])).toEqual([]);
  });

  it("is missing where the sum would do, and no node holds the largest pod", () => {
    const [warning = ""] = roomWarnings([aPod({ ...away, cores: 3, name: "big" }), ...some(2, away)], staying(2, 2, 2), []);

    expect(warning).toContain("1 pod of the 3 that move finds no room");
    expect(warning).toContain(
      "shop/big asks for 3.0 cores and 1.0 GiB of memory, and no node that stays has more than 2.0 cores",
    );
  });

  it("is missing where all together ask for too much, in cores, memory or places", () => {
    expect(roomWarnings(some(5, { ...away, cores: 1 }), staying(2, 2), [])).toEqual([
      expect.stringContaining(
        "1 pod of the 5 that move finds no room: they wait, or new nodes are added for them. The nodes that stay have 4.0 cores",
      ),
    ]);
    expect(roomWarnings(some(3, { ...away, cores: 0, memory: 9 * 2 ** 30 }), staying(4, 4), [])).toHaveLength(1);
    expect(roomWarnings(some(11, { ...away, cores: 0, memory: 0 }), staying(4), [])[0]).toContain("1 pod of the 11");
  });

  it("is missing where the nodes with room do not have the labels that a pod asks for", () => {
    const moving = some(1, { ...away, selector: { pool: "big" } });
    const labelled = staying(4).map((node) => ({ ...node, metadata: { ...node.metadata, labels: { pool: "big" } } }));

    expect(roomWarnings(moving, staying(4), [])).toHaveLength(1);
    expect(roomWarnings(moving, labelled, [])).toEqual([]);
  });

  it("counts what stands there: daemons too, but not what has ended", () => {
    const daemon = aPod({ node: "n0", cores: 1.5, fate: { kind: "ignore" } });
    const ended = { ...daemon, ended: true };
    const moving = some(1, { ...away, cores: 1 });

    expect(roomWarnings(moving, staying(2), [daemon])).toHaveLength(1);
    expect(roomWarnings(moving, staying(2), [ended])).toEqual([]);
  });
});
