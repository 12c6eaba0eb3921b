import { CHANNEL, NINA, startStage } from "#test/bot/bot-app.ts";
import { MINUTE, NOON, SECOND, aDiagnosis, anIncident } from "#test/builders.ts";
import { expect, test, vi } from "vitest";
import { connectStore } from "#store/store.ts";
import { createClock } from "#lib/clock.ts";
import { createEnqueue, runJob } from "#app/jobs.ts";
import { createQueues } from "#store/queues.ts";
import { createTell } from "#workflow/tell.ts";
import { createTelling } from "#app/telling.ts";
import { fileSchema } from "#app/config/file.ts";
import { silentLog } from "#lib/log.ts";
import { tellSettingsOf } from "#app/config/tell.ts";

const channels = Array.from({ length: 10 }, (_, index) => ({ id: `C0TEAM${index}`, name: `team-${index}` }));
const routes = channels.map(({ id }, index) => ({ name: id, namespaces: [`team-${index}`], channel: id, onCall: ["S0OPS"] }));
/** The clock runs so many times as fast as the wall. */
const rate = 4;

/** Redis, BullMQ, Slack over HTTP and the outbox, as one program has them. */
async function startProgram() {
  await using stack = new AsyncDisposableStack();
  const clock = createClock(`${Date.now()},${NOON},${rate}`);
  const file = fileSchema.parse({ cluster: "prod", slack: { channel: CHANNEL, routes } });
  const settings = tellSettingsOf(file.slack);
  const stage = stack.use(
    await startStage(
      (store) => ({
        now: clock.now,
        tell: (people) =>
          createTell({ verbs: { ...store, owners: async () => [], onCall: async () => [] }, settings, people, log: silentLog }),
      }),
      { channels, userGroups: [{ id: "S0OPS", handle: "ops", name: "Ops", users: [NINA.id] }] },
    ),
  );
  const store = stack.use(connectStore({ url: stage.redis.url, now: clock.now, log: silentLog }));
  const queues = stack.use(createQueues({ url: stage.redis.url, clock, log: silentLog }));
  const enqueue = createEnqueue(queues, "prod");
  const table = createTelling({ store, enqueue, file, clock, log: silentLog }, stage.bot);
  stack.use(queues.startWorker("slack", 8, (job) => runJob(table, job)));
  const all = stack.move();
  return { clock, stage, store, enqueue, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

test("200 incidents in a minute over 10 channels are one message a channel, and one call, through a Slack that falters", async () => {
  await using program = await startProgram();
  const { clock, stage, store, enqueue } = program;
  const began = clock.now();
  stage.slack.inject({ kind: "rate-limit", channel: "C0TEAM3", method: "chat.postMessage", retryAfterSeconds: 1, times: 2 });
  stage.slack.inject({ kind: "server-error", method: "chat.postMessage", every: 3, afterEffect: true });
  stage.slack.inject({ kind: "server-error", method: "chat.update", every: 7, afterEffect: false });
  stage.slack.inject({ kind: "rate-limit", method: "chat.update", every: 19, retryAfterSeconds: 1 });
  const open = async (team: number, round: number) => {
    const name = `service-${round}`;
    const id = `inc-${team}-${name}`;
    const workload = { cluster: "prod", namespace: `team-${team}`, kind: "Deployment" as const, name };
    const key = `prod/team-${team}/${name}`;
    await store.openIncident(anIncident({ id, key, workload, openedAt: clock.now(), diagnosis: aDiagnosis(), plan: [] }));
    await enqueue("announce", { incidentId: id }, { id: `announce/${id}`, coalesce: true });
  };
  for (let round = 0; round < 20; round += 1) {
    await clock.sleep(Math.max(0, began + (round * MINUTE) / 20 - clock.now()));
    await Promise.all(channels.map((_, team) => open(team, round)));
  }
  const told = (channel: string) => stage.slack.messages(channel).filter(({ threadTs }) => threadTs === undefined);
  const tableOf = (channel: string) =>
    JSON.stringify(told(channel)[0]?.versions.at(-1)?.blocks).match(/team-\d\/service-\d+/g)?.length;
  const inTables = () => expect(channels.map(({ id }) => tableOf(id))).toEqual(channels.map(() => 20));
  await vi.waitFor(inTables, { timeout: 60_000, interval: 50 });
  // Each would have had its own message by now, were it not one of a storm.
  await clock.sleep(25 * SECOND);
  await stage.quiet();
  expect(channels.map(({ id }) => told(id).length)).toEqual(channels.map(() => 1));
  const posted = channels.map(({ id }) => JSON.stringify(told(id)[0]?.versions[0]?.blocks));
  expect(posted.map((text) => text.split("<!subteam^S0OPS>").length - 1)).toEqual(channels.map(() => 1));
  const answers = stage.slack.requests.filter(({ method }) => method === "chat.postMessage").map(({ status }) => status);
  expect(new Set(answers)).toEqual(new Set([200, 429, 500]));
}, 200_000);
