import { ADA, CHANNEL, NINA, type Stage, startStage } from "./bot-app.ts";
import { startTellStage } from "./tell-stage.ts";
import { NOON, aDiagnosis, aLanding, aSpike, aStep, aSuspect, anIncident } from "#test/builders.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { textsOf } from "./safe.ts";

let stage: Stage;
beforeEach(async () => void (stage = await startTellStage({ settings: { onCall: [{ kind: "slack", id: "S0OPS" }] } })));
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

/** Where a part stands, once nothing waits. */
const tsOf = async (part: string) => {
  await stage.quiet();
  return (await stage.store.findMessage(incident.id, part))?.ts ?? "";
};

describe("headline", () => {
  test("is posted once with metadata, and calls on-call and the author", async () => {
    const ref = await stage.tell(incident);

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
    const ref = await stage.tell({ ...incident, spike: aSpike({ trouble: "autoscaler-ill" }) });
    expect(shown(ref.ts)).not.toContain("<!subteam^S0OPS>");

    const reply = { text: "And now also: 75 replicas", mention: [], callsOnCall: true };
    await stage.bot.slack.sayReply(incident, "joined/runaway/1", reply);
    expect(shown(await tsOf("joined/runaway/1"))).toContain("<!subteam^S0OPS>");
  });

  test("is edited in place, and still names those whom it called", async () => {
    const ref = await stage.tell(incident);
    await stage.tell({ ...incident, status: "mitigated", mitigatedAt: NOON });

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
    const ref = await stage.tell(stranger);
    await stage.tell({ ...stranger, id: "another" });

    expect(shown(ref.ts)).toContain("Eve · landed");
    expect(shown(ref.ts)).not.toContain("<@");
    expect(stage.slack.requests.filter(({ method }) => method === "users.lookupByEmail")).toHaveLength(1);
  });

  test("does not wait for an author whom Slack cannot look up now", async () => {
    stage.slack.inject({ kind: "server-error", method: "users.lookupByEmail", afterEffect: false });
    const ref = await stage.tell(incident);
    expect(shown(ref.ts)).toContain("Ada Lovelace · landed");
  });
});

test("timeline and replies stand in the thread", async () => {
  const headline = await stage.tell(incident);
  await stage.bot.slack.sayTimeline(incident);
  await stage.bot.slack.sayTimeline({ ...incident, timeline: [{ id: "1", at: NOON, kind: "act", text: "Capped <!channel>" }] });
  await stage.bot.slack.sayReply(incident, "act/cap", { text: "Capped at 96.", mention: [NINA.id] });
  const timeline = await tsOf("timeline");
  const reply = await tsOf("act/cap");

  const thread = stage.slack.messages(CHANNEL).filter(({ threadTs }) => threadTs === headline.ts && threadTs !== undefined);
  expect(thread.map(({ ts }) => ts)).toEqual([timeline, reply]);
  expect(shown(timeline)).toContain(":hand: Capped &lt;!channel&gt;");
  expect(shown(reply)).toBe(`<@${NINA.id}> Capped at 96.`);
});

test("ready says what is wrong with the token", async () => {
  expect(await stage.bot.ready()).toBeUndefined();
  await using other = await startStage({ token: "xoxb-wrong" });
  expect(await other.bot.ready()).toMatch(/^Cannot sign in to Slack: Slack answered "invalid_auth"/);
});
