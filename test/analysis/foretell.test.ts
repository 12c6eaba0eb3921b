import { describe, expect, test } from "vitest";
import type { RolloutFacts } from "#domain/rollout.ts";
import { NOON } from "#test/builders.ts";
import { foretell } from "#analysis/rollout/foretell.ts";

const node = { cores: 4, memory: 64, pods: 110 };

/** 300 pods of 200m, default strategy; 10 free places; 4-core nodes. */
function facts(over: Partial<RolloutFacts> = {}): RolloutFacts {
  return {
    at: NOON,
    kind: "Deployment",
    replicas: 300,
    ready: 300,
    replacement: { kind: "rolling", surge: 75, unavailable: 75, replaced: 300 },
    pod: { cores: 0.2, memory: 1, pods: 1 },
    minReadySeconds: 0,
    room: { free: [{ cores: 2.1, memory: 20, pods: 50 }], newNode: node, waiting: 0 },
    quotas: [],
    secondsToReady: 10,
    secondsToNode: 40,
    ...over,
  };
}

const room = (over: object) => ({ ...facts().room, free: [], waiting: 0, newNode: node, ...over });
const said = (over: Partial<RolloutFacts>) => {
  const { effects, warnings } = foretell(facts(over));
  return [...effects, ...warnings].join("\n");
};

describe("what a rollout will do on its way", () => {
  test("pods at most, ready at least, nodes for the surge, and seconds by batches", () => {
    // 10 of the 75 fit, 65 need nodes of 20 places; 2 batches of 150, and a node once.
    expect(foretell(facts()).forecast).toEqual({
      at: NOON,
      replicas: 300,
      mostPods: 375,
      leastReady: 225,
      addedNodes: 4,
      seconds: 60,
    });
    expect(foretell(facts()).effects).toEqual([
      "All 300 pods are replaced step by step: up to 75 more for a while, 225 kept ready at least.",
      "The 75 more need up to 4 more nodes; how far the pool can grow is not known. Waiting until fewer pods run, or a smaller maxSurge, costs less.",
      "About 1 minute until all are replaced: 2 batches of 150, and a pod of it takes 10 seconds to become ready; a new node takes 40 seconds.",
    ]);
  });

  test.each<[string, Partial<RolloutFacts>, object, string]>([
    [
      "where the surge fits, no node is bought",
      { room: room({ free: [node, node, node, node] }) },
      { addedNodes: 0, seconds: 20 },
      "The 75 more fit on the nodes that are there.",
    ],
    ["pods that wait already need nodes too", { room: room({ waiting: 25 }) }, { addedNodes: 5 }, "need up to 5 more nodes"],
    ["memory counts", { pod: { cores: 0.2, memory: 64, pods: 1 }, room: room({}) }, { addedNodes: 75 }, "up to 75 more nodes"],
    [
      "places, of which there are no more than addresses, count",
      { room: room({ newNode: { ...node, pods: 5 } }) },
      { addedNodes: 15 },
      "up to 15 more nodes",
    ],
    [
      "the pool's maximum is not crossed",
      { room: room({ spareNodes: 2 }) },
      { addedNodes: 2, mostPods: 375, seconds: 70 },
      "need up to 2 more nodes, and 35 find no room: the pool can grow by 2 nodes, not by 4.",
    ],
    [
      "a pool at its maximum adds none",
      { room: room({ spareNodes: 0 }) },
      { addedNodes: 0, seconds: 40 },
      "75 of the 75 more find no room: the pool is at its maximum.",
    ],
    [
      "a known maximum that is far away is not worth a word",
      { room: room({ spareNodes: 99 }) },
      { addedNodes: 4 },
      "need up to 4 more nodes. Waiting",
    ],
    [
      "a quota cuts the surge",
      {
        quotas: [
          { name: "compute", resource: "requests.cpu", pods: 12 },
          { name: "wide", resource: "pods", pods: 900 },
        ],
      },
      { mostPods: 312 },
      'The quota "compute" leaves requests.cpu for 12 of the 75 more pods: the rollout goes on with these.',
    ],
    [
      "without surge and without a missing pod it stands still",
      {
        replacement: { kind: "rolling", surge: 75, unavailable: 0, replaced: 300 },
        quotas: [{ name: "full", resource: "pods", pods: 0 }],
      },
      { mostPods: 300, leastReady: 300 },
      "It would stand still",
    ],
    ["pods that are not ready now are not counted as ready", { ready: 40 }, { leastReady: 40 }, "225 kept ready at least"],
    [
      "pods that fit on no node are said",
      { pod: { cores: 9, memory: 1, pods: 1 } },
      { mostPods: 375 },
      "too large for a node of this kind",
    ],
    ["what nobody could see is said", { room: undefined }, { mostPods: 375 }, "whether there is any is not known"],
    [
      "how long is not known where no pod became ready",
      { secondsToReady: undefined },
      { mostPods: 375 },
      "How long it takes is not known: no pod",
    ],
    [
      "nor where no node was bought lately",
      { secondsToNode: undefined },
      { addedNodes: 4 },
      "About 20 seconds, and the time that a new node takes, which was not seen lately: 2 batches of 150",
    ],
    [
      "a pod counts only after minReadySeconds",
      { minReadySeconds: 30, room: room({ free: [node, node, node, node] }) },
      { seconds: 80 },
      "2 batches",
    ],
    [
      "Recreate stops all of them",
      { replacement: { kind: "recreate", surge: 0, unavailable: 300, replaced: 300 } },
      { leastReady: 0, addedNodes: 0, seconds: 10 },
      "About 10 seconds without a pod",
    ],
    [
      "a StatefulSet goes one at a time",
      { kind: "StatefulSet", replicas: 5, ready: 5, replacement: { kind: "in-place", surge: 0, unavailable: 1, replaced: 5 } },
      { mostPods: 5, leastReady: 4, addedNodes: 0, seconds: 50 },
      "All 5 pods are replaced where they are, up to 1 missing at a time; 4 kept ready at least.",
    ],
    [
      "a partition keeps the others",
      { kind: "StatefulSet", replicas: 5, ready: 5, replacement: { kind: "in-place", surge: 0, unavailable: 1, replaced: 2 } },
      { seconds: 20 },
      "2 of 5 pods are replaced",
    ],
    [
      "a DaemonSet buys no node",
      { kind: "DaemonSet", replicas: 20, ready: 20, replacement: { kind: "in-place", surge: 4, unavailable: 0, replaced: 20 } },
      { mostPods: 24, leastReady: 20, addedNodes: 0, seconds: 50 },
      "none missing at a time",
    ],
    [
      "OnDelete replaces none by itself",
      { kind: "DaemonSet", replacement: { kind: "by-hand", surge: 0, unavailable: 0, replaced: 0 } },
      { mostPods: 300, leastReady: 300 },
      "nothing else happens by itself",
    ],
  ])("%s", (_, over, forecast, text) => {
    expect(foretell(facts(over)).forecast).toMatchObject(forecast);
    expect(said(over)).toContain(text);
  });

  test("what is not known is absent", () => {
    expect(foretell(facts({ room: undefined, secondsToReady: undefined })).forecast).toEqual({
      at: NOON,
      replicas: 300,
      mostPods: 375,
      leastReady: 225,
    });
    expect(foretell(facts({ secondsToNode: undefined })).forecast).not.toHaveProperty("seconds");
    expect(foretell(facts({ pod: { cores: 9, memory: 1, pods: 1 } })).forecast).not.toHaveProperty("addedNodes");
  });

  test("nothing to replace is nothing to foretell", () => {
    const none = facts({ replicas: 0, ready: 0, replacement: { kind: "rolling", surge: 0, unavailable: 0, replaced: 0 } });
    expect(foretell(none).forecast).toMatchObject({ mostPods: 0, leastReady: 0, addedNodes: 0 });
    expect(foretell(none).warnings).toEqual([]);
  });
});
