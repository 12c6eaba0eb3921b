import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { channel } from "#sim/demo/cast.ts";
import { chain } from "#sim/github/commit.ts";
import { createRepository } from "#sim/github/repository.ts";
import { readHeadline } from "#sim/demo/headline.ts";
import { sign } from "#sim/github/hooks.ts";
import { textsOf } from "#test/bot/safe.ts";
import { toPushPayload } from "#sim/github/push.ts";
import { aCommit, landingOf, namespace, repository, repositoryName } from "./small-shop.ts";
import { secrets, startWorld, type World } from "./world.ts";

// A job whose worker lost Redis runs again when its lock is over: that alone takes up to 15 s of the wall.
vi.setConfig({ testTimeout: 300_000 });
const soon = { timeout: 90_000, interval: 50 };

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

const dear = landingOf({
  message: "feat: look twice",
  files: [{ path: "services/it/look.ts", status: "modified", additions: 9, deletions: 2 }],
});

const readiness = async () => {
  const response = await fetch(`${world.program.url}/readyz`);
  return { ready: response.ok, text: (await response.text()).trim() };
};
const untilReady = () => expect.poll(readiness, soon).toEqual({ ready: true, text: "ready" });
const untilAway = (who: RegExp) =>
  expect.poll(readiness, soon).toEqual({ ready: false, text: expect.stringMatching(who) as string });

const desired = () => Number(world.cluster.store.get("apps/v1/deployments", namespace, "it")?.spec?.["replicas"]);
const untilGrown = () => expect.poll(desired, soon).toBeGreaterThan(30);
const version = () => world.headlines()[0]?.versions.at(-1) ?? { blocks: [] };
const untilTold = () => expect.poll(() => readHeadline(version()).suspects[0]?.sha, soon).toBe(dear.sha);

/** Every part of an incident once. */
const expectNoRepeats = () => {
  const parts = world.slack.messages(channel).map(({ versions }) => JSON.stringify(versions[0]?.metadata));
  expect(parts).toEqual([...new Set(parts)]);
  expect(world.headlines()).toHaveLength(1);
};

describe("without Redis", () => {
  const commits = chain(
    "f".repeat(40),
    Array.from({ length: 60 }, (_, index) => aCommit({ message: `docs: ${index}` })),
  );
  /** GitHub itself does not know these: nobody can read them back. */
  const send = async (index: number) => {
    const { sha: before } = commits[index - 1] ?? { sha: "f".repeat(40) };
    const body = JSON.stringify(toPushPayload(createRepository(repository), before, commits.slice(index, index + 1), place));
    const headers = {
      "content-type": "application/json",
      "x-github-event": "push",
      "x-github-delivery": `outage-${index}`,
      "x-hub-signature-256": sign(secrets.webhook, body),
    };
    return (await fetch(`${world.program.url}/github/webhooks`, { method: "POST", headers, body })).status;
  };
  const place = { api: "http://github.example", html: "http://github.example" };
  const kept = async () =>
    (await world.store.changesBetween(0, world.clock.now())).flatMap((change) => (change.kind === "landing" ? [change.sha] : []));

  it("says so, refuses what it cannot keep, and keeps what it took", async () => {
    const taken: string[] = [];
    let killed: Promise<void> | undefined;
    for (const [index, { sha }] of commits.entries()) {
      if (index === 30) killed = world.redis.stop();
      const status = await send(index);
      expect([202, 503]).toContain(status);
      if (status === 202) taken.push(sha);
    }
    await killed;
    expect(taken.length).toBeGreaterThanOrEqual(30);
    expect(await send(59)).toBe(503);
    const alert = await fetch(`${world.program.url}/alerts/opsgenie?secret=${secrets.alerts}`, {
      method: "POST",
      body: JSON.stringify({ action: "Create", alert: { alertId: "1", message: "it is slow" } }),
    });
    expect(alert.status).toBe(503);
    await untilAway(/^Redis does not answer\.$/);

    await world.redis.start();
    await untilReady();
    expect(await send(59)).toBe(202);
    await expect.poll(kept, soon).toEqual(expect.arrayContaining([...taken, commits[59]?.sha]));
    expect(world.program.crashed()).toBeUndefined();
  });

  it("an incident that begins meanwhile is told afterwards, once", async () => {
    await world.github.push(repositoryName, [dear]);
    await expect.poll(kept, soon).toContain(dear.sha);
    await world.redis.stop();
    await untilAway(/Redis/);
    world.rollOutOnly(dear);
    await untilGrown();
    const answer = await world.slack.slashCommand({ user: "U0ONCALL", command: "/k8s-why" });
    expect(answer.ok).toBe(true);
    expect(world.headlines()).toEqual([]);

    await world.redis.start();
    await untilReady();
    await untilTold();
    expectNoRepeats();
    expect(world.program.crashed()).toBeUndefined();
  });
});

describe("without the API server", () => {
  it.each([
    ["answers 503", () => world.cluster.faults.unavailable(600_000, 1)],
    ["is silent", () => world.cluster.faults.stall(600_000)],
  ])("that %s: it says so, and tells what happened meanwhile", async (_, fail) => {
    fail();
    await untilAway(/API server/);
    await world.rollOut(dear);
    await untilGrown();
    expect(world.headlines()).toEqual([]);

    world.cluster.faults.heal();
    await untilReady();
    await untilTold();
    expectNoRepeats();
    expect(world.program.crashed()).toBeUndefined();
  });

  it("watches that end and history that is forgotten hide nothing", async () => {
    world.cluster.faults.closeWatches(true);
    world.cluster.faults.forgetHistory();
    await world.rollOut(dear);
    world.cluster.faults.closeWatches();
    world.cluster.faults.forgetHistory();
    await untilTold();
    expectNoRepeats();
    await untilReady();
    expect(world.program.crashed()).toBeUndefined();
  });
});

describe("without Prometheus", () => {
  it("says so, tells the incident without its signals, and adds them later", async () => {
    world.prometheus.shut();
    await untilAway(/^Prometheus does not answer\.$/);
    await world.rollOut(dear);
    await untilTold();
    expect(textsOf(version().blocks).join("\n")).not.toMatch(/Latency|CPU per request/);

    world.prometheus.open();
    await untilReady();
    await expect.poll(() => textsOf(version().blocks).join("\n"), soon).toMatch(/Latency/);
    expectNoRepeats();
  });
});

describe("with nobody there at the start", () => {
  it("says who is away, and goes on when they are back", async () => {
    await world.redis.stop();
    world.prometheus.shut();
    world.cluster.faults.unavailable(600_000, 1);
    const restarted = world.program.killAndRestart();
    const all = /^(?=.*^Redis does not answer\.$)(?=.*^Prometheus does not answer\.$)(?=.*^The API server is not ready)/ms;
    await untilAway(all);

    await world.redis.start();
    world.prometheus.open();
    world.cluster.faults.heal();
    await restarted;
    await world.rollOut(dear);
    await untilTold();
    expectNoRepeats();
    expect(world.program.crashed()).toBeUndefined();
  });
});

describe("with a Slack that falters", () => {
  it("posts each message once in the end", async () => {
    const fail = world.slack.inject;
    fail({ kind: "rate-limit", method: "chat.postMessage", retryAfterSeconds: 1, times: 1 });
    fail({ kind: "rate-limit", method: "chat.update", retryAfterSeconds: 1, times: 1 });
    await world.rollOut(dear);
    await expect.poll(() => world.slack.requests.some(({ status }) => status === 429), soon).toBe(true);
    // The first post arrives, and its answer says that it did not; so does the second's, and then the line breaks.
    fail({ kind: "server-error", method: "chat.postMessage", afterEffect: true, times: 1 });
    await untilTold();
    fail({ kind: "hang-up", method: "chat.postMessage", afterEffect: true, times: 1 });
    fail({ kind: "server-error", method: "chat.update", afterEffect: true, times: 1 });
    const edits = () => world.slack.requests.filter(({ method, status }) => method === "chat.update" && status === 200).length;
    await expect.poll(edits, soon).toBeGreaterThan(3);
    await expect.poll(() => world.slack.messages(channel).length, soon).toBeGreaterThan(1);
    expectNoRepeats();
    expect(world.program.crashed()).toBeUndefined();
  });
});
