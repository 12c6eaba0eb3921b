import { describe, expect, test } from "vitest";
import { HOUR, MINUTE, NOON, aNode, aPool, aState } from "#test/builders.ts";
import { hearEvent, lookAtCluster, rememberCluster } from "#analysis/illness/cluster.ts";
import type { Heard } from "#analysis/illness/cluster-facts.ts";
import type { Illness } from "#domain/illness.ts";
import { learnPool, noPoolNormal, usualPool } from "#analysis/illness/pool-normal.ts";
import { quotaExhausted } from "#analysis/illness/namespace.ts";

interface Moment {
  readonly nodes?: number;
  readonly pending?: number;
  readonly heard?: readonly Heard[];
  readonly problem?: string;
  readonly runaway?: boolean;
}

/** What is told, by minute, of a cluster that had ten nodes and two waiting pods for a day; `at` says how it is at a minute. */
function play(at: (minute: number) => Moment, until = 30): { told: [number, Illness][]; last: readonly Illness[] } {
  let normal = noPoolNormal;
  for (let time = NOON - 24 * HOUR; time < NOON; time += 10 * MINUTE)
    normal = learnPool(normal, { at: time, nodes: 10, pendingPods: 2 });
  let memory = rememberCluster(normal, [], NOON);
  const told: [number, Illness][] = [];
  let last: readonly Illness[] = [];
  for (let minute = 0; minute <= until; minute += 0.25) {
    const { nodes = 10, pending = 2, heard = [], problem, runaway = false } = at(minute);
    for (const event of heard) memory = hearEvent(memory, event);
    const pool = aPool({ nodes: Array.from({ length: nodes }, () => aNode()), pendingPods: pending });
    const seen = lookAtCluster(memory, pool, { at: NOON + minute * MINUTE, runaway, autoscalerProblem: problem });
    memory = seen.memory;
    told.push(...seen.fresh.map((illness): [number, Illness] => [minute, illness]));
    last = seen.illnesses;
  }
  return { told, last };
}

const kinds = (told: readonly [number, Illness][]) => told.map(([minute, { kind }]) => [minute, kind]);

function anEvent(minute: number, over: Partial<Heard>): Heard {
  return { at: NOON + minute * MINUTE, reason: "", message: "", involved: "Pod/web-1", namespace: "shop", ...over };
}

describe("pods that wait", () => {
  test("far more than in the week's worst hour are told after ten minutes, once, against their own normal", () => {
    const { told } = play((minute) => ({ pending: minute >= 1 ? 40 : 2 }));
    expect(kinds(told)).toEqual([[11, "pending-pods"]]);
    expect(told[0]?.[1]).toMatchObject({ value: 40, usual: 2 });
    expect(told[0]?.[1].text).toBe("40 pods wait for a node (in the last week's worst hour 2 did); 10 nodes run.");
  });

  test("for a few minutes, for a few pods, or while a workload runs away are silent", () => {
    expect(play((minute) => ({ pending: minute % 12 < 6 ? 40 : 2 }), 12).told).toEqual([]);
    expect(play(() => ({ pending: 9 })).told).toEqual([]);
    expect(play(() => ({ pending: 400, nodes: 60, runaway: true })).told).toEqual([]);
  });
});

describe("nodes", () => {
  test("far more than usual are told, a third more and the first hours are not", () => {
    const { told } = play(() => ({ nodes: 24 }));
    expect(kinds(told)).toEqual([[10, "many-nodes"]]);
    expect(told[0]?.[1].text).toBe("24 nodes run, usually 10 (at most 10 in the last week).");
    expect(play(() => ({ nodes: 14 })).told).toEqual([]);
    expect(usualPool(learnPool(noPoolNormal, { at: NOON, nodes: 3, pendingPods: 0 }))).toEqual({ pendingPods: 0 });
  });

  test.each([
    // As Cluster Autoscaler and Karpenter say it.
    ["NotTriggerScaleUp", "pod didn't trigger scale-up: 2 max node group size reached, 1 Insufficient cpu"],
    ["FailedToScaleUpGroup", "Scale-up failed for group eks-workers: error code QUOTA_EXCEEDED"],
    ["FailedScheduling", 'Failed to schedule pod, all available instance types exceed limits for nodepool: "default"'],
    ["InsufficientCapacityError", "NodeClaim default-x7 event: creating instance, insufficient capacity"],
  ])("that cannot be had (%s) are told while pods wait", (reason, message) => {
    const heard = (minute: number) => (minute < 10 ? [anEvent(minute, { reason, message })] : []);
    const { told, last } = play((minute) => ({ pending: 5, heard: heard(minute) }));
    expect(kinds(told)).toEqual([[3, "no-new-nodes"]]);
    expect(told[0]?.[1].text).toContain(`gets no node for 5 pods that wait: ${message}`);
    expect(last).toEqual([]);
    expect(play((minute) => ({ pending: 0, heard: heard(minute) })).told).toEqual([]);
  });

  test("refusals for another reason are silent", () => {
    const message = "0/10 nodes are available: 10 node(s) didn't match Pod's node affinity/selector.";
    const heard = (minute: number) => [
      anEvent(minute, { reason: "FailedScheduling", message }),
      anEvent(minute, {
        reason: "NotTriggerScaleUp",
        message: "pod didn't trigger scale-up: 1 node(s) didn't match Pod's node affinity",
      }),
    ];
    expect(play((minute) => ({ pending: 5, heard: heard(minute) })).told).toEqual([]);
  });

  test("the autoscaler's own status is believed where it says no event", () => {
    const { told } = play(() => ({ pending: 5, problem: "node group workers backs off: OUT_OF_RESOURCES" }));
    expect(told[0]?.[1].text).toContain("OUT_OF_RESOURCES");
  });
});

describe("addresses", () => {
  const message =
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "b44": failed to allocate for range 0: no IP addresses available in range set: 10.60.28.1-10.60.28.254';
  const pods = (count: number, text: string) =>
    Array.from({ length: count }, (_, index) =>
      anEvent(0, { reason: "FailedCreatePodSandBox", message: text, involved: `Pod/web-${index}` }),
    );

  test("that several pods do not get are told, with the end of the chain of errors", () => {
    const { told } = play((minute) => ({ heard: minute === 0 ? pods(4, message) : [] }));
    expect(kinds(told)).toEqual([[1, "no-pod-addresses"]]);
    expect(told[0]?.[1].text).toContain(
      "4 pods got no address in the last ten minutes (shop/web-0, shop/web-1 and 2 more): no IP addresses",
    );
  });

  test("of two pods, or another failure of the sandbox, are silent", () => {
    expect(play((minute) => ({ heard: minute === 0 ? pods(2, message) : [] })).told).toEqual([]);
    const other = "Failed to create pod sandbox: context deadline exceeded";
    expect(play((minute) => ({ heard: minute === 0 ? pods(9, other) : [] })).told).toEqual([]);
  });
});

describe("a quota", () => {
  const message =
    'pods "web-x" is forbidden: exceeded quota: compute, requested: requests.cpu=1, used: requests.cpu=40, limited: requests.cpu=40';
  const refused = (over = {}) => aState({ desired: 8, total: 5, cannotCreate: message, ...over });

  test("that is exhausted is told with its name, its numbers and who lacks pods", () => {
    expect(quotaExhausted({ at: NOON, refused: [refused()], heard: [] })).toMatchObject({
      kind: "quota-exhausted",
      value: 3,
      text: "The quota compute is exhausted (used requests.cpu=40, limit requests.cpu=40): web lacks 3 of 8.",
    });
  });

  test("is told for a StatefulSet from its watch events", () => {
    const event = {
      at: NOON,
      reason: "FailedCreate",
      message: `create Pod db-3 in StatefulSet db failed error: ${message}`,
      namespace: "shop",
    };
    const heard = [{ ...event, involved: "StatefulSet/db" }];
    expect(quotaExhausted({ at: NOON, refused: [], heard })?.text).toContain("limit requests.cpu=40): StatefulSet/db.");
    expect(quotaExhausted({ at: NOON + 20 * MINUTE, refused: [], heard })).toBeUndefined();
  });

  test("that only a surge touches, or another refusal, is silent", () => {
    expect(quotaExhausted({ at: NOON, refused: [refused({ total: 8 })], heard: [] })).toBeUndefined();
    expect(quotaExhausted({ at: NOON, refused: [refused({ cannotCreate: "denied by webhook" })], heard: [] })).toBeUndefined();
  });
});

test("a message of a megabyte is cut and searched in no time", () => {
  const long = `exceeded quota: ${"a, ".repeat(300_000)}`;
  const before = performance.now();
  const text =
    quotaExhausted({ at: NOON, refused: [aState({ desired: 8, total: 5, cannotCreate: long })], heard: [] })?.text ?? "";
  expect(text.length).toBeLessThan(400);
  expect(performance.now() - before).toBeLessThan(2_000);
});
