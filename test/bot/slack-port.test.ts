import { ADA, CHANNEL, NINA, type Stage, startStage } from "./bot-app.ts";
import { NOON, aDiagnosis, aLanding, aSpike, aStep, aSuspect, anIncident } from "#test/builders.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TemporaryError } from "#lib/errors.ts";
import { textsOf } from "./safe.ts";

let stage: Stage;
beforeEach(async () => void (stage = await startStage({ onCall: ["S0OPS"] })));
afterEach(() => stage[Symbol.asyncDispose]());

const incident = anIncident({
  diagnosis: aDiagnosis({
    suspects: [
      aSuspect({ subject: { kind: "landing", landing: aLanding({ author: { name: "Ada Lovelace", email: ADA.email } }) } }),
    ],
  }),
  plan: [aStep()],
});
const shown = (ts: string) =>
  textsOf(
    stage.slack
      .messages(CHANNEL)
      .find((message) => message.ts === ts)
      ?.versions.at(-1)?.blocks,
  ).join("\n");

describe("headline", () => {
  test("is posted once with metadata, and calls on-call and the author", async () => {
    const ref = await stage.bot.slack.postHeadline(incident, NOON);

    const [message] = stage.slack.messages(CHANNEL);
    expect(ref).toEqual({ channel: CHANNEL, ts: message?.ts });
    expect(message?.versions[0]?.metadata).toEqual({
      event_type: "k8s_why",
      event_payload: { incident: incident.id, part: "headline" },
    });
    expect(shown(ref.ts)).toContain("<!subteam^S0OPS>");
    expect(shown(ref.ts)).toContain(`<@${ADA.id}>`);
  });

  test("of an autoscaler that is ill calls nobody: it can wait for the morning", async () => {
    const ref = await stage.bot.slack.postHeadline({ ...incident, spike: aSpike({ trouble: "autoscaler-ill" }) }, NOON);
    expect(shown(ref.ts)).not.toContain("<!subteam^S0OPS>");

    const reply = { text: "And now also: 75 replicas", mention: [], callsOnCall: true };
    const said = await stage.bot.slack.postReply(ref, incident, "joined/runaway/1", reply);
    expect(shown(said.ts)).toContain("<!subteam^S0OPS>");
  });

  test("is edited in place, and still names those whom it called", async () => {
    const ref = await stage.bot.slack.postHeadline(incident, NOON);
    await stage.bot.slack.updateHeadline(ref, { ...incident, status: "mitigated", mitigatedAt: NOON }, NOON);

    expect(stage.slack.messages(CHANNEL)).toHaveLength(1);
    expect(shown(ref.ts)).toContain(":large_orange_circle: *Mitigated*");
    expect(shown(ref.ts)).toContain("<!subteam^S0OPS>");
    expect(shown(ref.ts)).toContain(`<@${ADA.id}>`);
  });

  test("names an author plainly whom Slack does not know, and asks once", async () => {
    const stranger = anIncident({
      diagnosis: aDiagnosis({
        suspects: [
          aSuspect({
            subject: { kind: "landing", landing: aLanding({ author: { name: "Eve", email: "eve@elsewhere.example" } }) },
          }),
        ],
      }),
    });
    const ref = await stage.bot.slack.postHeadline(stranger, NOON);
    await stage.bot.slack.postHeadline({ ...stranger, id: "another" }, NOON);

    expect(shown(ref.ts)).toContain("Eve · landed");
    expect(shown(ref.ts)).not.toContain("<@");
    expect(stage.slack.requests.filter(({ method }) => method === "users.lookupByEmail")).toHaveLength(1);
  });

  test("does not wait for an author whom Slack cannot look up now", async () => {
    stage.slack.inject({ kind: "server-error", method: "users.lookupByEmail", afterEffect: false });
    const ref = await stage.bot.slack.postHeadline(incident, NOON);
    expect(shown(ref.ts)).toContain("Ada Lovelace · landed");
  });
});

test("timeline and replies stand in the thread", async () => {
  const headline = await stage.bot.slack.postHeadline(incident, NOON);
  const timeline = await stage.bot.slack.postTimeline(headline, incident, NOON);
  await stage.bot.slack.updateTimeline(
    timeline,
    { ...incident, timeline: [{ id: "1", at: NOON, kind: "act", text: "Capped <!channel>" }] },
    NOON,
  );
  const reply = await stage.bot.slack.postReply(headline, incident, "act/cap", { text: "Capped at 96.", mention: [NINA.id] });

  const thread = stage.slack.messages(CHANNEL).filter(({ threadTs }) => threadTs === headline.ts && threadTs !== undefined);
  expect(thread.map(({ ts }) => ts)).toEqual(expect.arrayContaining([timeline.ts, reply.ts]));
  expect(shown(timeline.ts)).toContain(":hand: Capped &lt;!channel&gt;");
  expect(shown(reply.ts)).toBe(`<@${NINA.id}> Capped at 96.`);
});

describe("reading back", () => {
  test("finds ours by metadata, in the channel and in a thread", async () => {
    const headline = await stage.bot.slack.postHeadline(incident, NOON);
    const timeline = await stage.bot.slack.postTimeline(headline, incident, NOON);
    expect(await stage.bot.slack.findPosted(incident.id, "headline")).toEqual(headline);
    expect(await stage.bot.slack.findPosted(incident.id, "timeline", headline)).toEqual(timeline);
    expect(await stage.bot.slack.findPosted("another", "headline")).toBeUndefined();
  });

  test("is undefined where the channel may not be read", async () => {
    stage.slack.inject({ kind: "refusal", method: "conversations.history", error: "missing_scope" });
    expect(await stage.bot.slack.findPosted(incident.id, "headline")).toBeUndefined();
  });
});

describe("Slack says later", () => {
  test("429: a TemporaryError that says when, at once, and the channel waits", async () => {
    stage.slack.inject({ kind: "rate-limit", method: "chat.postMessage", retryAfterSeconds: 30, times: 1 });
    const first = await stage.bot.slack.postHeadline(incident, NOON).catch((error: unknown) => error);
    const second = await stage.bot.slack.postHeadline(incident, NOON).catch((error: unknown) => error);

    expect(first).toBeInstanceOf(TemporaryError);
    expect(first).toMatchObject({ retryAfterMs: 30_000 });
    expect(second).toBeInstanceOf(TemporaryError);
    expect(stage.slack.requests.filter(({ method }) => method === "chat.postMessage")).toHaveLength(1);
  });

  test.each([
    ["5xx", { kind: "server-error", afterEffect: false }],
    ["a broken connection", { kind: "hang-up", afterEffect: false }],
    ["ratelimited", { kind: "refusal", error: "ratelimited" }],
  ] as const)("%s: a TemporaryError, sent once", async (_name, fault) => {
    stage.slack.inject({ ...fault, method: "chat.postMessage" });
    await expect(stage.bot.slack.postHeadline(incident, NOON)).rejects.toBeInstanceOf(TemporaryError);
    expect(stage.slack.requests.filter(({ method }) => method === "chat.postMessage").length).toBeLessThanOrEqual(1);
  });

  test("a refusal is a sentence", async () => {
    stage.slack.inject({ kind: "refusal", method: "chat.postMessage", error: "not_in_channel" });
    await expect(stage.bot.slack.postHeadline(incident, NOON)).rejects.toThrow(
      `Cannot post to Slack channel "${CHANNEL}": Slack answered "not_in_channel"; invite the app to the channel`,
    );
  });

  test("a refused card arrives as its text", async () => {
    stage.slack.inject({ kind: "refusal", method: "chat.postMessage", error: "invalid_blocks", times: 1 });
    await stage.bot.slack.postHeadline(incident, NOON);
    expect(stage.slack.messages(CHANNEL)[0]?.versions[0]?.text).toMatch(
      /^shop\/web runs 75 replicas, usually 30\. First suspect/,
    );
  });
});

test("ready says what is wrong with the token", async () => {
  expect(await stage.bot.ready()).toBeUndefined();
  await using other = await startStage({ token: "xoxb-wrong" });
  expect(await other.bot.ready()).toMatch(/^Cannot sign in to Slack: Slack answered "invalid_auth"/);
});
