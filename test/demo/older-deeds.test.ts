import { describe, expect, it } from "vitest";
import { tellStory } from "#sim/scenarios/catalog.ts";
import type { Manifest, PastRollout, Story } from "#sim/scenarios/story.ts";

const seeds = Array.from({ length: 20 }, (_, index) => index + 1);
const hourMs = 3_600_000;

function indexOf({ repository }: Story, sha: string): number {
  return repository.commits.findIndex((commit) => commit.sha === sha);
}

function rolloutsOfService(story: Story): PastRollout[] {
  return story.past.filter(({ workload }) => workload === story.service.name);
}

const createdAt = ({ metadata }: Manifest) => Date.parse(metadata.creationTimestamp ?? "");

describe("a leak of 35 hours", () => {
  it.each(seeds)("came with the third rollout of six, with others' landings around it, seed %i", (seed) => {
    const story = tellStory("slow-leak", seed);
    if (story.truth.kind !== "culprit") throw new Error("no culprit");
    const culprit = indexOf(story, story.truth.sha);
    const places = rolloutsOfService(story).map(({ sha }) => indexOf(story, sha));
    const [, before = 0, bad = 0, ...since] = places;

    expect(places).toHaveLength(6);
    expect([before < culprit, culprit <= bad]).toEqual([true, true]);
    expect(bad - before).toBeGreaterThanOrEqual(2);
    expect(since.toSorted((a, b) => a - b)).toEqual(since);
    expect(new Set(places).size).toBe(6);
    const climb = story.startsAt + story.truth.from * 60_000;
    expect((climb - rolloutsOfService(story)[2]!.at) / hourMs).toBeGreaterThan(33);
    expect((climb - rolloutsOfService(story)[2]!.at) / hourMs).toBeLessThan(37);
    expect(story.truth.bad).toContain(rolloutsOfService(story).at(-1)!.sha);
    expect(story.truth.bad).not.toContain(rolloutsOfService(story)[1]!.sha);
  });

  it.each(seeds)("says nothing of itself, and harmless landings of the same service lie between, seed %i", (seed) => {
    const story = tellStory("slow-leak", seed);
    if (story.truth.kind !== "culprit") throw new Error("no culprit");
    const culprit = indexOf(story, story.truth.sha);
    const { commits } = story.repository;
    const between = commits
      .slice(culprit + 1)
      .filter(({ files }) => files.some(({ path }) => path.startsWith(story.service.directory)));

    expect(commits[culprit]!.message).not.toMatch(/leak|slow|memory|cpu|cache/i);
    expect(commits[culprit]!.files.some(({ path }) => path.startsWith(`${story.service.directory}/src/`))).toBe(true);
    expect(between.length).toBeGreaterThanOrEqual(3);
    expect(story.author?.login).toBe(commits[culprit]!.author.login);
  });
});

describe("an older change of configuration", () => {
  it.each(seeds)("landed, was applied hours ago, and gave the job a class with the image it had, seed %i", (seed) => {
    const story = tellStory("priority-cascade", seed);
    const { truth } = story;
    if (truth.kind !== "config") throw new Error("no configuration");
    const landing = story.repository.commits[indexOf(story, truth.sha)]!;
    const made = story.objects.find(({ kind, metadata }) => kind === truth.object.kind && metadata.name === truth.object.name)!;
    const [sets, deployments] = ["ReplicaSet", "Deployment"].map((wanted) =>
      story.objects.filter(
        (one) => one.kind === wanted && JSON.stringify(one.spec).includes(`"priorityClassName":"${truth.object.name}"`),
      ),
    );

    expect(landing.files.every(({ path }) => path.startsWith("infra/kubernetes/"))).toBe(true);
    expect(landing.files[0]!.patch).toContain(`name: ${truth.object.name}`);
    expect(landing.at).toBeLessThan(createdAt(made));
    expect((story.startsAt - createdAt(made)) / hourMs).toBeGreaterThan(2);
    expect([sets!.length, deployments!.length]).toEqual([1, 1]);
    expect(createdAt(sets![0]!)).toBe(createdAt(made));
    expect(deployments![0]!.metadata.name).not.toBe(story.service.name);
    expect(story.objects.indexOf(made)).toBeLessThan(story.objects.indexOf(deployments![0]!));
  });

  it.each(seeds)("is older than the service's own rollout, minutes before the job grows, seed %i", (seed) => {
    const story = tellStory("priority-cascade", seed);
    const own = story.events.filter((event) => event.kind === "rollout" && event.workload === story.service.name);

    expect(own).toHaveLength(1);
    expect(story.truth.from - own[0]!.at).toBeGreaterThan(2.5);
    expect(story.truth.from - own[0]!.at).toBeLessThan(6.5);
  });
});

describe("a near ceiling", () => {
  it.each(seeds)("is 1.3 to 1.6 times usual, seed %i", (seed) => {
    const story = tellStory("ceiling-hit", seed);
    const scaler = story.objects.find(
      ({ kind, metadata }) => kind === "HorizontalPodAutoscaler" && metadata.name === story.service.name,
    );
    const usual = story.objects.find(({ kind, metadata }) => kind === "Deployment" && metadata.name === story.service.name);
    const ratio = Number(scaler!.spec!["maxReplicas"]) / Number(usual!.spec!["replicas"]);

    expect(ratio).toBeGreaterThan(1.27);
    expect(ratio).toBeLessThan(1.63);
    expect(story.truth).toMatchObject({ kind: "culprit", ceiling: scaler!.spec!["maxReplicas"] });
  });
});
