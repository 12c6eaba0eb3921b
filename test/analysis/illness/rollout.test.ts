import { describe, expect, test } from "vitest";
import { DAY, NOON } from "#test/builders.ts";
import { type Reading, failing, play, somePods } from "./builders.ts";

const kindsOf = (readings: readonly Reading[], options: Parameters<typeof play>[1]) =>
  play(readings, options).told.map(({ illness }) => illness.kind);

describe("a rollout that fails", () => {
  test("into a crash loop is told once, after two minutes, with its numbers", () => {
    const { told } = play(
      [
        [0, failing({ unready: 8 })],
        [1, failing({ crashing: 5, restarts: 4, exitCode: 1 })],
        [2, failing({ crashing: 5, restarts: 14, exitCode: 1 })],
      ],
      { until: 30 },
    );
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ minute: 3, illness: { kind: "crash-loop", value: 5, usual: 0, since: NOON + 60_000 } });
    expect(told[0]?.illness.text).toBe(
      "Revision 12 does not become ready: 5 of 8 pods crash (exit code 1, 14 restarts in 3 minutes).",
    );
  });

  test("for want of memory is told as that, and not as a crash loop too", () => {
    const { told } = play(
      [
        [0, failing({ unready: 8 })],
        [1, failing({ crashing: 5, restarts: 5, memoryKills: 5, exitCode: 137 })],
        [2, failing({ crashing: 5, restarts: 10, memoryKills: 10, exitCode: 137 })],
      ],
      { until: 8 },
    );
    expect(told.map(({ illness }) => illness.kind)).toEqual(["out-of-memory"]);
    expect(told[0]?.illness.text).toContain("5 of 8 pods run out of memory: 10 kills for memory (OOMKilled) in 2 minutes");
  });

  test.each([
    ["image-pull", { imagePull: 2, message: 'Back-off pulling image "registry/web:12"' }, "2 of 8 pods cannot pull their image"],
    ["bad-configuration", { misconfigured: 2, message: 'configmap "flags" not found' }, "2 of 8 pods cannot start"],
  ])("for %s is told with what the kubelet says", (kind, pods, words) => {
    const { told } = play([[1, failing(pods)]], { until: 30 });
    expect(told.map(({ illness, minute }) => [illness.kind, minute])).toEqual([[kind, 3]]);
    expect(told[0]?.illness.text).toContain(words);
    expect(told[0]?.illness.text).toContain(pods.message);
  });

  test("by its deadline is told at once", () => {
    const stuck = failing({ unready: 5, unscheduled: 2 }, { deadlineExceeded: true });
    const { told } = play(
      [
        [0, failing({ unready: 5 })],
        [10, stuck],
      ],
      { until: 30 },
    );
    expect(told.map(({ illness, minute }) => [illness.kind, minute])).toEqual([["never-ready", 10]]);
    expect(told[0]?.illness.since).toBe(NOON);
    expect(told[0]?.illness.text).toBe(
      "Revision 12 has made no progress for 10 minutes: 8 of 8 pods are of it, 3 are ready, 2 wait for a node.",
    );
  });

  test.each(["StatefulSet", "DaemonSet"] as const)("a %s has ten minutes without progress", (kind) => {
    const workload = { cluster: "prod", namespace: "shop", kind, name: "db" };
    const stuck = failing({ unready: 1 }, { workload, updated: 1, ready: 7 });
    expect(play([[0.5, stuck]], { until: 30 }).told.map(({ illness, minute }) => [illness.kind, minute])).toEqual([
      ["never-ready", 10.5],
    ]);
    expect(kindsOf([[0.5, { workload, updated: 1, revision: 12, templateHash: "hash12" }]], { until: 60 })).toEqual([]);
  });

  test("because pods are refused is told with the API server's words", () => {
    const message = 'pods "web-hash12-x" is forbidden: violates PodSecurity "restricted:latest"';
    const { told } = play([[1, { ...failing({}), updated: 0, total: 6, ready: 6, cannotCreate: message }]], { until: 9 });
    expect(told.map(({ illness }) => illness.kind)).toEqual(["cannot-create"]);
    expect(told[0]?.illness.text).toContain('violates PodSecurity "restricted:latest"');
  });

  test("with restarts that climb though pods come back is told", () => {
    const climbing = Array.from({ length: 12 }, (_, index): Reading => [
      2 + index,
      { ...failing({ restarts: index + 1 }), ready: 8 },
    ]);
    const { told } = play(climbing, { until: 20 });
    expect(told.map(({ illness }) => illness.kind)).toEqual(["restarting"]);
    expect(told[0]?.illness.text).toContain("The pods of revision 12 restart:");
  });

  test("is over when its pods are well, and told anew only after five minutes", () => {
    const ill = failing({ crashing: 5, restarts: 9 });
    const well = { ...failing({ restarts: 9 }), ready: 8 };
    const blink = play(
      [
        [1, ill],
        [6, well],
        [9, ill],
      ],
      { until: 30 },
    );
    expect(blink.told).toHaveLength(1);
    const again = play(
      [
        [1, ill],
        [6, well],
        [13, ill],
      ],
      { until: 30 },
    );
    expect(again.told).toHaveLength(2);
    expect(
      play(
        [
          [1, ill],
          [6, well],
        ],
        { until: 7 },
      ).last,
    ).toEqual([]);
  });
});

describe("nothing is told of", () => {
  test("a normal rollout: surge, pods that start, a first pull that fails", () => {
    const readings: Reading[] = [
      [0, { revision: 12, templateHash: "hash12", updated: 2, total: 10, ready: 8, pods: somePods({ unready: 2 }) }],
      [0.5, { revision: 12, templateHash: "hash12", updated: 2, total: 10, ready: 8, pods: somePods({ imagePull: 1 }) }],
      [1.5, { revision: 12, templateHash: "hash12", updated: 4, total: 10, ready: 8, pods: somePods({ unready: 2 }) }],
      [3, { revision: 12, templateHash: "hash12", updated: 8, total: 10, ready: 9, pods: somePods({ unready: 1, restarts: 1 }) }],
      [4, { revision: 12, templateHash: "hash12", pods: somePods({ restarts: 1 }) }],
    ];
    expect(kindsOf(readings, { until: 120 })).toEqual([]);
  });

  test("a first launch, however long it takes", () => {
    const launching = { updated: 8, total: 8, ready: 0, pods: somePods({ crashing: 8, restarts: 40 }), deadlineExceeded: true };
    expect(kindsOf([[0, launching]], { until: 120, launch: true })).toEqual([]);
  });

  test("the same revision that crashes after it ran is told after five minutes", () => {
    const readings: Reading[] = [
      [0, { updated: 8, total: 8, ready: 8 }],
      [30, { updated: 8, total: 8, ready: 4, pods: somePods({ crashing: 4, restarts: 9 }) }],
    ];
    const { told } = play(readings, { until: 60, launch: true });
    expect(told.map(({ illness, minute }) => [illness.kind, minute])).toEqual([["crash-loop", 35]]);
    expect(told[0]?.illness.text).toContain("Revision 1 ran before and does not now: 4 of 8 pods crash");
  });

  test("one crashing pod of many, long after the rollout", () => {
    const one = failing({ crashing: 1, restarts: 9 }, { ready: 7 });
    expect(kindsOf([[0, one]], { until: 120, rolloutAt: NOON - DAY })).toEqual([]);
  });

  test("scaling back after a rollback: many pods go while others start", () => {
    const readings: Reading[] = [
      [
        0,
        {
          desired: 80,
          revision: 13,
          templateHash: "hash13",
          updated: 20,
          total: 100,
          ready: 75,
          pods: somePods({ unready: 5, restarts: 9 }),
        },
      ],
      [
        2,
        { desired: 60, revision: 13, templateHash: "hash13", updated: 70, total: 85, ready: 75, pods: somePods({ restarts: 9 }) },
      ],
      [
        4,
        { desired: 30, revision: 13, templateHash: "hash13", updated: 30, total: 30, ready: 30, pods: somePods({ restarts: 9 }) },
      ],
    ];
    expect(kindsOf(readings, { until: 60 })).toEqual([]);
  });

  test("restarts that were as many before the rollout", () => {
    const many = Array.from({ length: 60 }, (_, index): Reading => [
      index - 10,
      { ...(index < 10 ? {} : { revision: 12, templateHash: "hash12" }), pods: somePods({ restarts: index }) },
    ]);
    expect(kindsOf(many, { until: 45 })).toEqual([]);
  });
});
