import { describe, expect, it } from "vitest";
import { createRepository } from "#sim/github/repository.ts";
import type { Commit } from "#sim/github/types.ts";
import { postpone } from "#sim/scenarios/postpone.ts";
import { tellStory } from "#sim/scenarios/catalog.ts";
import { storyNames, type RolloutEvent, type Story } from "#sim/scenarios/story.ts";

const seeds = Array.from({ length: 20 }, (_, index) => index + 1);
const hourMs = 3_600_000;

/** First parents only: what arrived on the branch. */
function landingsOf(story: Story): Commit[] {
  const repository = createRepository(story.repository);
  const bySha = new Map(story.repository.commits.map((commit) => [commit.sha, commit]));
  const line: Commit[] = [];
  for (let commit: Commit | undefined = repository.head(); commit; commit = bySha.get(commit.parents[0] ?? "")) line.push(commit);
  return line.reverse();
}

function rolloutsOfService(story: Story): RolloutEvent[] {
  return story.events.filter((event): event is RolloutEvent => event.kind === "rollout" && event.workload === story.service.name);
}

function landed(story: Story, sha: string): Commit | undefined {
  return story.events.flatMap((event) => (event.kind === "landing" ? event.commits : [])).find((commit) => commit.sha === sha);
}

describe.each(storyNames)("the story %s", (name) => {
  it("is the same for the same seed and another for another", () => {
    expect(tellStory(name, 3)).toEqual(tellStory(name, 3));
    expect(tellStory(name, 3).repository.commits[9]).not.toEqual(tellStory(name, 4).repository.commits[9]);
  });

  it.each(seeds)("has a busy repository before it, seed %i", (seed) => {
    const story = tellStory(name, seed);
    const recent = landingsOf(story).filter((commit) => commit.at >= story.startsAt - 72 * hourMs);
    const touching = recent.filter((commit) => commit.files.some((file) => file.path.startsWith(`${story.service.directory}/`)));

    expect(recent.length).toBeGreaterThanOrEqual(200);
    expect(new Set(recent.map((commit) => commit.author.login)).size).toBeGreaterThanOrEqual(40);
    expect(touching.length).toBeGreaterThanOrEqual(5);
    expect(story.repository.commits.every((commit) => commit.at <= story.startsAt)).toBe(true);
  });

  it.each(seeds)("sets no replica and no node count, and keeps time, seed %i", (seed) => {
    const story = tellStory(name, seed);

    expect(JSON.stringify(story.events)).not.toMatch(/"(replicas|maxReplicas|nodes)"/);
    expect(story.events.map((event) => event.at)).toEqual(story.events.map((event) => event.at).toSorted((a, b) => a - b));
    expect(story.events.every((event) => event.at > 0 && event.at < story.minutes)).toBe(true);
  });

  it.each(seeds)("rolls out only what has landed, seed %i", (seed) => {
    const story = tellStory(name, seed);
    const known = new Map(story.repository.commits.map((commit) => [commit.sha, 0]));
    for (const event of story.events)
      if (event.kind === "landing") for (const commit of event.commits) known.set(commit.sha, event.at);
    const rollouts = story.events.filter((event) => event.kind === "rollout");

    expect(rollouts.filter((rollout) => (known.get(rollout.sha) ?? Infinity) >= rollout.at)).toEqual([]);
    for (const rollout of story.past) expect(known.has(rollout.sha)).toBe(true);
    expect(story.past.filter((rollout) => rollout.workload === story.service.name).length).toBeGreaterThanOrEqual(4);
  });

  it.each(seeds)("fills most of ten nodes beforehand, seed %i", (seed) => {
    const pods = tellStory(name, seed)
      .objects.filter(({ kind }) => kind === "Deployment")
      .map(({ spec }) => Number(spec?.["replicas"]));
    const total = pods.reduce((sum, count) => sum + count, 0);

    expect(total).toBeGreaterThanOrEqual(180);
    expect(total).toBeLessThanOrEqual(195);
  });
});

describe("the culprit", () => {
  it.each(seeds)("comes with schema files, rolls out, and is carried on by a harmless rollout, seed %i", (seed) => {
    const story = tellStory("runaway-commit", seed);
    if (story.truth.kind !== "culprit") throw new Error("no culprit");
    const culprit = landed(story, story.truth.sha)!;
    const [bad, harmless] = rolloutsOfService(story);

    expect(culprit.files.filter((file) => file.path.includes(`${story.service.directory}/db/migrations/`))).toHaveLength(2);
    expect(culprit.files[0]!.patch).toMatch(/^@@[^]*\n\+ .*for \(const|^@@[^]*\n\+ .*filter\(/);
    expect(bad).toMatchObject({ sha: culprit.sha, at: story.truth.from, migrates: { version: 2 } });
    expect(harmless!.sha).not.toBe(culprit.sha);
    expect(harmless!.at - bad!.at).toBeGreaterThan(1.5);
    expect(harmless!.template["load/cost-growth-since"]).toBe(bad!.template["load/cost-growth-since"]);
  });

  it("has the original's title on seed 1", () => {
    const story = tellStory("runaway-commit", 1);
    if (story.truth.kind !== "culprit") throw new Error("no culprit");

    expect(landed(story, story.truth.sha)!.message).toMatch(
      /^feat: change data structure for the new feature\|requires migrations/m,
    );
    expect([story.service.namespace, story.service.name, story.repository.fullName]).toEqual([
      "shop",
      "checkout",
      "acme/monorepo",
    ]);
  });

  it.each(seeds)("is not the last to be rolled out among two suspects of the same service, seed %i", (seed) => {
    const story = tellStory("two-suspects", seed);
    if (story.truth.kind !== "culprit") throw new Error("no culprit");
    const [guilty, innocent] = rolloutsOfService(story);

    expect(guilty!.sha).toBe(story.truth.sha);
    expect(landed(story, innocent!.sha)!.files.some((file) => file.path.startsWith(story.service.directory))).toBe(true);
  });
});

describe("a postponed story", () => {
  it("tells the same later, and cost grows from the later rollout on", () => {
    const story = tellStory("runaway-commit", 5);
    const later = postpone(story, 3);
    const [bad] = rolloutsOfService(later);

    expect(later.events.map(({ at }) => at - 3)).toEqual(story.events.map(({ at }) => expect.closeTo(at, 6)));
    expect(later.truth.from).toBeCloseTo(story.truth.from + 3);
    expect(Date.parse(bad!.template["load/cost-growth-since"]!)).toBe(story.startsAt + bad!.at * 60_000);
    expect(story.startsAt).toBe(later.startsAt);
  });
});

describe("the surge", () => {
  it.each(seeds)("rises about fourfold in 10 to 20 minutes and ends where it began, seed %i", (seed) => {
    const story = tellStory("traffic-surge", seed);
    const traffic = story.events.filter((event) => event.kind === "traffic");
    const most = Math.max(...traffic.map((event) => event.requestsPerSecond));
    const first = traffic[0]!;

    expect(most / first.requestsPerSecond).toBeGreaterThan(3.5);
    expect(traffic.find((event) => event.requestsPerSecond === most)!.at - first.at).toBeGreaterThanOrEqual(9.9);
    expect(traffic.at(-1)!.requestsPerSecond).toBe(first.requestsPerSecond);
    expect(rolloutsOfService(story)[0]!.at).toBeLessThan(first.at);
  });
});
