import { afterEach, describe, expect, test, vi } from "vitest";
import { NOON, aDiagnosis, aStep, anIncident } from "#test/builders.ts";
import { type Stage, quickPace, startStage } from "#test/bot/bot-app.ts";
import type { Message } from "#sim/slack/types.ts";
import type { OutboxMessage } from "#domain/ports/outbox.ts";
import type { Pace } from "#bot/outbox/pace.ts";
import { createAnnounce } from "#workflow/announce.ts";
import { createClock } from "#lib/clock.ts";
import { createEnqueue, runJob } from "#app/jobs.ts";
import { createQueues } from "#store/queues.ts";
import { silentLog } from "#lib/log.ts";

// 200 incidents within a minute over ten channels, twenty times as fast: a post in 50 ms a channel instead of one a second.
const pace: Pace = { ...quickPace, postEveryMs: 50, editEveryMs: 60, sameMessageMs: 75, sweepAfterMs: 500, holdMs: 5_000 };
const channels = Array.from({ length: 10 }, (_, index) => `C0LOAD${index}`);
const [slow = ""] = channels;
const ids = Array.from({ length: 200 }, (_, index) => `inc-load${index}`);
const channelOf = (about: string) => channels[Number(about.replace(/\D/g, "")) % channels.length] ?? "";
const patient = { timeout: 50_000, interval: 20 };

vi.setConfig({ testTimeout: 90_000 });
let closing: AsyncDisposableStack;
afterEach(() => closing.disposeAsync());

/** What was said, in the order of saying; each incident in its channel. */
async function startLoad(scopes?: readonly string[]) {
  closing = new AsyncDisposableStack();
  const said: OutboxMessage[] = [];
  const stage = closing.use(
    await startStage(
      (store) => ({
        pace,
        outbox: {
          ...store,
          say: (message) => {
            const routed = { ...message, channel: channelOf(message.about) };
            said.push(routed);
            return store.say(routed);
          },
        },
      }),
      { channels: channels.map((id) => ({ id, name: id.toLowerCase() })), ...(scopes ? { scopes } : {}) },
    ),
  );
  const queues = closing.use(createQueues({ url: stage.redis.url, clock: createClock(), log: silentLog }));
  const announce = createAnnounce({ verbs: { ...stage.store, ...stage.bot.slack }, now: () => NOON });
  closing.use(queues.startWorker("slack", 8, (job) => runJob({ announce: ({ incidentId }) => announce(incidentId) }, job)));
  const enqueue = createEnqueue(queues, "prod");
  const tell = (incidentId: string) => enqueue("announce", { incidentId }, { id: `announce/${incidentId}`, coalesce: true });
  return { stage, said, tell };
}

/** Opens all, and changes each twice while they are told. */
async function storm({ stage, tell }: Awaited<ReturnType<typeof startLoad>>): Promise<void> {
  await vi.waitFor(() => tell("nobody"), patient);
  for (const [index, id] of ids.entries()) {
    await stage.store.openIncident(anIncident({ id, key: `prod/shop/web-${index}`, diagnosis: aDiagnosis(), plan: [aStep()] }));
    await tell(id);
  }
  for (const desired of [120, 300])
    for (const id of ids) {
      await stage.store.updateIncident(id, (incident) => ({ ...incident, now: { ...incident.now, desired } }));
      await tell(id);
    }
}

const keyOf = (message: Message) => {
  const payload = (message.versions[0]?.metadata?.event_payload ?? {}) as { incident?: string; part?: string };
  return `${payload.incident}|${payload.part}`;
};
const seen = (stage: Stage, channel: string) => stage.slack.messages(channel);
const headlines = (stage: Stage, channel: string) => seen(stage, channel).filter(({ threadTs }) => threadTs === undefined);
const isTold = (stage: Stage, channel: string) => {
  const current = headlines(stage, channel).filter(({ versions }) =>
    JSON.stringify(versions.at(-1)?.blocks).includes("300 replicas"),
  );
  return current.length === ids.length / channels.length;
};
const untilTold = (stage: Stage, which: readonly string[]) =>
  vi.waitFor(() => expect(which.filter((channel) => !isTold(stage, channel))).toEqual([]), patient);

/** First mentions of new messages in the channel, in the order of saying. */
function orderSaid(said: readonly OutboxMessage[], channel: string): string[] {
  const keys = said
    .filter((message) => message.channel === channel && message.thread === undefined)
    .map(({ about }) => `${about}|headline`);
  return [...new Set(keys)];
}

/** Each message that was said in the channel. */
function keysSaid(said: readonly OutboxMessage[], channel: string): string[] {
  return [...new Set(said.filter((message) => message.channel === channel).map(({ about, part }) => `${about}|${part}`))];
}

/** No more calls than the pace allows, in any stretch of time: a burst, and then one after the other. */
function expectPaced(stage: Stage, method: string, everyMs: number, burst: number): void {
  for (const channel of channels) {
    const at = stage.slack.requests.filter((one) => one.method === method && one.channel === channel).map((one) => one.at);
    for (let first = 0; first + burst < at.length; first += 1) {
      const last = first + burst;
      expect((at[last] ?? 0) - (at[first] ?? 0)).toBeGreaterThanOrEqual(everyMs - 1);
    }
  }
}

describe("200 incidents in a minute over ten channels, through a Slack that falters", () => {
  test("with history: each is told, once, in order, at Slack's pace, and no lane waits for another", async () => {
    const load = await startLoad();
    const { stage, said } = load;
    const blocked = stage.slack.inject({ kind: "rate-limit", channel: slow, retryAfterSeconds: 1 });
    for (const method of ["chat.postMessage", "chat.update"]) {
      stage.slack.inject({ kind: "server-error", method, every: 11, afterEffect: true });
      stage.slack.inject({ kind: "server-error", method, every: 17, afterEffect: false });
      stage.slack.inject({ kind: "rate-limit", method, every: 97, retryAfterSeconds: 1 });
    }
    await storm(load);
    // All others are told while one is told to wait.
    await untilTold(stage, channels.slice(1));
    expect(seen(stage, slow)).toEqual([]);
    blocked[Symbol.dispose]();
    await untilTold(stage, channels);
    await vi.waitFor(() => stage.quiet(), patient);

    for (const channel of channels) {
      expect(headlines(stage, channel).map(keyOf)).toEqual(orderSaid(said, channel));
      const keys = seen(stage, channel).map(keyOf);
      expect(keys.toSorted()).toEqual(keysSaid(said, channel).toSorted());
    }
    expectPaced(stage, "chat.postMessage", pace.postEveryMs, pace.postBurst);
    expectPaced(stage, "chat.update", pace.editEveryMs, pace.editBurst);
    const waits = stage.slack.requests.filter(
      ({ channel, method, status }) => channel === slow && method === "chat.postMessage" && status === 429,
    );
    for (const [index, { at }] of waits.slice(1).entries()) expect(at - (waits[index]?.at ?? 0)).toBeGreaterThanOrEqual(999);
  });

  test("without history: each is told, and only a post whose answer was lost is there twice", async () => {
    const load = await startLoad(["chat:write"]);
    const { stage, said } = load;
    stage.slack.inject({ kind: "server-error", method: "chat.postMessage", every: 11, afterEffect: true });
    stage.slack.inject({ kind: "rate-limit", method: "chat.postMessage", every: 29, retryAfterSeconds: 1 });
    await storm(load);
    await untilTold(stage, channels);
    await vi.waitFor(() => stage.quiet(), patient);

    const all = channels.flatMap((channel) => seen(stage, channel).map(keyOf));
    const lost = stage.slack.requests.filter(({ method, status }) => method === "chat.postMessage" && status === 500).length;
    expect(lost).toBeGreaterThan(10);
    const each = channels.flatMap((channel) => keysSaid(said, channel));
    expect([...new Set(all)].toSorted()).toEqual(each.toSorted());
    expect(all).toHaveLength(each.length + lost);
    for (const channel of channels) expect([...new Set(headlines(stage, channel).map(keyOf))]).toEqual(orderSaid(said, channel));
    expect(stage.slack.requests.some(({ status }) => status === 429)).toBe(true);
  });
});
