import { expect, test } from "vitest";
import { DAY, NOON } from "#test/builders.ts";
import { type Reading, play } from "./builders.ts";
import type { AutoscalerState } from "#domain/workload.ts";

const hpa: AutoscalerState = { name: "web", uid: "uid-hpa", min: 3, max: 40, atCeiling: false };
const inactive = {
  reason: "FailedGetResourceMetric",
  message:
    "the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container app",
};
const none = { autoscaler: { ...hpa, inactive } };
const options = { until: 90, rolloutAt: NOON - DAY };

test("an autoscaler without metrics is told after ten minutes, once, with the reason", () => {
  const { told, last } = play([[0, none]], options);
  expect(told.map(({ minute, illness }) => [minute, illness.kind])).toEqual([[10, "no-metrics"]]);
  expect(told[0]?.illness.text).toContain(
    "the count stays at 8 whatever the load is (FailedGetResourceMetric: the HPA was unable",
  );
  expect(last).toHaveLength(1);
});

test("<unknown> for a sync or two after each rollout is silent, also when rollouts come one after the other", () => {
  const rollouts = Array.from({ length: 20 }, (_, index): Reading[] => [
    [index * 4, none],
    [index * 4 + 0.5, { autoscaler: hpa }],
  ]).flat();
  expect(play(rollouts.slice(0, 2), options).told).toEqual([]);
  expect(play(rollouts, options).told).toEqual([]);
});

test("one that may not scale, or has nothing to scale, hurts nobody", () => {
  expect(play([[0, { autoscaler: { ...hpa, min: 8, max: 8, inactive } }]], options).told).toEqual([]);
  expect(play([[0, { ...none, desired: 0, total: 0, ready: 0, updated: 0 }]], options).told).toEqual([]);
});

function swinging(low: number, high: number, everyMinutes: number): Reading[] {
  return Array.from({ length: Math.floor(80 / everyMinutes) }, (_, index): Reading => {
    const desired = index % 2 === 0 ? low : high;
    return [index * everyMinutes, { autoscaler: hpa, desired, total: desired, ready: desired, updated: desired }];
  });
}

test("up and down again and again is told once it has gone on for long", () => {
  const { told } = play(swinging(10, 20, 5), options);
  expect(told.map(({ illness }) => illness.kind)).toEqual(["flapping"]);
  expect(told[0]?.minute).toBeGreaterThanOrEqual(40);
  expect(told[0]?.illness.text).toContain("between 8 and 20 replicas");
});

test("small or slow moves, a climb in steps, and what a rollout's surge does are no flapping", () => {
  expect(play(swinging(20, 21, 5), options).told).toEqual([]);
  expect(play(swinging(10, 20, 25), options).told).toEqual([]);
  const climb = Array.from({ length: 20 }, (_, index): Reading => [index * 3, { autoscaler: hpa, desired: 8 + index }]);
  expect(play(climb, options).told).toEqual([]);
  const surging = swinging(10, 20, 5).map(([minute, over]): Reading => [minute, { ...over, updated: 2 }]);
  expect(play(surging, options).told).toEqual([]);
});
