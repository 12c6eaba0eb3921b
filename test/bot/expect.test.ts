import { CHANNEL, NINA, type Stage, startStage } from "./bot-app.ts";
import { HOUR, MINUTE, NOON, shopWebKey } from "#test/builders.ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parseExpect } from "#bot/expect-text.ts";

const iso = (text: string) => ({ kind: "until" as const, until: Date.parse(text) });
// NOON is a Thursday; Berlin is an hour ahead of Greenwich then.
const day = new Date(NOON).toISOString().slice(0, 10);
const next = new Date(NOON + 24 * HOUR).toISOString().slice(0, 10);

describe("what a person typed", () => {
  it.each([
    ["shop/web x3 until 18:00", { ...iso(`${day}T17:00Z`), times: 3 }],
    ["shop/web until tomorrow 9:30", iso(`${next}T08:30Z`)],
    ["shop/web until 9:00", iso(`${next}T08:00Z`)],
    ["shop/web ×2.5 for 2h", { kind: "until", until: NOON + 2 * HOUR, times: 2.5 }],
    ["shop/web for 45 minutes", { kind: "until", until: NOON + 45 * MINUTE }],
    [`shop/web until ${next}T18:00:00Z`, iso(`${next}T18:00Z`)],
    ["shop/web off", { kind: "off" }],
  ])("%s", (text, what) => expect(parseExpect(text, NOON, "Europe/Berlin")).toEqual({ workload: "shop/web", what }));

  it("a time of day after the clocks were changed", () => {
    const october = Date.parse("2026-10-24T12:00Z");
    const said = parseExpect("shop/web until tomorrow 18:00", october, "Europe/Berlin");
    expect(said).toMatchObject({ what: iso("2026-10-25T17:00Z") });
    expect(parseExpect("shop/web until 18:00", october, "Nowhere/Land")).toMatchObject({ what: iso("2026-10-24T18:00Z") });
  });

  it.each(["", "shop/web", "shop/web x3", "shop/web until", "shop/web until the cows come home"])(
    "%s: a sentence with examples",
    (text) => expect(parseExpect(text, NOON, "UTC")).toEqual({ problem: expect.stringMatching(/18:00/) as string }),
  );
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

  it("an expectation is recorded in the person's own time, and all see who said it", async () => {
    const expectation = { workload: shopWebKey, times: 3, at: NOON, until: NOON + 5 * HOUR, by: NINA.id };
    stage.workflow.expectAnswer = { kind: "set", expectation, usual: 30 };
    const { text, ephemeralFor } = await say("expect web x3 until 18:00");
    expect(stage.workflow.expected).toEqual([
      { workload: "web", what: { kind: "until", until: NOON + 5 * HOUR, times: 3 }, user: NINA.id },
    ]);
    expect(text).toMatch(/^<@U0NINA> expects up to 3 times the usual until <!date\^/);
    expect(text).toContain("(usually 30, so up to about 90)");
    expect(ephemeralFor).toBeUndefined();
  });

  it("an unknown workload and an unclear time are for the asker alone", async () => {
    expect(await say("expect wbe until 18:00")).toMatchObject({
      text: "No workload called `wbe` is watched. `/k8s-why help` lists what I can be asked.",
      ephemeralFor: NINA.id,
    });
  });
});
