import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DAY, NOON, aStep, anIncident } from "#test/builders.ts";
import { createClock } from "#lib/clock.ts";
import { runJob } from "#app/jobs.ts";
import { silentLog } from "#lib/log.ts";
import { createQueues } from "#store/queues.ts";
import { createShowPreview } from "#workflow/show-preview.ts";
import { type Desk, startDesk } from "./desk.ts";
import { inGroup, named } from "./who.ts";

const aWeekAgo = NOON - 7 * DAY;
const { spike } = anIncident();
const old = { openedAt: aWeekAgo, spike: { ...spike, startedAt: aWeekAgo, detectedAt: aWeekAgo } };

let stack: AsyncDisposableStack;
let desk: Desk;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  desk = stack.use(await startDesk());
  const queues = stack.use(createQueues({ url: desk.redis.url, clock: createClock(), log: silentLog }));
  const show = createShowPreview({ ...desk.store, ...desk.stage.bot.slack }, () => NOON);
  stack.use(
    queues.startWorker("slack", 1, (job) => (job.name === "show-preview" ? runJob({ "show-preview": show }, job) : ended)),
  );
});
afterAll(() => stack.disposeAsync());
const ended = Promise.resolve();

/** What was shown waits in Redis for ten minutes. */
async function forgetShown(): Promise<void> {
  const redis = new Redis({ path: desk.redis.url.slice("unix://".length) });
  const keys = await redis.keys("*:intent:*");
  expect(keys).toHaveLength(1);
  await redis.del(keys);
  redis.disconnect();
}

test("a press on a message of a week ago, whose incident is closed, says so and does nothing", async () => {
  await desk.reset({ ...old, status: "settled", settledAt: aWeekAgo + 1 });
  expect((await desk.press("cap", named)).said).toContain("This incident is closed");
  expect(desk.previews).toEqual([]);
  expect(await desk.acts()).toEqual([]);
});

test("a press on a message whose incident Redis has forgotten says so at once", async () => {
  await desk.reset(old);
  const redis = new Redis({ path: desk.redis.url.slice("unix://".length) });
  await redis.flushdb();
  redis.disconnect();
  const { view } = await desk.press("cap", named);
  await expect.poll(() => desk.read(view)).toContain("This incident is not known any more. Nothing was changed.");
  expect(desk.previews).toEqual([]);
});

test("a modal that was left open for a week approves nothing; the next press looks anew, and only at what is ready now", async () => {
  const waiting = aStep({ id: "drain", kind: "drain", state: "waiting", waitingFor: "recovery" });
  await desk.reset({ ...old, plan: [aStep(), waiting] });
  const { view } = await desk.press("cap", named);
  await desk.fill(view, "cap");
  await forgetShown();
  expect(await desk.submit(view, named)).toContain("What was shown is too old");
  expect(await desk.acts()).toEqual([]);
  expect((await desk.press("drain", named)).said).toContain("it waits for recovery");
  expect(await desk.go("cap", inGroup)).toContain("Approved.");
  expect(await desk.acts()).toMatchObject([{ by: inGroup, at: NOON }]);
});
