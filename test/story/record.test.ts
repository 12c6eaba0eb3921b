import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { channel } from "#sim/demo/cast.ts";
import { landingOf } from "./small-shop.ts";
import type { Live } from "#test/actions/harness.ts";
import { startWorld, type World } from "./world.ts";
import { why } from "#test/cli/why.ts";

vi.setConfig({ testTimeout: 300_000 });
const soon = { timeout: 90_000, interval: 50 };
const person = "U0ONCALL";

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
const ready = async () => (await (await fetch(`${world.program.url}/readyz`)).text()).trim();
const records = async () => (await world.store.auditNewest(500)).toReversed();
const of = async (what: string, stepId: string) =>
  (await records()).filter((record) => record.what === what && record.stepId === stepId);
const verify = (...argv: string[]) => why(["audit", "verify", ...argv], { REDIS_URL: world.redis.url });
const kept = () => {
  const held: Live = world.cluster.store.get("v1/configmaps", "k8s-why", "k8s-why-audit-head");
  return String(held?.data?.head);
};

/** Presses the step's button, reads, and submits. */
async function approve(step: string): Promise<void> {
  const ts = world.headlines()[0]?.ts ?? "";
  expect((await world.slack.pressButton({ user: person, message: { channel, ts }, actionId: `step:${step}` })).ok).toBe(true);
  const modal = () => world.slack.views.at(-1);
  await expect.poll(() => modal()?.view["submit"], soon).toBeDefined();
  await world.slack.submitView({ user: person, view: modal()?.id ?? "" });
}

it("has every part of a rescue once, although Redis dies after the yes; its head is kept in the cluster; what is taken out is noticed", async () => {
  await world.rollOut(dear);
  await expect.poll(() => JSON.stringify(world.headlines()[0]?.versions.at(-1)?.blocks ?? []), soon).toContain("step:cap");
  await approve("cap");
  await world.redis.stop();
  await expect.poll(ready, soon).toContain("Redis does not answer.");
  await world.redis.start();

  await expect.poll(async () => (await of("done", "cap")).length, soon).toBe(1);
  const [proposed, previewed, approved, done] = await Promise.all(
    ["proposed", "previewed", "approved", "done"].map((what) => of(what, "cap")),
  );
  expect(proposed).toMatchObject([{ by: "k8s-why", on: expect.stringMatching(/\/it$/) }]);
  expect(previewed).toMatchObject([{ by: person, calls: [{ method: "PATCH", status: 200, dryRun: true }] }]);
  expect(approved).toMatchObject([{ by: person, text: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  expect(done).toMatchObject([{ by: person }]);
  expect(done?.[0]?.calls ?? []).toContainEqual(expect.objectContaining({ method: "PATCH", status: 200, dryRun: false }));

  const seqOf = (head: string) => Number(head.split(":")[0]);
  await expect.poll(() => seqOf(kept()), soon).toBeGreaterThanOrEqual(done?.[0]?.seq ?? 0);
  const head = kept();
  expect(await verify("--head", head)).toMatchObject({ code: 0, out: expect.stringMatching(/^Whole: /) });
  await expect.poll(ready, soon).toBe("ready");

  const redis = new Redis(world.redis.url.slice("unix://".length));
  const end = (await redis.xrange("{k8s-why}:audit", `${seqOf(head)}-0`, "+")).map(([at]) => at);
  await redis.xdel("{k8s-why}:audit", "2-0", ...end);
  redis.disconnect();
  await expect.poll(ready, soon).toMatch(/The audit stream was changed, or lost records: record \d+/);
  expect(end).toContain(`${seqOf(kept())}-0`);
  expect(await verify()).toMatchObject({ code: 1, out: "Broken: record 2 is missing: where it should be, 3 stands.\n" });
  expect(world.program.crashed()).toBeUndefined();
});
