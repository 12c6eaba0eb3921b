import { describe, expect, it } from "vitest";
import { judge, judgeGuess } from "#sim/demo/judge.ts";
import { measure, type Seen } from "#sim/demo/report.ts";
import { tellStory } from "#sim/scenarios/catalog.ts";
import type { Story } from "#sim/scenarios/story.ts";
import type { Message, Version } from "#sim/slack/types.ts";
import { aSample, someSamples, start } from "./builders.ts";

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
const chart = { type: "data_visualization" };
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
    messages: [aHeadline(culprit, culprit.truth.from + 5.5, open, [state("Settled"), chart, suspect(62, sha)])],
    atRollback: {
      suspects: [{ rank: 1, percent: 62, sha, text: "" }],
      saysNoSuspect: false,
      state: "Open",
      course: [],
      steps: [],
    },
    ...over,
  };
}

const tooLate = aSample({ at: culprit.startsAt + culprit.truth.from * minuteMs + minuteMs, desired: 700 });
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
      course: "chart",
      slackMessages: 1,
    });
  });

  it.each<[string, Partial<Seen>]>([
    ["the incident was not found", { messages: [] }],
    ["told 2 times", { messages: [...aSeen().messages, aHeadline(culprit, 30, [state("Open")])] }],
    ["the culprit was number 2", { atRollback: { ...aSeen().atRollback!, suspects: [{ rank: 2, percent: 20, sha, text: "" }] } }],
    ["showed its course twice", { messages: [aHeadline(culprit, 15, [state("Settled"), chart, { type: "image" }])] }],
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
      "lowered 3 times",
      {
        observer: {
          ...aSeen().observer,
          writes: [
            ...aSeen().observer.writes,
            { at: 1, kind: "ceiling", what: "70 -> 60" },
            { at: 2, kind: "ceiling", what: "60 -> 50" },
          ],
        },
      },
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

describe("a story that was left before anybody acted", () => {
  const open = (over: Partial<Seen> = {}) =>
    aSeen({ messages: [aHeadline(culprit, culprit.truth.from + 5.5, [state("Open"), suspect(62, sha)])], ...over });
  const guess = (seen: Seen) => judgeGuess(measure(seen), seen);

  it("is right when the headline says who it was, early and once, settled or not", () => {
    expect(guess(open())).toBeUndefined();
    expect(verdict(open())).toContain("settled");
  });

  it.each<[string, Partial<Seen>]>([
    ["the incident was not found", { messages: [] }],
    ["told 2 times", { messages: [...open().messages, aHeadline(culprit, 30, [state("Open")])] }],
    ["the culprit was number 2", { atRollback: { ...aSeen().atRollback!, suspects: [{ rank: 2, percent: 20, sha, text: "" }] } }],
    [
      "detected at 700 replicas",
      { observer: { samples: [aSample({ at: culprit.startsAt, desired: 30 }), tooLate], writes: [] } },
    ],
  ])("fails when %s", (reason, over) => {
    expect(guess(open(over))).toContain(reason);
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

describe("a story in which a configuration is guilty", () => {
  const story = tellStory("priority-cascade", 2);
  if (story.truth.kind !== "config") throw new Error("no configuration");
  const { object, sha: landing, from } = story.truth;
  const named = (what: string) => section(`*1. 71 %* ${what}`);
  const edit = named(`PriorityClass ${object.name} was created by kubectl`);
  const calm = samplesOf(story).map((sample) => ({ ...sample, image: goodImage, cpuCores: sample.desired * 0.12 }));
  const told = (...blocks: object[]) => [aHeadline(story, from + 5, [state("Open"), ...blocks], [state("Settled"), ...blocks])];
  const right: Seen = { story, observer: { samples: calm, writes: [] }, messages: told(edit), atRollback: undefined };

  it("is right when the object is named first, or the landing that brought it", () => {
    expect(verdict(right)).toBeUndefined();
    expect(verdict({ ...right, messages: told(suspect(71, landing)) })).toBeUndefined();
  });

  it.each<[string, Partial<Seen>]>([
    ["the change of configuration was not named", { messages: told(suspect(71, sha)) }],
    ["the change of configuration was not named", { messages: told(named("ConfigMap settings was edited")) }],
    ["the change of configuration was number 2", { messages: told(suspect(60, sha), suspect(30, landing, 2)) }],
    ["rolled back without a culprit", { observer: { samples: calm, writes: [{ at: 0, kind: "template", what: "app:older" }] } }],
    ["it was not recovered", { observer: { samples: calm.map((sample) => ({ ...sample, complete: false })), writes: [] } }],
  ])("fails when %s", (reason, over) => {
    expect(verdict({ ...right, ...over })).toContain(reason);
  });
});

describe("a story at a low ceiling", () => {
  const story = tellStory("ceiling-hit", 2);
  if (story.truth.kind !== "culprit" || !story.truth.ceiling) throw new Error("no ceiling");
  const { ceiling, from, sha: guilty } = story.truth;
  const samples = (demand: number) =>
    someSamples(0, 60, (at) => {
      const high = at >= from + 3 && at < from + 14;
      const count = high ? { desired: ceiling, wanted: ceiling * demand } : { desired: 30, wanted: 30 };
      return { ...count, cpuCores: high ? 8 : 3.6, image: goodImage };
    }).map((sample) => ({ ...sample, at: sample.at - start + story.startsAt }));
  const seen = (toldAt: number, demand: number): Seen => {
    const suspected = suspect(62, guilty);
    const atRollback = {
      suspects: [{ rank: 1, percent: 62, sha: guilty, text: "" }],
      saysNoSuspect: false,
      course: [],
      steps: [],
    };
    const messages = [aHeadline(story, from + toldAt, [state("Open"), suspected], [state("Settled"), suspected])];
    return { story, observer: { samples: samples(demand), writes: [] }, messages, atRollback };
  };

  it("is told within five minutes of the ceiling, or while demand is no more than three times as high", () => {
    expect(verdict(seen(7, 3.3))).toBeUndefined();
    expect(verdict(seen(12, 2.8))).toBeUndefined();
    expect(verdict(seen(12, 3.3))).toContain("min after the ceiling was hit, with 3.3 times its demand");
  });
});

describe("an image of long ago", () => {
  it("that carries the bad code is no recovery", () => {
    const story = tellStory("slow-leak", 2);
    if (story.truth.kind !== "culprit") throw new Error("no culprit");
    const { from, sha: leak } = story.truth;
    const ofService = story.past.filter(({ workload }) => workload === story.service.name);
    const recoveredWith = (image: string) => {
      const samples = someSamples(0, 60, (at) => (at < from ? {} : { image })).map((sample) => ({
        ...sample,
        at: sample.at - start + story.startsAt,
      }));
      const messages = [aHeadline(story, from + 5, [state("Open"), suspect(62, leak)])];
      return measure({ story, observer: { samples, writes: [] }, messages, atRollback: undefined }).recoveredAfterMinutes;
    };

    expect(ofService.map(({ image }) => recoveredWith(image) !== null)).toEqual([true, true, false, false, false, false]);
  });
});
