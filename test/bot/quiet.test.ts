import { CHANNEL, NINA, type Stage, startStage } from "./bot-app.ts";
import { HOUR, MINUTE, NOON } from "#test/builders.ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { QuietPort } from "#domain/ports/quiet.ts";
import { parseQuiet } from "#bot/quiet-text.ts";
import { parseSilence } from "#bot/silence-text.ts";

const day = new Date(NOON).toISOString().slice(0, 10);
const next = new Date(NOON + 24 * HOUR).toISOString().slice(0, 10);

describe("what a person typed after silence", () => {
  it.each([
    ["shop/web for 2h a load test", NOON + 2 * HOUR, "a load test"],
    ["shop/web for 45 minutes a load test", NOON + 45 * MINUTE, "a load test"],
    ["shop/* until 18:00 we move the database", Date.parse(`${day}T17:00Z`), "we move the database"],
    ["shop/* until tomorrow 9:30 planned", Date.parse(`${next}T08:30Z`), "planned"],
    [`shop/* until ${next}T18:00:00Z 3 more tests`, Date.parse(`${next}T18:00Z`), "3 more tests"],
  ])("%s", (text, until, reason) =>
    expect(parseSilence(text, NOON, "Europe/Berlin")).toEqual({
      workload: text.split(" ", 1)[0],
      what: { kind: "until", until, reason },
    }),
  );

  it("off", () => expect(parseSilence("shop/web off", NOON, "UTC")).toEqual({ workload: "shop/web", what: { kind: "off" } }));

  it.each([
    ["shop/web", /An end and a reason are needed/],
    ["shop/web for ever", /I cannot read until when/],
    ["shop/web for 2h", /Say why/],
    ["shop/web until 18:00", /Say why/],
    ["", /Say it like this/],
  ])("%s: a sentence", (text, problem) =>
    expect(parseSilence(text, NOON, "UTC")).toEqual({ problem: expect.stringMatching(problem) as string }),
  );
});

describe("what a person typed after quiet", () => {
  const every = [0, 1, 2, 3, 4, 5, 6];
  it.each([
    ["22:00-7:00", { from: 1_320, to: 420 }],
    ["22-7", { from: 1_320, to: 420 }],
    ["8:30 to 24:00", { from: 510, to: 0 }],
  ])("%s", (text, hours) =>
    expect(parseQuiet(text, "Europe/Berlin")).toEqual({ quiet: { ...hours, timeZone: "Europe/Berlin", days: every } }),
  );
  it("off, nothing, and what cannot be read", () => {
    expect(parseQuiet("off", "UTC")).toEqual({ quiet: "off" });
    expect(parseQuiet("", "UTC")).toEqual({ show: true });
    for (const text of ["25-7", "7:00-7:00", "at night", "22:00"]) expect(parseQuiet(text, "UTC")).toHaveProperty("problem");
  });
});

describe("in Slack", () => {
  let stage: Stage;
  beforeEach(async () => void (stage = await startStage()));
  afterEach(() => stage[Symbol.asyncDispose]());

  async function say(text: string) {
    await stage.slack.slashCommand({ user: NINA.id, command: "/k8s-why", text, channel: CHANNEL });
    await vi.waitFor(() => expect(stage.slack.messages(CHANNEL)).toHaveLength(1));
    const [message] = stage.slack.messages(CHANNEL);
    return { text: message?.versions[0]?.text, ephemeralFor: message?.ephemeralFor };
  }

  it("a silence is read in the person's own time, and all see who wants it, until when and why", async () => {
    const silence = { pattern: "prod/shop/web", from: NOON, until: NOON + 5 * HOUR, by: NINA.id, reason: "<!here> a load test" };
    const asked = vi.fn<QuietPort["silence"]>(async () => ({ kind: "set", silence, workloads: 1 }));
    stage.workflow.silence = asked;
    const { text, ephemeralFor } = await say("silence web until 18:00 <!here> a load test");
    // 18:00 in Berlin is 17:00 UTC.
    const what = { kind: "until", until: NOON + 5 * HOUR, reason: "<!here> a load test" };
    expect(asked.mock.calls).toEqual([[{ workload: "web", what, user: NINA.id }]]);
    expect(text).toMatch(/^:mute: `prod\/shop\/web` is silent until <!date\^[^>]*>, says <@U0NINA>: &lt;!here&gt; a load test\./);
    expect(ephemeralFor).toBeUndefined();
  });

  it("a no is for the asker alone", async () => {
    stage.workflow.silence = async () => ({ kind: "refused", text: "Only people whom a rule allows something may do that." });
    expect(await say("silence web off")).toMatchObject({ ephemeralFor: NINA.id, text: expect.stringContaining("Only people") as string }); // prettier-ignore
  });

  it("somebody follows a workload, and reads alone that they do", async () => {
    stage.workflow.subscribe = async ({ workload, user }) => ({
      kind: "follows",
      pattern: `${workload} of ${user}`,
      workloads: 3,
    });
    const { text, ephemeralFor } = await say("subscribe shop/*");
    expect(text).toContain(`I write to you when an incident of \`shop/∗ of ${NINA.id}\` opens`);
    expect(ephemeralFor).toBe(NINA.id);
  });

  it("quiet hours are kept in the person's own time zone", async () => {
    const kept = vi.fn<QuietPort["keepQuiet"]>(async () => {});
    stage.workflow.keepQuiet = kept;
    const { text } = await say("quiet 22:00-7:00");
    expect(kept.mock.calls[0]?.[1]).toMatchObject({ from: 1_320, to: 420, timeZone: "Europe/Berlin" });
    expect(text).toContain("wait from 22:00 to 7:00 (Europe/Berlin)");
  });
});
