import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { playOnce } from "#sim/demo/all.ts";
import { startRedis, type DemoRedis } from "#sim/demo/redis.ts";
import { withoutCharts } from "#sim/demo/set.ts";
import { storyNames } from "#sim/scenarios/story.ts";

// The whole program as a process of its own, on a simulated cluster, Slack and GitHub; about a minute a story.

let redis: DemoRedis;
beforeAll(async () => {
  redis = await startRedis({ PATH: process.env["PATH"] });
});
afterAll(() => redis[Symbol.asyncDispose]());

describe("a story, seen from Slack's and the cluster's side", () => {
  it.each(storyNames)(
    "%s goes well",
    async (scenario) => {
      const report = await playOnce({ scenario, seed: 1, speed: 60, kills: 0 }, redis);
      await redis.clear();

      expect(report.failure).toBeUndefined();
      expect(report.headlines).toBe(1);
      expect(report.course).toBe(withoutCharts.includes(scenario) ? "picture" : "chart");
    },
    600_000,
  );
});
