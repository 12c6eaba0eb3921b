import { describe, expect, it } from "vitest";
import { renderHeadline } from "#bot/cards/headline.ts";
import { findHeadlines, readHeadline } from "#sim/demo/headline.ts";
import type { Message } from "#sim/slack/types.ts";
import { NOON, aDiagnosis, aLanding, aStep, aSuspect, anIncident } from "#test/builders.ts";

// The runner reads Slack only: these are the words that it relies on, as the real cards say them.
const first = aSuspect({ probability: 0.62 });
const second = aSuspect({
  probability: 0.2,
  subject: { kind: "landing", landing: aLanding({ message: "feat: *1. 99 %* <!channel>" }) },
});

function read(over: Parameters<typeof anIncident>[0]) {
  return readHeadline({
    blocks: renderHeadline(anIncident(over), NOON).blocks as unknown as Readonly<Record<string, unknown>>[],
  });
}

describe("what a person reads in a headline", () => {
  it("is who is suspected first, with percent and commit", () => {
    const { suspects } = read({ diagnosis: aDiagnosis({ suspects: [first, second] }) });
    const sha = (suspect: typeof first) => (suspect.subject.kind === "landing" ? suspect.subject.landing.sha : undefined);

    expect(suspects).toMatchObject([{ rank: 1, percent: 62, sha: sha(first) }]);
    expect(suspects).toHaveLength(1);
  });

  it("is that nobody is", () => {
    const headline = read({ diagnosis: aDiagnosis({ named: false, none: 0.9 }) });

    expect(headline).toMatchObject({ suspects: [], saysNoSuspect: true });
  });

  it.each([
    ["open", "Open"],
    ["mitigated", "Mitigated"],
    ["recovered", "Recovered"],
    ["settled", "Settled"],
  ] as const)("is the state %s", (status, word) => {
    expect(read({ status, diagnosis: aDiagnosis() }).state).toBe(word);
  });

  it("is which buttons may be pressed", () => {
    const plan = [
      aStep({ kind: "cap", id: "cap", state: "done" }),
      aStep({ kind: "rollback", id: "rollback" }),
      aStep({ kind: "drain", id: "drain", state: "waiting" }),
    ];

    expect(read({ plan }).steps.map(({ actionId }) => actionId)).toEqual(["step:rollback"]);
  });

  it("is about the service that its header names, and not about one that is called alike", () => {
    const about = (ts: string, text?: string): Message => {
      const blocks = text === undefined ? [] : [{ type: "header", text: { type: "plain_text", text } }];
      const metadata = { event_type: "k8s_why", event_payload: { incident: ts, part: "headline" } };
      const version = { wallAt: 0, clockAt: 0, text: "", blocks, attachments: [], metadata };
      return { channel: "C1", ts, user: "U1", reactions: [], versions: [version] };
    };
    const messages = [
      about("1", "shop/orders: 60 replicas, usually 30"),
      about("2", "shop/orders-db: 60 replicas, usually 30"),
      about("3", "No room for 40 pods"),
      about("4"),
    ];

    expect(findHeadlines(messages, { name: "orders" }).map(({ ts }) => ts)).toEqual(["1", "4"]);
    expect(findHeadlines(messages)).toHaveLength(4);
  });

  it("is found by its metadata, not among replies", () => {
    const aMessage = (ts: string, part: string): Message => ({
      channel: "C1",
      ts,
      user: "U1",
      reactions: [],
      versions: [
        {
          wallAt: 0,
          clockAt: 0,
          text: "",
          blocks: [],
          attachments: [],
          metadata: { event_type: "k8s_why", event_payload: { incident: "i", part } },
        },
      ],
    });

    expect(
      findHeadlines([aMessage("1", "timeline"), aMessage("2", "headline"), aMessage("3", "state")]).map(({ ts }) => ts),
    ).toEqual(["2"]);
  });
});
