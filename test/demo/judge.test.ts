import { describe, expect, it } from "vitest";
import { judge } from "#sim/demo/judge.ts";
import { measure, type Seen } from "#sim/demo/report.ts";
import { tellStory } from "#sim/scenarios/catalog.ts";
import type { Story } from "#sim/scenarios/story.ts";
import type { Message, Version } from "#sim/slack/types.ts";
import { aSample } from "./builders.ts";

const minuteMs = 60_000;
const culprit = tellStory("runaway-commit", 2);
const surge = tellStory("traffic-surge", 2);
const sha = culprit.truth.kind === "culprit" ? culprit.truth.sha : "";
const badImage = culprit.events.flatMap((event) => (event.kind === "rollout" && event.sha === sha ? [event.image] : []))[0]!;
const goodImage = culprit.past.findLast(({ workload }) => workload === culprit.service.name)!.image;

const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } });
const state = (word: string) => ({
  type: "context",
  elements: [{ type: "mrkdwn", text: `:large_green_circle: *${word}* at 01:40` }],
});
const suspect = (percent: number, of: string, rank = 1) =>
  section(`*${rank}. ${percent} %* <https://github.com/acme/monorepo/commit/${of}|abc1234> feat`);

function aHeadline(story: Story, at: number, ...versions: object[][]): Message {
  const metadata = { event_type: "k8s_why", event_payload: { incident: "i", part: "headline" } };
  const toVersion = (blocks: object[]): Version => ({
    wallAt: 0,
    clockAt: story.startsAt + at * minuteMs,
    text: "",
    blocks: blocks as Version["blocks"],
    attachments: [],
    metadata,
  });
  return { channel: "C1", ts: String(at), user: "U1", reactions: [], versions: versions.map(toVersion) };
}

/** Calm until the trouble, 70 replicas until minute 22, then usual on the good image. */
function samplesOf(story: Story) {
  const samples = [];
  for (let at = 0; at < 60; at += 0.25) {
    const high = at >= story.truth.from + 5 && at < 22;
    samples.push(
      aSample({
        at: story.startsAt + at * minuteMs,
        desired: high ? 70 : 30,
        nodes: high ? 13 : 10,
        image: at >= story.truth.from && at < 20 ? badImage : goodImage,
        cpuCores: at >= story.truth.from && at < 20 ? 8 : 3.6,
      }),
    );
  }
  return samples;
}

function aSeen(over: Partial<Seen> = {}): Seen {
  const open = [state("Open"), suspect(62, sha)];
  return {
    story: culprit,
    observer: {
      samples: samplesOf(culprit),
      writes: [
        { at: 0, kind: "ceiling", what: "4000 -> 70" },
        { at: 0, kind: "template", what: badImage },
        { at: 0, kind: "template", what: goodImage },
      ],
    },
    messages: [aHeadline(culprit, culprit.truth.from + 5.5, open, [state("Settled"), suspect(62, sha)])],
    atRollback: { suspects: [{ rank: 1, percent: 62, sha, text: "" }], saysNoSuspect: false, state: "Open", steps: [] },
    ...over,
  };
}

const verdict = (seen: Seen, minutes = true) => judge(measure(seen), seen, { minutes });

describe("a story with a culprit", () => {
  it("is right when it was found early, told once, rightly, and settled", () => {
    expect(verdict(aSeen())).toBeUndefined();
    expect(measure(aSeen())).toMatchObject({
      replicasUsual: 30,
      replicasAtDetection: 70,
      nodesAtDetection: 13,
      detectedAfterMinutes: 5.5,
      culpritRank: 1,
      culpritProbability: 0.62,
      headlines: 1,
      slackMessages: 1,
    });
  });

  it.each<[string, Partial<Seen>]>([
    ["the incident was not found", { messages: [] }],
    ["told 2 times", { messages: [...aSeen().messages, aHeadline(culprit, 30, [state("Open")])] }],
    ["the culprit was number 2", { atRollback: { ...aSeen().atRollback!, suspects: [{ rank: 2, percent: 20, sha, text: "" }] } }],
    ["was not named", { atRollback: undefined }],
    ["does not say that it is settled", { messages: [aHeadline(culprit, 15, [state("Open"), suspect(62, sha)])] }],
    [
      "did not settle",
      {
        observer: { ...aSeen().observer, samples: samplesOf(culprit).filter(({ at }) => at < culprit.startsAt + 24 * minuteMs) },
      },
    ],
    [
      "patched 2 times",
      { observer: { ...aSeen().observer, writes: [...aSeen().observer.writes, { at: 1, kind: "template", what: goodImage }] } },
    ],
    [
      "lowered 2 times",
      { observer: { ...aSeen().observer, writes: [...aSeen().observer.writes, { at: 1, kind: "ceiling", what: "70 -> 60" }] } },
    ],
  ])("fails when %s", (reason, over) => {
    expect(verdict(aSeen(over))).toContain(reason);
  });

  it("counts minutes only when the program was not killed", () => {
    const late = aSeen({ messages: [aHeadline(culprit, culprit.truth.from - 5, [state("Open")], [state("Settled")])] });

    expect(verdict(late)).toContain("mitigated after");
    expect(verdict(late, false)).toBeUndefined();
  });
});

describe("a story without a culprit", () => {
  const none = section("*No suspect* None of the 12 changes looked at stands out.");
  const right = aSeen({
    story: surge,
    observer: { samples: samplesOf(surge).map((sample) => ({ ...sample, image: goodImage })), writes: [] },
    messages: [aHeadline(surge, surge.truth.from + 5.5, [state("Open"), none], [state("Settled"), none])],
    atRollback: undefined,
  });

  it("is right when no change was ever named", () => {
    expect(verdict(right)).toBeUndefined();
  });

  it("fails when one was named in any version, or something was rolled back", () => {
    const named = [aHeadline(surge, 18, [state("Open"), suspect(51, sha)], [state("Settled"), none])];

    expect(verdict({ ...right, messages: named })).toContain("a suspect was named where there is none");
    expect(
      verdict({ ...right, observer: { ...right.observer, writes: [{ at: 0, kind: "template", what: "app:older" }] } }),
    ).toContain("rolled back without a culprit");
  });
});
