import { afterEach, describe, expect, it } from "vitest";
import { createManualClock } from "#sim/clock.ts";
import { startSimulatedCluster, type SimulatedCluster } from "#sim/cluster/cluster.ts";
import { startObserver } from "#sim/demo/observer.ts";
import { playEvents } from "#sim/demo/player.ts";
import { rollbacksIn } from "#sim/demo/report.ts";
import { momentsOf, usualOf } from "#sim/demo/measure.ts";
import { tellStory } from "#sim/scenarios/catalog.ts";
import type { Story } from "#sim/scenarios/story.ts";

const stops: (() => PromiseLike<unknown> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** The story on a stepped cluster without the program; `advance` lets minutes pass. */
async function stage(story: Story) {
  const clock = createManualClock(story.startsAt);
  const { seed, nodes, maxNodes, objects, databases } = story;
  const cluster: SimulatedCluster = await startSimulatedCluster({
    clock,
    seed,
    nodes,
    maxNodes,
    objects,
    databases,
    stepped: true,
  });
  const stop = new AbortController();
  const pushed: string[] = [];
  const github = { push: async (_: string, commits: readonly { sha: string }[]) => void pushed.push(commits.at(-1)?.sha ?? "") };
  const player = playEvents(
    { story, clock, cluster, github: github as never, alerts: { url: "http://127.0.0.1:9/", secret: "s" }, tell: () => {} },
    stop.signal,
  );
  const observer = startObserver({ clock, cluster, story });
  stops.push(async () => {
    stop.abort();
    await Promise.all([player, observer[Symbol.asyncDispose]()]);
    await cluster[Symbol.asyncDispose]();
  });
  const advance = async (minutes: number) => {
    for (let step = 0; step < minutes * 4; step += 1) {
      const seen = observer.samples.length;
      await clock.advance(15_000);
      cluster.step(clock.now());
      await expect.poll(() => observer.samples.length, { interval: 2, timeout: 30_000 }).toBeGreaterThan(seen);
    }
  };
  const replicas = () =>
    Number(cluster.store.get("apps/v1/deployments", story.service.namespace, story.service.name)?.spec?.["replicas"]);
  return {
    clock,
    cluster,
    observer,
    pushed,
    advance,
    replicas,
    service: { name: story.service.name, namespace: story.service.namespace },
  };
}

describe("a runaway on the simulated cluster, without the program", () => {
  it("stands still before, then grows by itself towards the ceiling, and nodes with it", async () => {
    const story = tellStory("runaway-commit", 1);
    const { advance, replicas, cluster, pushed, observer } = await stage(story);
    await advance(9);
    const calm = observer.samples.map(({ desired, nodes }) => `${desired}/${nodes}`);
    await advance(36);

    expect(new Set(calm).size).toBe(1);
    expect(replicas()).toBeGreaterThan(600);
    expect(cluster.store.count("v1/nodes")).toBeGreaterThan(30);
    expect(pushed.length).toBeGreaterThan(3);
  });

  it("comes back after the ceiling, the schema and the code were put back, and old code alone does not", async () => {
    const story = tellStory("runaway-commit", 1);
    if (story.truth.kind !== "culprit" || !story.truth.schema) throw new Error("no schema");
    const { advance, replicas, cluster, service, observer, clock } = await stage(story);
    const good = story.past.findLast(({ workload }) => workload === service.name)!;
    const old = { "load/cost-doubles-every": null, "load/cost-growth-since": null, "load/cost-at-most": null };
    await advance(18);
    const told = clock.now();
    cluster.apply({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: service,
      spec: { maxReplicas: replicas() },
    });
    cluster.apply({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: service,
      spec: {
        template: {
          metadata: { annotations: { ...old, ...good.template } },
          spec: { containers: [{ name: "app", image: good.image }] },
        },
      },
    });
    await advance(6);
    const before = observer.samples.at(-1);
    cluster.setSchema(story.truth.schema.database, story.truth.schema.before);
    await advance(14);

    expect(before?.complete).toBe(false);
    expect(rollbacksIn(story, observer.writes)).toHaveLength(1);
    const usual = usualOf(observer.samples.filter(({ at }) => at < story.startsAt + 9 * 60_000));
    expect(momentsOf(observer.samples, usual, (image) => image !== good.image, told).recoveredAt).toBeDefined();
    expect(replicas()).toBeLessThan(usual.replicas * 1.25);
  });
});

describe("the surge on the simulated cluster", () => {
  it("scales out and comes back by itself; cost per request stays", async () => {
    const story = tellStory("traffic-surge", 3);
    const { advance, replicas, observer } = await stage(story);
    await advance(story.truth.from + 22);
    const high = replicas();
    await advance(30);

    expect(high).toBeGreaterThan(75);
    expect(replicas()).toBeLessThan(40);
    const costs = observer.samples
      .filter(({ complete }) => complete)
      .map(({ cpuCores, requestsPerSecond }) => cpuCores / requestsPerSecond);
    expect(Math.max(...costs.filter(Number.isFinite).slice(8))).toBeLessThan(0.0125);
  });
});
