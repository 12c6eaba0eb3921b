import { describe, expect, it } from "vitest";
import { createManualClock } from "#sim/clock.ts";
import { startSimulatedCluster } from "#sim/cluster/cluster.ts";
import { playEvents, takeBack } from "#sim/demo/player.ts";
import { takeSample, type Sample } from "#sim/demo/samples.ts";
import { postpone } from "#sim/scenarios/postpone.ts";
import { tellStory } from "#sim/scenarios/catalog.ts";
import type { Story, StoryName } from "#sim/scenarios/story.ts";

const minuteMs = 60_000;
/** Each seed is a second; all twenty were played when this was written. */
const seeds = Array.from({ length: Number(process.env["WORLD_SEEDS"] ?? 2) }, (_, index) => index + 1);

/** Plays a story's world without the program, stepped as fast as it goes. */
async function playWorld(story: Story, late = 0) {
  const clock = createManualClock(story.startsAt);
  const { seed, nodes, maxNodes, objects, databases, nodeSeconds } = story;
  const nodeDelay = nodeSeconds === undefined ? {} : { nodeDelay: nodeSeconds * 1_000 };
  const given = { clock, seed, nodes, maxNodes, objects, databases, ...nodeDelay };
  const cluster = await startSimulatedCluster({ ...given, stepped: true });
  cluster.postpone(late * minuteMs);
  const stop = new AbortController();
  const told = postpone(story, late);
  const quiet = told.events.filter(({ kind }) => kind !== "alert");
  const github = { push: () => Promise.resolve(undefined as never) };
  const alerts = { url: "", secret: "" };
  const playing = playEvents({ story: { ...told, events: quiet }, clock, cluster, github, alerts, tell: () => {} }, stop.signal);
  const preempted: string[] = [];
  cluster.store.onChange(({ type, resource, object }) => {
    const { reason, involvedObject } = object as unknown as { reason?: string; involvedObject?: { name: string } };
    if (resource === "v1/events" && type === "ADDED" && reason === "Preempted") preempted.push(involvedObject?.name ?? "");
  });
  return {
    cluster,
    preempted,
    /** Lives until that minute, and looks. */
    async at(minute: number): Promise<Sample> {
      while (clock.now() < story.startsAt + minute * minuteMs) {
        await clock.advance(Math.min(15_000, story.startsAt + minute * minuteMs - clock.now()));
        cluster.step(clock.now());
      }
      return await takeSample(cluster, story.service, clock.now());
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await clock.advance(0);
      await playing;
      await cluster[Symbol.asyncDispose]();
    },
  };
}

async function play(name: StoryName, seed: number) {
  const story = tellStory(name, seed);
  const world = await playWorld(story);
  return { story, world, calm: await world.at(5) };
}

const cost = ({ cpuCores, requestsPerSecond }: Sample) => cpuCores / requestsPerSecond;

describe.each(seeds)("the worlds of seed %i", (seed) => {
  it("slow-leak: dearer by hours, climbing at the end, and no rollout since brought it back", async () => {
    const { story, world, calm } = await play("slow-leak", seed);
    await using playing = world;

    expect(cost(calm) / 0.01).toBeGreaterThan(1.1);
    expect(cost(calm) / 0.01).toBeLessThan(1.3);
    const told = await playing.at(story.truth.from + 10);
    expect(told.desired / calm.desired).toBeLessThan(2);
    const high = await playing.at(story.truth.from + 34);
    expect(high.desired / calm.desired).toBeGreaterThan(3);
    expect(high.requestsPerSecond / calm.requestsPerSecond).toBeLessThan(1.1);
    const rollouts = story.past.filter(({ workload }) => workload === story.service.name);
    const leaking = rollouts.filter(({ template }) => template["load/cost-collapses-at"] !== undefined);
    expect([rollouts.length, leaking.length]).toEqual([6, 4]);
    expect((story.startsAt + (story.truth.from + 20) * minuteMs - leaking[0]!.at) / 3_600_000).toBeGreaterThan(33);
  });

  it("no-deploy: replicas climb, and all is well again without anybody's doing", async () => {
    const { story, world, calm } = await play("no-deploy", seed);
    await using playing = world;

    const high = await playing.at(story.truth.from + 14);
    expect(high.desired / calm.desired).toBeGreaterThan(1.9);
    expect(high.latencySeconds / calm.latencySeconds).toBeGreaterThan(2.5);
    expect(cost(high) / cost(calm)).toBeLessThan(1.2);
    expect(high.requestsPerSecond / calm.requestsPerSecond > 1.8).toBe(seed % 2 === 1);
    const after = await playing.at(60);
    expect(after.desired / calm.desired).toBeLessThan(1.3);
    expect(after.latencySeconds / calm.latencySeconds).toBeLessThan(1.5);
    const [last] = story.past.filter(({ workload }) => workload === story.service.name).toSorted((a, b) => b.at - a.at);
    expect(story.startsAt - last!.at).toBeGreaterThan(3_600_000);
    expect(story.events.some((event) => event.kind === "rollout" && event.workload === story.service.name)).toBe(false);
  });

  it("priority-cascade: its pods are preempted, it climbs, and taking the class back is what helps", async () => {
    const { story, world, calm } = await play("priority-cascade", seed);
    await using playing = world;

    const before = await playing.at(14.5);
    expect(before.desired / calm.desired).toBeLessThan(1.2);
    // The others' rollouts take a place or two as well.
    expect(playing.preempted.length).toBeLessThan(5);
    const high = await playing.at(25);
    expect(playing.preempted.filter((pod) => pod.startsWith(`${story.service.name}-`)).length).toBeGreaterThanOrEqual(15);
    expect(high.desired / calm.desired).toBeGreaterThan(2.2);
    expect(high.latencySeconds / calm.latencySeconds).toBeGreaterThan(20);
    takeBack(story, playing.cluster);
    const after = await playing.at(50);
    expect(after.desired / calm.desired).toBeLessThan(1.25);
    expect(after.latencySeconds / calm.latencySeconds).toBeLessThan(1.5);
    expect(after.complete).toBe(true);
  });

  it("ceiling-hit: the count stands at its ceiling, and people wait", async () => {
    const { story, world, calm } = await play("ceiling-hit", seed);
    await using playing = world;
    if (story.truth.kind !== "culprit" || !story.truth.ceiling) throw new Error("no ceiling");

    const high = await playing.at(story.truth.from + 20);
    expect(high.desired).toBe(story.truth.ceiling);
    expect(high.desired / calm.desired).toBeLessThan(2);
    expect(high.wanted / high.desired).toBeGreaterThan(2.5);
    expect(high.latencySeconds / calm.latencySeconds).toBeGreaterThan(5);
  });
});

describe("a postponed world", () => {
  it("climbs as much later as it was postponed, though the past is where it was", async () => {
    const story = tellStory("slow-leak", 3);
    await using punctual = await playWorld(story);
    await using late = await playWorld(story, 6);
    const minute = story.truth.from + 20;

    const [onTime, early, then] = [await punctual.at(minute), await late.at(minute), await late.at(minute + 6)];

    expect(cost(onTime)).toBeGreaterThan(cost(early) * 1.2);
    expect(cost(then) / cost(onTime)).toBeCloseTo(1, 1);
  });
});
