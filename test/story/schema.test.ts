import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { castOf, channel } from "#sim/demo/cast.ts";
import { findHeadlines, readHeadline } from "#sim/demo/headline.ts";
import { startOnCall } from "#sim/demo/on-call.ts";
import { runDownMigration } from "#sim/demo/play.ts";
import { playEvents } from "#sim/demo/player.ts";
import { startRedis, type DemoRedis } from "#sim/demo/redis.ts";
import { startSet, type StorySet } from "#sim/demo/set.ts";
import { tellStory } from "#sim/scenarios/catalog.ts";
import type { CulpritTruth } from "#sim/scenarios/story.ts";
import type { KubeObject } from "#sim/cluster/types.ts";

const patient = { timeout: 240_000, interval: 250 };

let redis: DemoRedis;
beforeAll(async () => {
  redis = await startRedis({ PATH: process.env["PATH"] });
});
afterAll(() => redis[Symbol.asyncDispose]());

/** A runaway whose commit moved the schema, with the on-call's presses; `migrate` is what they do when a modal asks for it by hand. */
async function play(migrate: (set: StorySet) => void) {
  await using stack = new AsyncDisposableStack();
  const set = stack.use(await startSet(tellStory("runaway-commit", 1), redis, 60));
  const { story, slack, clock } = set;
  const stop = new AbortController();
  const { onCall, second } = castOf(story);
  const people = startOnCall(
    {
      slack,
      clock,
      channel,
      user: onCall.id,
      second: second.id,
      seed: 1,
      about: story.service,
      tell: () => {},
      runDownMigration: () => migrate(set),
    },
    stop.signal,
  );
  const player = playEvents({ ...set, tell: () => {} }, stop.signal);
  stack.defer(async () => {
    stop.abort();
    await Promise.allSettled([people.done, player]);
    await redis.clear();
  });
  const all = stack.move();
  const { schema } = story.truth as CulpritTruth;
  if (!schema) throw new Error("This story should move a schema");
  const service = () => set.cluster.store.get("apps/v1/deployments", story.service.namespace, story.service.name) as Live;
  const newest = () => findHeadlines(slack.messages(channel), story.service).at(-1)?.versions.at(-1) ?? { blocks: [] };
  return {
    set,
    schema,
    service,
    headline: () => readHeadline(newest()),
    says: () => JSON.stringify(newest().blocks),
    thread: () => slack.messages(channel).map(({ versions }) => JSON.stringify(versions.at(-1)?.blocks ?? [])),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

type Live = KubeObject<{ replicas: number }, { readyReplicas?: number; updatedReplicas?: number }>;

describe("code and schema go back together", { timeout: 600_000 }, () => {
  it("somebody says that the schema is back and it is not: the rollback waits for readiness, and is well once it is", async () => {
    await using story = await play(() => {});
    const { service } = story;
    await vi.waitUntil(() => story.thread().some((text) => text.includes("Roll back: done.")), patient);
    // The old code is not ready on the new schema, so the rollout stands, and the new code's pods stay.
    await vi.waitUntil(() => /Not yet: \d[\d,]* of \d[\d,]* replicas are/.test(story.says()), patient);
    const { spec, status } = service();
    expect(status?.updatedReplicas ?? 0).toBeGreaterThan(0);
    expect(status?.readyReplicas ?? 0).toBeLessThan(spec?.replicas ?? 0);
    expect(["Recovered", "Settled"]).not.toContain(story.headline().state);

    runDownMigration(story.set, { say: () => {} });

    await vi.waitUntil(() => ["Recovered", "Settled"].includes(story.headline().state ?? ""), patient);
    expect(service().status?.readyReplicas).toBe(service().spec?.replicas);
  });

  it("the owner's suspended CronJob takes it back, told which files, and the rollback goes through", async () => {
    let byHand = 0;
    await using story = await play(() => (byHand += 1));
    const { set, schema } = story;
    const { namespace, name } = set.story.service;
    const annotations = { "load/sets-schema": `${schema.database}=${schema.before}` };
    const containers = [{ name: "down", image: "registry.example/down:1" }];
    const template = { metadata: { annotations }, spec: { restartPolicy: "Never", containers } };
    const spec = { schedule: "0 0 1 1 *", suspend: true, jobTemplate: { spec: { template } } };
    set.cluster.apply({ apiVersion: "batch/v1", kind: "CronJob", metadata: { name: "down", namespace }, spec });
    set.cluster.apply({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace, annotations: { "k8s-why.dev/down-migration": "down" } },
    });

    await vi.waitUntil(() => ["Recovered", "Settled"].includes(story.headline().state ?? ""), patient);

    const [job, ...others] = [...set.cluster.store.list("batch/v1/jobs", namespace)] as KubeObject<Job>[];
    expect(others).toEqual([]);
    expect(job?.spec?.template.spec.containers[0]?.env).toEqual([
      { name: "K8S_WHY_MIGRATIONS", value: expect.stringMatching(/migrations\//) },
    ]);
    expect(story.thread().some((text) => text.includes("has taken the schema back"))).toBe(true);
    // The rollback's own modal asks whether the schema is taken care of; nothing else was asked of a person.
    expect(byHand).toBeLessThanOrEqual(2);
  });
});

interface Job extends Record<string, unknown> {
  readonly template: { readonly spec: { readonly containers: readonly { readonly env?: readonly object[] }[] } };
}
