import { CHANNEL, type Stage, startStage } from "#test/bot/bot-app.ts";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ChartChoice } from "#bot/cards/course.ts";
import { situations } from "#test/bot/picture/situations.ts";
import { keysUnder, defaultPrefix } from "#store/keys.ts";
import { uploadFile } from "#bot/upload-file.ts";
import { createCallSlack, webClientOptions } from "#bot/web-client.ts";
import { quiet } from "#test/slack/bolt-app.ts";
import { silentLog } from "#lib/log.ts";

// The headline's course: Slack's own chart where the workspace takes it, else the picture.

let stage: Stage;
const start = async (chart?: ChartChoice) => void (stage = await startStage({ chart }));
beforeEach(() => start());
afterEach(() => stage[Symbol.asyncDispose]());

const { incident, samples } = situations.told();
const key = keysUnder(defaultPrefix).outbox.refusedChart;
const drawn = async () => {
  const call = createCallSlack("xoxb-local", webClientOptions({ apiUrl: stage.slack.apiUrl, logger: quiet }));
  const fileId = await uploadFile(call, { what: "a picture", fileName: "a.png", title: "A", bytes: new Uint8Array([1]) });
  return { fileId, alt: "Timeline in words", drawnAt: incident.now.at };
};
const headlines = () => stage.slack.messages(CHANNEL);
const course = () =>
  (headlines().at(-1)?.versions.at(-1)?.blocks ?? [])
    .map(({ type }) => type)
    .filter((type) => type === "image" || type === "data_visualization");
const calls = (method: string) => stage.slack.requests.filter((request) => request.method === method).map(({ error }) => error);
const withRedis = async <T>(run: (redis: Redis) => Promise<T>): Promise<T> => {
  const redis = new Redis(stage.redis.url.replace(/^unix:\/\//, ""));
  return run(redis).finally(() => redis.disconnect());
};

describe("where the workspace takes Slack's own chart", () => {
  test("it stands in the very first message, before any picture is drawn, and in words", async () => {
    await stage.tell(incident, samples);
    expect(course()).toEqual(["data_visualization"]);
    expect(headlines()[0]?.versions[0]?.text).toContain("Replicas from 11:17 to 12:01 UTC: usual 30");
    expect(calls("chat.postMessage")).toEqual([undefined]);
  });

  test("it stays when the picture comes: never both", async () => {
    await stage.tell(incident, samples);
    await stage.tell({ ...incident, picture: await drawn() }, samples);
    await stage.tell({ ...incident, picture: await drawn(), status: "settled", settledAt: incident.now.at }, samples);
    expect(course()).toEqual(["data_visualization"]);
  });

  test("the picture stands there until enough is known of the course", async () => {
    await stage.tell({ ...incident, picture: await drawn() }, samples.slice(0, 1));
    expect(course()).toEqual(["image"]);
  });
});

describe("where the workspace takes none", () => {
  beforeEach(() => stage.slack.takeCharts(false));

  test("the headline is posted once, in the same turn, and shows the picture as soon as it is there", async () => {
    await stage.tell(incident, samples);
    expect(course()).toEqual([]);
    expect(calls("chat.postMessage")).toEqual(["invalid_blocks", undefined]);
    await stage.tell({ ...incident, picture: await drawn() }, samples);
    expect(course()).toEqual(["image"]);
    expect(headlines()).toHaveLength(1);
    expect(calls("chat.update")).toEqual([undefined]);
  });

  test("a picture that is there takes the chart's place at once", async () => {
    const where = await stage.tell(incident, samples.slice(0, 1));
    await stage.tell({ ...incident, picture: await drawn() }, samples);
    expect(calls("chat.update")).toEqual(["invalid_blocks", undefined]);
    const types = headlines()
      .find(({ ts }) => ts === where.ts)
      ?.versions.at(-1)
      ?.blocks.map(({ type }) => type);
    const wanted = ["header", "context", "section"];
    expect(types?.filter((type) => type === "image")).toHaveLength(1);
    expect(types).toEqual(expect.arrayContaining(wanted));
  });

  test("that is remembered for about a day, for all messages, and then the chart is tried again", async () => {
    await stage.tell(incident, samples);
    await stage.tell({ ...incident, id: "another" }, samples);
    expect(calls("chat.postMessage")).toEqual(["invalid_blocks", undefined, undefined]);
    const left = await withRedis((redis) => redis.pttl(key));
    expect(left).toBeGreaterThan(23 * 3_600_000);
    expect(left).toBeLessThanOrEqual(24 * 3_600_000);

    // The day has passed, and the workspace has learnt it.
    await withRedis((redis) => redis.del(key));
    stage.slack.takeCharts(true);
    await stage.tell({ ...incident, id: "another", picture: await drawn() }, samples);
    expect(course()).toEqual(["data_visualization"]);
  });

  test("with the choice `block` nothing stands in its place", async () => {
    await stage[Symbol.asyncDispose]();
    await start("block");
    stage.slack.takeCharts(false);
    await stage.tell({ ...incident, picture: await drawn() }, samples);
    expect(course()).toEqual([]);
  });

  test("with the choice `picture` no chart is tried", async () => {
    await stage[Symbol.asyncDispose]();
    await start("picture");
    await stage.tell({ ...incident, picture: await drawn() }, samples);
    expect(course()).toEqual(["image"]);
    expect(calls("chat.postMessage")).toEqual([undefined]);
  });
});

describe("what is refused for another reason", () => {
  const refuse = (error: string, times: number) =>
    stage.slack.inject({ kind: "refusal", method: "chat.postMessage", error, times });

  test.each([
    ["all that has blocks is refused", "invalid_blocks", 2],
    ["it is too long with the chart", "msg_blocks_too_long", 1],
  ])("is not taken for a workspace without charts: %s", async (_name, error, times) => {
    await stage[Symbol.asyncDispose]();
    stage = await startStage({ log: silentLog });
    refuse(error, times);
    await stage.tell(incident, samples);
    expect(headlines()).toHaveLength(1);
    expect(await stage.store.areChartsRefused()).toBe(false);
  });

  test("a Redis that cannot take the note loses no headline and doubles none", async () => {
    await stage[Symbol.asyncDispose]();
    const broken = async () => {
      throw new Error("Redis is away");
    };
    stage = await startStage((store) => ({
      outbox: { ...store, areChartsRefused: broken, rememberRefusedChart: broken },
    }), { scopes: ["chat:write"] }); // prettier-ignore
    stage.slack.takeCharts(false);
    await stage.tell(incident, samples);
    await vi.waitFor(() => expect(headlines()).toHaveLength(1));
    expect(calls("chat.postMessage")).toEqual(["invalid_blocks", undefined]);
  });
});
