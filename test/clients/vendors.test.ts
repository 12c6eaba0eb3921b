import nock from "nock";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createReport } from "#workflow/report.ts";
import { createBot } from "#bot/bot.ts";
import { createGitHubClient } from "#clients/github/client.ts";
import { createGitHubReader } from "#watchers/github/read.ts";
import { NOON, aSha } from "#test/builders.ts";
import { aLook, aWorkflow } from "#test/bot/bot-app.ts";
import { connectStore } from "#store/store.ts";
import { startRedis } from "#test/redis.ts";
import { silentLog } from "#lib/log.ts";

/** The local Slack and GitHub are named by configuration; without it the vendors themselves are asked. Nothing leaves the machine: nock answers. */
describe("without other addresses", () => {
  beforeEach(() => nock.disableNetConnect());
  afterEach(() => {
    nock.cleanAll();
    nock.enableNetConnect();
  });

  test("GitHub's own API is asked, with the token", async () => {
    const compare = nock("https://api.github.com", { reqheaders: { authorization: "token secret" } })
      .get(/^\/repos\/acme\/shop\/compare\//)
      .query(true)
      .reply(200, { status: "ahead", total_commits: 1, commits: [{ sha: aSha(2) }] });
    const client = createGitHubClient({ apiUrl: "https://api.github.com", token: "secret", log: silentLog });
    expect(await createGitHubReader(client).commitsBetween("acme/shop", aSha(1), aSha(2))).toEqual([aSha(2)]);
    expect(compare.isDone()).toBe(true);
  });

  test("Slack's own API is asked, with the bot's token", async () => {
    const auth = nock("https://slack.com", { reqheaders: { authorization: "Bearer xoxb-secret" } })
      .post("/api/auth.test")
      .reply(200, { ok: true, url: "https://acme.slack.com/", user_id: "U0BOT", bot_id: "B0BOT", team_id: "T0" });
    await using redis = await startRedis();
    await using store = connectStore({ url: redis.url, now: () => NOON, log: silentLog });
    const bot = await createBot({
      outbox: store,
      token: "xoxb-secret",
      signingSecret: "s",
      channel: "C0",
      press: () => aWorkflow(),
      look: () => aLook(aWorkflow()),
      report: (people) => createReport({ verbs: store, people, now: () => NOON }),
      home: () => ({ homeOf: async () => ({ may: [], watchers: [] }) }),
      now: () => NOON,
      log: silentLog,
    });
    expect(await bot.ready()).toBeUndefined();
    await bot.close();
    expect(auth.isDone()).toBe(true);
  });
});
