import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { channel } from "#sim/demo/cast.ts";
import { namespace, shopObjects } from "./small-shop.ts";
import { startWorld, type World } from "./world.ts";

// A whole program starts in 3 s of CPU; a busy machine makes that 20 s of the wall.
vi.setConfig({ testTimeout: 300_000 });

let world: World;
beforeAll(async () => {
  // Nothing but people sets its size.
  world = await startWorld({ objects: shopObjects("it").filter(({ kind }) => kind !== "HorizontalPodAutoscaler") });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const within = { timeout: 120_000, interval: 250 };
const user = "U0ONCALL";

/** Types the command until the answer, which may be for the person alone, holds what is waited for. */
async function ask(text: string, answer: RegExp): Promise<string> {
  const said = () => JSON.stringify(world.slack.messages(channel).at(-1)?.versions.at(-1) ?? "");
  await expect.poll(async () => (await world.slack.slashCommand({ user, command: "/k8s-why", text, channel }), said()), within).toMatch(answer); // prettier-ignore
  return said();
}

function scale(replicas: number): void {
  world.cluster.apply({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "it", namespace }, spec: { replicas } });
}

it("a rise that somebody announced is no alarm; what goes beyond it is", async () => {
  await ask("expect it x4 for 8h", /expects up to 4 times the usual until/);
  const key = `test/${namespace}/it`;
  await expect.poll(async () => (await world.store.expectations("test")).map(({ workload }) => workload), within).toEqual([key]); // prettier-ignore

  // The agent reads what is expected after each write of what it sees: what it sees next it sees with that in mind.
  for (const replicas of [13, 14]) {
    scale(replicas);
    await ask("it", new RegExp(`runs ${replicas} replicas`));
  }

  scale(36);
  expect(await ask("it", /runs 36 replicas/)).toContain("expects up to 4 times the usual");
  expect(world.headlines()).toEqual([]);

  scale(60);
  await expect.poll(() => world.headlines().length, within).toBe(1);
  expect(JSON.stringify(world.headlines()[0]?.versions[0])).toContain("60");
});

it("what happened, changed, can be done and may be pressed is looked up in the whole program", async () => {
  expect(await ask("timeline it", /What happened/)).toMatch(/Scaled from 36 to 60[^]*60 replicas/);
  expect(await ask("changes", /changes since/)).toMatch(/shop\/it: Scaled from 36 to 60/);
  expect(await ask("nodes", /has [\d,]+ nodes?/)).toContain("Pods that wait for a node");
  expect(await ask("plan", /The plan for shop\/it/)).toContain("Set the count");
  expect(await ask("whoami", /Now, for shop\/it/)).toMatch(/:(un)?lock: /);
  expect(await ask("incidents all", /1 incident/)).toContain("shop/it");
  const headline = world.headlines()[0]?.ts ?? "";
  const question = { user, channel, text: `<@${world.slack.botUser}> why is it so big?`, threadTs: headline };
  const { ts: asked } = (await world.slack.say(question)).message;
  const replies = () => world.slack.messages(channel).filter(({ threadTs, ts }) => threadTs === headline && ts > asked);
  await expect.poll(() => JSON.stringify(replies().map(({ versions }) => versions.at(-1))), within).toContain("*shop/it*");
});
