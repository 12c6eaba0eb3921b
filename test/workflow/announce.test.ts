import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CHANNEL, type Stage, startStage } from "#test/bot/bot-app.ts";
import { NOON, aDiagnosis, aStep, anIncident } from "#test/builders.ts";
import { type Store, connectStore } from "#store/store.ts";
import { type TestRedis, startRedis } from "#test/redis.ts";
import { createAnnounce } from "#workflow/announce.ts";
import { silentLog } from "#lib/log.ts";

describe("announce", () => {
  let redis: TestRedis;
  let stage: Stage;
  let store: Store;
  let serial = 0;
  let id = "";

  beforeAll(async () => {
    redis = await startRedis();
    stage = await startStage();
    store = connectStore({ url: redis.url, now: () => NOON, log: silentLog });
  });
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    await stage[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    id = `inc-announce${++serial}`;
    await store.openIncident(anIncident({ id, key: `prod/shop/web-${serial}`, diagnosis: aDiagnosis(), plan: [aStep()] }));
  });

  const announceWith = (over: object = {}) =>
    createAnnounce({ verbs: { ...store, ...stage.bot.slack, ...over }, now: () => NOON, pause: async () => {} });
  const posted = () =>
    stage.slack
      .messages(CHANNEL)
      .filter((message) => JSON.stringify(message.versions.at(-1)?.metadata ?? {}).includes(`"${id}"`));
  const headlines = () => posted().filter((message) => !message.threadTs);

  test("posts one headline and a timeline in its thread, and edits them from then on", async () => {
    const announce = announceWith();
    await announce(id);
    await store.updateIncident(id, (incident) => ({ ...incident, now: { ...incident.now, desired: 120 } }));
    await announce(id);
    expect(posted()).toHaveLength(2);
    expect(headlines()).toHaveLength(1);
    expect(headlines()[0]?.versions).toHaveLength(2);
    expect(JSON.stringify(headlines()[0]?.versions.at(-1)?.blocks)).toContain("*120*");
  });

  test("says nothing before there is a diagnosis", async () => {
    await store.updateIncident(id, ({ diagnosis: _left, ...incident }) => incident);
    await announceWith()(id);
    expect(posted()).toHaveLength(0);
  });

  test("a crash between the post and its record does not post twice", async () => {
    const crash = async () => {
      throw new Error("killed");
    };
    await expect(announceWith({ rememberMessage: crash })(id)).rejects.toThrow("killed");
    await announceWith()(id);
    expect(headlines()).toHaveLength(1);
  });

  test("a crash between the claim and the post loses no headline", async () => {
    const crash = async () => {
      throw new Error("killed");
    };
    await expect(announceWith({ postHeadline: crash })(id)).rejects.toThrow("killed");
    await announceWith()(id);
    expect(headlines()).toHaveLength(1);
  });

  test("an act is told once in the thread", async () => {
    const done = aStep({ state: "done", by: "U0NINA", at: NOON, outcome: "maxReplicas is 96 now, it was 4,000." });
    await store.updateIncident(id, (incident) => ({ ...incident, plan: [done] }));
    const announce = announceWith();
    await announce(id);
    await announce(id);
    const replies = posted().filter(
      (message) => message.threadTs && JSON.stringify(message.versions[0]).includes("maxReplicas is 96"),
    );
    expect(replies.map((message) => message.versions[0]?.text)).toEqual([expect.stringContaining("<@U0NINA>")]);
  });
});
